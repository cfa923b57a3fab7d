"""Tablets that a workshop shares: registered by the office, opened by a link, taken out of service."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import ENROLMENT_LASTS
from ..models import FloorSettings, Seat, Tablet
from ..selectors import find_settings, fingerprint


def register_tablet(*, workshop: Workshop, actor: Actor, name: str) -> tuple[Tablet, str]:
    """A tablet and the token of the link that enrols it, shown once; RuleError for a name in use."""
    name = " ".join(name.split())
    if not name:
        raise RuleError(_("Give the tablet a name."), field="name")
    if Tablet.objects.filter(name__iexact=name, revoked_at=None).exists():
        raise RuleError(_("Another tablet has this name."), field="name")
    with transaction.atomic():
        tablet = Tablet.objects.create(workshop=workshop, name=name)
        record(workshop=workshop, actor=actor, action="tablet.registered", subject=tablet)
        return tablet, renew_link(tablet=tablet)


def renew_link(*, tablet: Tablet) -> str:
    """A new token for the enrolment link; the former one opens nothing any more."""
    token = secrets.token_urlsafe(32)
    tablet.enrolment_hash, tablet.enrolment_until = fingerprint(token), timezone.now() + ENROLMENT_LASTS
    tablet.save(update_fields=["enrolment_hash", "enrolment_until"])
    return token


def enrol_tablet(*, workshop: Workshop, actor: Actor, tablet: Tablet) -> str:
    """Open the workshop mode to the device that followed the link; what its cookie holds. The link is used up."""
    with transaction.atomic():
        held = Tablet.objects.select_for_update().get(pk=tablet.pk)
        if held.enrolment_hash != tablet.enrolment_hash or not held.can_be_enrolled():
            raise RuleError(_("This link has been used or is too old. Ask for a new one."))
        secret = secrets.token_urlsafe(32)
        held.secret_hash, held.enrolment_hash, held.enrolment_until = fingerprint(secret), "", None
        held.enrolled_at = held.seen_at = timezone.now()
        held.save()
        record(workshop=workshop, actor=actor, action="tablet.enrolled", subject=held)
    return f"{held.pk}.{secret}"


def revoke_tablet(*, workshop: Workshop, actor: Actor, tablet: Tablet) -> None:
    """Take a tablet out of service: its cookie and the keys of its operators open nothing any more."""
    with transaction.atomic():
        # The fingerprint stays: what the tablet has not sent yet is then written down as refused.
        tablet.revoked_at, tablet.enrolment_hash = timezone.now(), ""
        tablet.save()
        Seat.objects.filter(tablet=tablet).delete()
        record(workshop=workshop, actor=actor, action="tablet.revoked", subject=tablet)


def save_lock(*, workshop: Workshop, actor: Actor, minutes: int) -> FloorSettings:
    """After how many idle minutes shared tablets lock themselves."""
    with transaction.atomic():
        settings = find_settings()
        before = settings.lock_minutes
        settings.workshop, settings.lock_minutes = workshop, minutes
        settings.save()
        if before != minutes:
            changes = {"lock_minutes": [before, minutes]}
            record(workshop=workshop, actor=actor, action="tablet.lock_changed", subject=workshop, changes=changes)
    return settings
