"""The workshops, as the publisher looks for them and reads about each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateTimeField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from app.audit.models import AuditEntry
from app.billing.constants import OPEN_STATUSES, AccessState, OrderState
from app.billing.models import BillingOrder, SaasInvoice, SubscribedItem, Subscription, Trial, VatCheck
from app.billing.selectors import find_subscription, find_trial, list_invoices
from app.entitlements.constants import Dimension, Source
from app.entitlements.models import Allowance, Usage
from app.entitlements.quotas import EPOCH, Quota
from app.entitlements.selectors import list_quotas
from app.kernel.pagination import Page, keyset_page
from app.notify.constants import EmailState
from app.notify.models import WorkshopEmail
from app.tenancy.actor import Origin
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope, workshop_scope

from ..constants import NEAR_PERCENT, URGENT_PERCENT, SetUpStep
from ..models import SetUpItem

UNPAID = (AccessState.UNPAID, AccessState.LIMITED, AccessState.SUSPENDED)
SHOWN = 20
PAGE_SIZE = 50
#: States of a mail that is still owed.
OWED = (EmailState.QUEUED, EmailState.RETRYING, EmailState.SENDING, EmailState.HELD)


def find_member(workshop_pk: int, membership_pk: int) -> Membership | None:
    """A member of this workshop, with the person and the workshop; None when there is none."""
    with platform_scope():
        members = Membership.objects.select_related("user", "workshop").filter(workshop=workshop_pk, pk=membership_pk)
        return members.first()


def find_workshop(workshop_pk: int) -> Workshop | None:
    """A workshop by its key; None when there is none."""
    with platform_scope():
        return Workshop.objects.filter(pk=workshop_pk).first()


# --- The list ---------------------------------------------------------------------------------------------------------


def list_workshops(
    *,
    words: str = "",
    state: str = "",
    plan: int | None = None,
    country: str = "",
    storage: str = "",
    unpaid: bool = False,
) -> "QuerySet[Workshop]":
    """The workshops that match, with what the list shows of each; call it in the platform's scope."""
    rows = _with_storage(Workshop.objects.all())
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(slug__icontains=words) | Q(_owned_by(words)))
    if state:
        rows = rows.filter(Q(access_state=state) | (Q(access_state="") if state == AccessState.READ_ONLY else Q()))
    if plan:
        held = Subscription.objects.filter(workshop=OuterRef("pk"), plan=plan, status__in=OPEN_STATUSES)
        rows = rows.filter(Exists(held))
    if country:
        rows = rows.filter(country=country)
    if storage:
        rows = rows.filter(_near(URGENT_PERCENT if storage == "90" else NEAR_PERCENT))
    if unpaid:
        rows = rows.filter(access_state__in=UNPAID)
    return rows.annotate(plan_name=_plan_name(), monthly=_monthly(), last_activity_at=_last_activity())


def count_workshops() -> dict[str, int]:
    """How many there are by state, near their storage limit, and unpaid: one statement. In the platform's scope."""
    counts: dict[str, Any] = {state.value: Count("pk", filter=Q(access_state=state.value)) for state in AccessState}
    return _with_storage(Workshop.objects.all()).aggregate(
        all=Count("pk"),
        near=Count("pk", filter=_near(NEAR_PERCENT)),
        urgent=Count("pk", filter=_near(URGENT_PERCENT)),
        **{**counts, AccessState.READ_ONLY.value: Count("pk", filter=Q(access_state__in=[AccessState.READ_ONLY, ""]))},
    )


def list_countries() -> list[str]:
    """The countries that workshops are in."""
    with platform_scope():
        return list(Workshop.objects.order_by("country").values_list("country", flat=True).distinct())


def _owned_by(words: str) -> Exists:
    owners = Membership.objects.filter(
        workshop=OuterRef("pk"), roles__contains=[Role.OWNER], user__email__icontains=words
    )
    return Exists(owners)


def _with_storage(rows: "QuerySet[Workshop]") -> "QuerySet[Workshop]":
    """`storage_used` and `storage_limit` (bytes; None: unlimited), by the rule of app/entitlements/selectors.py."""
    used = Usage.objects.filter(workshop=OuterRef("pk"), dimension=Dimension.STORAGE, period=EPOCH).values("used")[:1]
    publisher, plan, trial, option = (
        _storage_from(source) for source in (Source.PUBLISHER, Source.PLAN, Source.TRIAL, Source.OPTION)
    )
    base = Case(When(Exists(plan), then=Subquery(plan)), default=Subquery(trial), output_field=BigIntegerField())
    added = Coalesce(Subquery(option, output_field=BigIntegerField()), Value(0))
    limit = Case(
        When(Exists(publisher), then=Subquery(publisher)), default=base + added, output_field=BigIntegerField()
    )
    return rows.annotate(
        storage_used=Coalesce(Subquery(used, output_field=BigIntegerField()), Value(0)), storage_limit=limit
    )


