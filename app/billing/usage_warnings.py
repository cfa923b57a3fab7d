"""Telling Owners and Administrators that a quota comes near or is reached."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from app.entitlements.constants import WARN_FROM, Dimension, Renewal
from app.entitlements.quotas import FULL, Quota, local_day, renewal_of
from app.entitlements.remedies import names_of, remedies_of_quota
from app.entitlements.services import take_warnings
from app.notify.services import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Permission
from app.tenancy.selectors import list_members_with

from .usage_words import quantity_words

QUOTAS = Actor.system("quotas")


def warn_of_quotas(*, workshop: Workshop, now: datetime | None = None) -> None:
    """Queue the mail of each threshold that has just been passed, once for each person; safe to repeat.

    Call it in the workshop's scope, in one transaction: the threshold is marked and the mails are queued together.
    """
    now = now or timezone.now()
    warnings = take_warnings(workshop=workshop, now=now)
    if not warnings:
        return
    people = list_members_with(Permission.SUBSCRIPTION_READ)
    for quota, level in warnings:
        _tell(workshop, people, quota, level, now)


def _tell(workshop: Workshop, people: Iterable[Membership], quota: Quota, level: int, now: datetime) -> None:
    kind = _kind(quota, level)
    about = f"{quota.dimension}:{level}:{_occasion(quota, now)}"
    for member in people:
        with translation.override(member.user.language):
            words = _words(quota)
        queue_email(
            workshop=workshop,
            kind=kind,
            to=member.user.email,
            context={
                "prenom": member.user.first_name or workshop.name,
                "lien": absolute_url(workshop_url(workshop, "billing:usage")),
                **words,
            },
            actor=QUOTAS,
            dedupe_key=f"quota:{about}:{member.pk}",
            language=member.user.language,
        )


def _kind(quota: Quota, level: int) -> str:
    """The message of a threshold; the storage has its own, which say what happens to photos."""
    if level >= FULL:
        return "quota_reached"
    if quota.dimension == Dimension.STORAGE:
        return "storage_near" if level == WARN_FROM[0] else "storage_high"
    return "quota_near"


def _occasion(quota: Quota, now: datetime) -> str:
    """A month is told once; what lasts an hour, or has no end, once a day at most."""
    if renewal_of(quota.dimension) == Renewal.MONTH:
        return f"{local_day(now):%Y-%m}"
    return f"{local_day(now):%Y-%m-%d}"


def _words(quota: Quota) -> dict[str, str]:
    dimension = Dimension(quota.dimension)
    remedies = remedies_of_quota(dimension, quota.limit or 0)
    offers = _("To have more: %(offers)s.") % {"offers": names_of(remedies)}
    return {
        "quota": str(dimension.label),
        "utilise": quantity_words(dimension, quota.used),
        "limite": quantity_words(dimension, quota.limit),
        "renouvellement": _renewal(quota),
        "offres": offers if remedies else _("Ask ThermoGestion what can be done."),
    }


def _renewal(quota: Quota) -> str:
    if quota.renews_at is None:
        return ""
    day = formats.date_format(timezone.localtime(quota.renews_at), "j F Y, H:i")
    return _("It renews on %(day)s.") % {"day": day}
