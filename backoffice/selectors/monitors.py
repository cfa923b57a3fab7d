"""What runs late, waits or failed, across the installation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Min, Model, Q, QuerySet
from django.utils import timezone

from app.audit.models import AuditEntry
from app.billing.constants import NoticeState, OrderState
from app.billing.models import BillingOrder, ChangeNotice
from app.billing.stripe_mirror import EventCounts, count_events
from app.dataio.constants import ExportState
from app.dataio.models import CustomerExport
from app.notify.constants import EmailState
from app.notify.models import PlatformEmail, WorkshopEmail
from app.tenancy.scope import platform_scope
from status.health import Part, check_all
from status.selectors.jobs import JobState, list_jobs

from .workshops import OWED

FAILED = (EmailState.FAILED, EmailState.BOUNCED)
#: Acts on people's data, in the words of the trail.
PRIVACY = ("customer.data_exported", "customer.erased", "customer.deleted")
PERIOD = timedelta(days=30)
MOST = 50


@dataclass(frozen=True)
class Outbox:
    """How one kind of work to do outside the database stands."""

    name: str
    waiting: int
    failed: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class Monitors:
    """Everything that the publisher watches."""

    parts: dict[str, Part]
    jobs: list[JobState]
    outboxes: list[Outbox]
    events: EventCounts
    workshop_mails: list[WorkshopEmail]
    platform_mails: list[PlatformEmail]
    failing: list[tuple[str, int]]
    exports: list[CustomerExport]
    privacy: list[AuditEntry]


@dataclass(frozen=True)
class Tracking:
    """How errors are told: to which host of the error tracker ("" when none), and from how many a minute by mail."""

    host: str
    release: str
    per_minute: int


def get_tracking() -> Tracking:
    """What is configured; the key of the address stays where it is."""
    return Tracking(urlsplit(settings.SENTRY_DSN).hostname or "", settings.RELEASE, settings.ERRORS_PER_MINUTE)


def get_monitors(now: datetime | None = None) -> Monitors:
    """Read across every workshop in a fixed number of statements; at most fifty lines of each."""
    now = now or timezone.now()
    parts, jobs, events = check_all(), list_jobs(), count_events()
    with platform_scope():
        failed = WorkshopEmail.objects.filter(state__in=FAILED)
        failing = failed.filter(created_at__gt=now - PERIOD).values_list("workshop__name").annotate(count=Count("pk"))
        return Monitors(
            parts=parts,
            jobs=sorted(jobs, key=lambda job: (not job.is_overdue, not job.last_error, job.task)),
            outboxes=list(_outboxes()),
            events=events,
            workshop_mails=list(failed.select_related("workshop").order_by("-pk")[:MOST]),
            platform_mails=list(PlatformEmail.objects.filter(state__in=FAILED).order_by("-pk")[:MOST]),
            failing=list(failing.order_by("-count")[:10]),
            exports=_waiting_exports(),
            privacy=_privacy(now - PERIOD),
        )


def _outboxes() -> Iterable[Outbox]:
    for name, rows in (("mails", WorkshopEmail.objects.all()), ("platform", PlatformEmail.objects.all())):
        yield _outbox(name, rows, waiting=Q(state__in=OWED), failed=Q(state__in=FAILED), clock="created_at")
    orders = BillingOrder.objects.filter(state=OrderState.WAITING)
    yield _outbox("orders", orders, waiting=Q(), failed=Q(attempts__gt=0), clock="created_at")
    notices = ChangeNotice.objects.exclude(state=NoticeState.DONE)
    waiting, failed = Q(state=NoticeState.WAITING), Q(state=NoticeState.FAILED)
    yield _outbox("notices", notices, waiting=waiting, failed=failed, clock="change__at")


def _outbox(name: str, rows: "QuerySet[Model]", *, waiting: Q, failed: Q, clock: str) -> Outbox:
    found = rows.aggregate(
        waiting=Count("pk", filter=waiting) if waiting else Count("pk"),
        failed=Count("pk", filter=failed),
        oldest_at=Min(clock, filter=waiting) if waiting else Min(clock),
    )
    return Outbox(name, **found)


def _waiting_exports() -> list[CustomerExport]:
    waiting = CustomerExport.objects.filter(state=ExportState.WAITING).select_related("workshop")
    return list(waiting.order_by("created_at")[:MOST])


def _privacy(since: datetime) -> list[AuditEntry]:
    acts = AuditEntry.objects.filter(action__in=PRIVACY, at__gt=since).select_related("workshop")
    return list(acts.order_by("-at", "-pk")[:MOST])