def _storage_from(source: Source) -> "QuerySet[Allowance, Any]":
    held = Allowance.objects.filter(workshop=OuterRef("pk"), dimension=Dimension.STORAGE, source=source)
    return held.values("limit")[:1]


def _near(percent: int) -> Q:
    """Those whose storage is used to this share at least; a limit of zero is reached from the start."""
    return Q(storage_limit__isnull=False, storage_used__gte=F("storage_limit") * percent / 100)


def _plan_name() -> Subquery:
    held = Subscription.objects.filter(workshop=OuterRef("pk"), status__in=OPEN_STATUSES)
    return Subquery(held.values("plan__name")[:1])


def _monthly() -> Coalesce:
    held = SubscribedItem.objects.filter(workshop=OuterRef("pk"), ends_at=None).values("workshop")
    total = held.annotate(total=Sum(F("unit_price") * F("quantity"))).values("total")
    return Coalesce(Subquery(total, output_field=DecimalField()), Value(0), output_field=DecimalField())


def _last_activity() -> Subquery:
    latest = AuditEntry.objects.filter(workshop=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1]
    return Subquery(latest, output_field=DateTimeField())


@dataclass(frozen=True)
class WorkshopList:
    """A page of the list, with the figures of its filters."""

    page: Page[Workshop]
    counts: dict[str, int]


def get_workshop_list(*, filters: Mapping[str, Any], cursor: str | None) -> WorkshopList:
    """The page of these filters (those of `list_workshops`) after this cursor."""
    with platform_scope():
        page = keyset_page(list_workshops(**filters), keys=("-created_at", "-id"), cursor=cursor, size=PAGE_SIZE)
        return WorkshopList(page, count_workshops())


def read_workshops(filters: Mapping[str, Any]) -> list[Workshop]:
    """Every workshop of these filters, for a file, the newest first."""
    with platform_scope():
        return list(list_workshops(**filters).order_by("-created_at", "-pk"))


# --- One workshop -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SetUpLine:
    """A line of the checklist, touched or not."""

    step: SetUpStep
    done_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class WorkshopPage:
    """All that the publisher reads about a workshop."""

    workshop: Workshop
    trial: Trial | None
    subscription: Subscription | None
    items: list[SubscribedItem]
    quotas: list[Quota]
    own_limits: frozenset[str]
    members: list[Membership]
    invoices: list[SaasInvoice]
    orders: list[BillingOrder]
    mails_waiting: int
    mails_failed: list[WorkshopEmail]
    vat_checks: list[VatCheck]
    acts: list[AuditEntry]
    last_activity_at: datetime | None
    set_up: list[SetUpLine] = field(default_factory=list)

    @property
    def storage(self) -> Quota | None:
        return next((quota for quota in self.quotas if quota.dimension == Dimension.STORAGE), None)

    @property
    def owners(self) -> list[Membership]:
        return [member for member in self.members if Role.OWNER in member.roles and member.is_active]


def get_workshop_page(workshop: Workshop) -> WorkshopPage:
    """Everything about a workshop, read in its own scope in a fixed number of statements."""
    with workshop_scope(workshop.pk):
        mails = dict(
            WorkshopEmail.objects.exclude(state=EmailState.SENT).values_list("state").annotate(Count("pk")).order_by()
        )
        failed = WorkshopEmail.objects.filter(state__in=[EmailState.FAILED, EmailState.BOUNCED]).order_by("-pk")
        own = Allowance.objects.filter(source=Source.PUBLISHER).values_list("dimension", flat=True)
        return WorkshopPage(
            workshop=workshop,
            trial=find_trial(),
            subscription=find_subscription(),
            items=list(SubscribedItem.objects.filter(ends_at=None).select_related("offer").order_by("pk")),
            quotas=list_quotas(workshop),
            own_limits=frozenset(own),
            members=list(Membership.objects.select_related("user").order_by("-status", "pk")),
            invoices=list(list_invoices()[:SHOWN]),
            orders=list(BillingOrder.objects.exclude(state=OrderState.DONE).order_by("-pk")[:SHOWN]),
            mails_waiting=sum(mails.get(state, 0) for state in OWED),
            mails_failed=list(failed[:SHOWN]),
            vat_checks=list(VatCheck.objects.order_by("-asked_at")[:5]),
            acts=list(AuditEntry.objects.filter(origin=Origin.PUBLISHER).order_by("-at", "-pk")[:SHOWN]),
            last_activity_at=AuditEntry.objects.order_by("-at", "-pk").values_list("at", flat=True).first(),
            set_up=_set_up(),
        )


def _set_up() -> list[SetUpLine]:
    rows = {row.step: row for row in SetUpItem.objects.all()}
    return [
        SetUpLine(step, rows[step].done_on, rows[step].note) if step in rows else SetUpLine(step) for step in SetUpStep
    ]
