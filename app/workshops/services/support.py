"""Opening, widening and ending the publisher's access to a workshop; each act is told to the Owners and kept."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.accounts.models import User
from app.audit.services import record
from app.kernel.errors import RuleError
from app.notify.services.outbox import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Membership, SupportAccess, Workshop

from ..selectors import list_owners

DEFAULT_MINUTES, MOST_MINUTES = 30, 120
WRITE_TIME = timedelta(minutes=15)


def open_support_access(
    *, workshop: Workshop, actor: Actor, publisher: User, member: Membership, reason: str, minutes: int
) -> SupportAccess:
    """Let the publisher read as this member for a time; in the workshop's scope. RuleError without a reason."""
    reason = reason.strip()
    if not reason:
        raise RuleError(_("Say why: the Owner reads it."), field="reason")
    if not 1 <= minutes <= MOST_MINUTES:
        raise RuleError(_("Two hours at most."), field="minutes")
    if not member.is_active:
        raise RuleError(_("This member is inactive."))
    with transaction.atomic():
        access: SupportAccess = SupportAccess.objects.create(
            workshop=workshop,
            publisher=publisher,
            member=member,
            reason=reason[:300],
            expires_at=timezone.now() + timedelta(minutes=minutes),
        )
        changes = {"member": str(member.user), "reason": reason, "minutes": minutes}
        record(workshop=workshop, actor=actor, action="support.opened", subject=access, changes=changes)
        _tell(workshop, actor, access, "support_opened", reason)
    return access


def allow_writing(*, workshop: Workshop, actor: Actor, access: SupportAccess, reason: str) -> None:
    """Let an open access write for a quarter of an hour. RuleError without a reason of its own or once it is over."""
    reason = reason.strip()
    if not reason:
        raise RuleError(_("Say what must be changed: the Owner reads it."), field="reason")
    with transaction.atomic():
        held = SupportAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
        if not held.is_open():
            raise RuleError(_("The support access is over."))
        held.write_until = min(timezone.now() + WRITE_TIME, held.expires_at)
        held.write_reason = reason[:300]
        held.save(update_fields=["write_until", "write_reason"])
        changes = {"reason": reason, "until": held.write_until}
        record(workshop=workshop, actor=actor, action="support.writes", subject=held, changes=changes)
        _tell(workshop, actor, held, "support_writes", reason)


def end_support_access(*, workshop: Workshop, actor: Actor, access: SupportAccess) -> None:
    """Close an access; a second call changes nothing."""
    with transaction.atomic():
        held = SupportAccess.objects.select_for_update(of=("self",)).get(pk=access.pk)
        if held.ended_at is not None:
            return
        held.ended_at = timezone.now()
        held.save(update_fields=["ended_at"])
        record(workshop=workshop, actor=actor, action="support.ended", subject=held)


def _tell(workshop: Workshop, actor: Actor, access: SupportAccess, kind: str, reason: str) -> None:
    for owner in list_owners():
        queue_email(
            workshop=workshop,
            kind=kind,
            to=owner.user.email,
            context={
                "prenom": owner.user.first_name or workshop.name,
                "membre": str(access.member.user),
                "raison": reason,
                "date_fin": timezone.localtime(access.write_until or access.expires_at).strftime("%d/%m/%Y %H:%M"),
                "lien": absolute_url(workshop_url(workshop, "audit:entry_list")),
            },
            actor=actor,
            language=owner.user.language,
        )
