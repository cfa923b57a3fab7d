"""Telling the publisher each morning which workshops stopped paying, were closed or reached a quota the day before."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from app.audit.models import AuditEntry
from app.billing.constants import AccessState
from app.entitlements.constants import Dimension
from app.entitlements.models import UsageDay
from app.notify.services.outbox import queue_platform_email
from app.tenancy.scope import platform_scope

#: What an access may become that the publisher must hear of.
GRAVE = (AccessState.UNPAID, AccessState.LIMITED, AccessState.SUSPENDED)
MOST_LINES = 200


def warn_of_accounts(now: datetime | None = None) -> int:
    """Mail the publisher what happened the day before, once; nothing when nothing did. How many lines it held."""
    day = timezone.localdate(now) - timedelta(days=1)
    with translation.override(settings.LANGUAGE_CODE):
        with platform_scope():
            lines = [*_closed(day), *_refused(day)]
        if lines:
            _tell(day, lines)
    return len(lines)


def _closed(day: date) -> list[str]:
    begin = timezone.make_aware(datetime.combine(day, time.min))
    changed = AuditEntry.objects.filter(action="access.changed", at__gte=begin, at__lt=begin + timedelta(days=1))
    grave = changed.filter(changes__state__1__in=list(GRAVE)).select_related("workshop").order_by("at", "pk")
    return [
        _line(str(entry.workshop), str(AccessState(new).label))
        for entry in grave[:MOST_LINES]
        for old, new in [entry.changes["state"]]
        if old != new
    ]


def _refused(day: date) -> list[str]:
    rows = UsageDay.objects.filter(day=day, refused__gt=0).select_related("workshop").order_by("workshop__name", "pk")
    full = dict.fromkeys((str(row.workshop), str(Dimension(row.dimension).label)) for row in rows[:MOST_LINES])
    return [_line(name, _("quota reached, %(quota)s") % {"quota": label}) for name, label in full]


def _line(workshop: str, what: str) -> str:
    return _("– %(workshop)s: %(what)s") % {"workshop": workshop, "what": what}


def _tell(day: date, lines: list[str]) -> None:
    context = {
        "date": formats.date_format(day, "j F Y"),
        "lignes": "\n".join(lines),
        "lien": f"{settings.BASE_URL}{reverse('backoffice:dunning')}",
    }
    publishers = get_user_model().objects.filter(is_superuser=True, is_active=True)
    for pk, address in publishers.values_list("pk", "email"):
        queue_platform_email(kind="accounts_alert", to=address, context=context, dedupe_key=f"accounts:{day}:{pk}")
