"""The publisher's acts on one workshop, each in the scope of that workshop."""

from app.accounts.models import User
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Membership, SupportAccess
from app.tenancy.scope import workshop_scope
from app.workshops.services.support import allow_writing, end_support_access, open_support_access


def open_support(*, actor: Actor, publisher: User, member: Membership, reason: str, minutes: int) -> SupportAccess:
    """Open the workshop of this member to the publisher; RuleError."""
    with workshop_scope(member.workshop_id):
        return open_support_access(
            workshop=member.workshop, actor=actor, publisher=publisher, member=member, reason=reason, minutes=minutes
        )


def widen_support(access: SupportAccess, *, reason: str) -> None:
    """Let the publisher write for a while; RuleError."""
    with workshop_scope(access.workshop_id):
        allow_writing(workshop=access.workshop, actor=_publisher(access), access=access, reason=reason)


def end_support(access: SupportAccess) -> None:
    """Close the access."""
    with workshop_scope(access.workshop_id):
        end_support_access(workshop=access.workshop, actor=_publisher(access), access=access)


def _publisher(access: SupportAccess) -> Actor:
    return Actor(label=str(access.publisher), origin=Origin.PUBLISHER, user_id=access.publisher_id)
