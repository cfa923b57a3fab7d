"""Rows that race: always locked in the order of their keys."""

from app.tenancy.constants import MemberStatus
from app.tenancy.models import Invitation, Membership, Workshop
from app.tenancy.permissions import Role


def lock_owners() -> list[Membership]:
    """The active Owners of the workshop in scope."""
    owners = Membership.objects.filter(roles__contains=[Role.OWNER], status=MemberStatus.ACTIVE)
    return list(owners.select_for_update().order_by("pk"))


def lock_member(membership_pk: int) -> Membership:
    """One member, with the person, read again under the lock."""
    return Membership.objects.select_related("user").select_for_update(of=("self",)).get(pk=membership_pk)


def lock_invitation(invitation_pk: int) -> Invitation:
    """One invitation, read again under the lock."""
    return Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_pk)


def lock_workshop(workshop_id: int) -> Workshop:
    """The workshop's own row."""
    return Workshop.objects.select_for_update().get(pk=workshop_id)
