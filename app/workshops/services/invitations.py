"""Invitations: an offer to one address to join one workshop."""

from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.accounts.models import User
from app.accounts.photos import set_photo
from app.accounts.selectors import find_person
from app.audit.services import record
from app.entitlements.constants import Dimension
from app.entitlements.errors import QuotaReachedError
from app.entitlements.services import consume, require_room
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor, Origin
from app.tenancy.constants import INVITATION_LIFE, MemberStatus
from app.tenancy.models import Invitation, Membership, Workshop
from app.tenancy.scope import workshop_scope

from ..emails import send_invitation
from ..locks import lock_invitation
from .members import require_grantable


@dataclass(frozen=True)
class InvitationData:
    """Who is invited, as what."""

    email: str
    first_name: str
    last_name: str
    roles: tuple[str, ...]
    department: str = ""
    manager: Membership | None = None
    starts_on: date | None = None


def invite(*, workshop: Workshop, actor: Actor, by: Membership, data: InvitationData) -> Invitation:
    """Invite an address for seven days. RuleError for a member and for an address that has an open invitation.

    QuotaReachedError when the workshop has no place left for another member.
    """
    require_grantable(by, data.roles)
    email = data.email.lower()
    if Membership.objects.filter(user__email__iexact=email).exists():
        raise RuleError(_("This person is already a member; an inactive member can be reactivated."), field="email")
    require_room(workshop=workshop, dimension=Dimension.USERS, actor=actor)
    with transaction.atomic():
        _make_room(email)
        invitation = _create(
            Invitation(
                workshop=workshop,
                email=email,
                first_name=data.first_name,
                last_name=data.last_name,
                roles=list(data.roles),
                department=data.department,
                manager=data.manager,
                starts_on=data.starts_on,
                invited_by_id=by.user_id,
                expires_at=timezone.now() + INVITATION_LIFE,
            )
        )
        send_invitation(workshop=workshop, actor=actor, invitation=invitation)
        changes = {"roles": [None, list(data.roles)]}
        record(workshop=workshop, actor=actor, action="invitation.sent", subject=invitation, changes=changes)
    return invitation


def resend_invitation(*, workshop: Workshop, actor: Actor, by: Membership, invitation: Invitation) -> None:
    """Send it again for seven more days; the links sent before stop working."""
    require_grantable(by, invitation.roles)
    with transaction.atomic():
        held = _lock_waiting(invitation)
        held.expires_at = timezone.now() + INVITATION_LIFE
        held.save(update_fields=["expires_at"])
        send_invitation(workshop=workshop, actor=actor, invitation=held)
        record(workshop=workshop, actor=actor, action="invitation.resent", subject=held)


def cancel_invitation(*, workshop: Workshop, actor: Actor, invitation: Invitation) -> None:
    """Take the offer back."""
    with transaction.atomic():
        held = _lock_waiting(invitation)
        held.cancelled_at = timezone.now()
        held.save(update_fields=["cancelled_at"])
        record(workshop=workshop, actor=actor, action="invitation.cancelled", subject=held)


def join(*, invitation: Invitation, user: User, ip: str | None = None) -> Membership:
    """Make the person a member. RuleError when the invitation is over, or when it is for another address."""
    if not is_for(invitation, user):
        raise RuleError(_("This invitation is for another address."))
    actor = Actor(label=str(user), origin=Origin.SCREEN, user_id=user.pk, ip=ip)
    with workshop_scope(invitation.workshop_id):
        held = lock_invitation(invitation.pk)
        if not held.is_open():
            raise RuleError(_("This invitation is no longer valid."))
        workshop = held.workshop
        member, is_new = Membership.objects.get_or_create(
            workshop=workshop,
            user=user,
            defaults={
                "roles": held.roles,
                "status": MemberStatus.ACTIVE,
                "department": held.department,
                "manager_id": held.manager_id,
                "starts_on": held.starts_on,
            },
        )
        if not is_new:
            raise RuleError(_("You already belong to this workshop."))
        _take_seat(workshop, actor)
        held.accepted_at = timezone.now()
        held.save(update_fields=["accepted_at"])
        record(workshop=workshop, actor=actor, action="invitation.accepted", subject=held)
    return member


def join_with_new_account(
    *,
    invitation: Invitation,
    first_name: str,
    last_name: str,
    password: str,
    photo: bytes | None = None,
    ip: str | None = None,
) -> User:
    """Create the account of somebody who came by the link of their invitation: the address is theirs.

    RuleError when the address has an account, when the photo is no picture, or when they cannot join.
    """
    known = RuleError(_("This address has an account: sign in to join."))
    with transaction.atomic():
        if find_person(invitation.email):
            raise known
        try:
            with transaction.atomic():
                user = User.objects.create_user(invitation.email, password, first_name=first_name, last_name=last_name)
        except IntegrityError as error:  # the same form, sent twice at once
            raise known from error
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        join(invitation=invitation, user=user, ip=ip)
        if photo is not None:
            set_photo(user=user, content=photo)
    return user


def is_for(invitation: Invitation, user: User) -> bool:
    """Whether the invitation was sent to a confirmed address of this person."""
    return bool(EmailAddress.objects.filter(user=user, verified=True, email__iexact=invitation.email).exists())


def _take_seat(workshop: Workshop, actor: Actor) -> None:
    """RuleError in words for the person invited, who can do nothing about the workshop's plan."""
    try:
        consume(workshop=workshop, dimension=Dimension.USERS, actor=actor)
    except QuotaReachedError as error:
        raise RuleError(
            _("The workshop has no place left for another member: tell the person who invited you.")
        ) from error


def _make_room(email: str) -> None:
    """RuleError when the address has an open invitation; one that has expired gives way."""
    held = Invitation.objects.filter(email=email, accepted_at=None, cancelled_at=None).select_for_update().first()
    if held is None:
        return
    if held.is_open():
        raise _already_invited()
    held.cancelled_at = timezone.now()
    held.save(update_fields=["cancelled_at"])


def _create(invitation: Invitation) -> Invitation:
    """RuleError when the same address is being invited at the same moment."""
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError as error:
        raise _already_invited() from error
    return invitation


def _already_invited() -> RuleError:
    return RuleError(_("This address is already invited: send the invitation again instead."), field="email")


def _lock_waiting(invitation: Invitation) -> Invitation:
    held = lock_invitation(invitation.pk)
    if held.accepted_at or held.cancelled_at:
        raise RuleError(_("This invitation has been accepted or cancelled."))
    return held
