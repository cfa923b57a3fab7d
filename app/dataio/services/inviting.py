"""Inviting imported customers to their space: a choice of its own, never a side effect of the import."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.crm.models import Customer
from app.crm.services.portal_links import make_link, note_invitation
from app.entitlements.errors import QuotaReachedError
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.notify.selectors import language_of
from app.notify.services import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop

from ..constants import INVITE_TASK
from ..locks import lock_import
from ..models import CustomerImport
from ..selectors import lines_to_invite
from .running import actor_of

AT_ONCE = 100


def confirm_invitations(*, workshop: Workshop, actor: Actor, held: CustomerImport) -> CustomerImport:
    """Invite the customers of a finished import who have an address and were never invited. Once."""
    with transaction.atomic():
        locked = lock_import(held.pk)
        if not locked.is_done:
            raise RuleError(_("The import is not finished."))
        if locked.invite_confirmed_at:
            raise RuleError(_("The invitations have already been asked for."))
        locked.invite_confirmed_at = timezone.now()
        locked.save()
        record(workshop=workshop, actor=actor, action="customer.invitations_sent", subject=locked)
        send_on_commit(INVITE_TASK, workshop_id=workshop.pk, import_pk=locked.pk)
    return locked


def invite_some(*, workshop: Workshop, import_pk: int) -> None:
    """Queue the invitations of a few customers, then ask for the rest; who has been invited is never twice.

    At the quota of messages it stops, and the rest can be asked for again.
    """
    with transaction.atomic():
        held = lock_import(import_pk)
        if held.invite_confirmed_at is None or held.invite_done_at:
            return
        lines = list(lines_to_invite(held).select_related("customer")[:AT_ONCE])
        try:
            for line in lines:
                assert line.customer  # lines_to_invite leaves the others out
                _invite(workshop, held, line.customer)
        except QuotaReachedError:
            held.invite_confirmed_at = None
            held.save()
            return
        if lines:
            send_on_commit(INVITE_TASK, workshop_id=workshop.pk, import_pk=held.pk)
        else:
            held.invite_done_at = timezone.now()
        held.save()


def _invite(workshop: Workshop, held: CustomerImport, customer: Customer) -> None:
    with transaction.atomic():  # a message that is refused leaves no link behind
        link = make_link(workshop=workshop, customer=customer, path=workshop_url(workshop, "portal:space"))
        queue_email(
            workshop=workshop,
            actor=actor_of(held),
            kind="portal_invitation",
            to=customer.email,
            context={"nom_client": customer.person_name or customer.display_name, "lien": link},
            subject_ref=customer,
            dedupe_key=f"portal_invitation:{customer.pk}",
            language=language_of("portal_invitation", customer.language),
        )
        note_invitation(customer=customer)
    held.invited += 1
