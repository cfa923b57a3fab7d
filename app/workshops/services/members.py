"""Members: their roles, team and status."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.entitlements.constants import Dimension
from app.entitlements.services import consume, release
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.constants import MemberStatus
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import GRANTABLE_ROLES, Role

from ..locks import lock_member, lock_owners


@dataclass(frozen=True)
class MemberData:
    """What can be changed of a member."""

    roles: tuple[str, ...]
    department: str = ""
    manager: Membership | None = None
    starts_on: date | None = None


def update_member(
    *, workshop: Workshop, actor: Actor, by: Membership, member: Membership, data: MemberData
) -> Membership:
    """Change roles, team, manager and start date. RuleError when `by` may not, or when no Owner would be left."""
    require_grantable(by, data.roles, held=member.roles)
    with transaction.atomic():
        owners = lock_owners()
        held = lock_member(member.pk)
        _require_above(by, held)
        if Role.OWNER not in data.roles:
            _require_another_owner(owners, held)
        _require_no_circle(held, data.manager)
        before = _trace(held)
        held.roles, held.department = list(data.roles), data.department
        held.manager, held.starts_on = data.manager, data.starts_on
        held.save()
        changes = difference(before, _trace(held))
        if changes:
            record(workshop=workshop, actor=actor, action="member.updated", subject=held, changes=changes)
    return held


def deactivate_member(*, workshop: Workshop, actor: Actor, by: Membership, member: Membership) -> None:
    """Close the workshop to a member, now: their open sessions end. RuleError for oneself and for the last Owner."""
    if member.pk == by.pk:
        raise RuleError(_("You cannot deactivate yourself: ask another Owner or Administrator."))
    with transaction.atomic():
        owners = lock_owners()
        held = lock_member(member.pk)
        _require_above(by, held)
        _require_another_owner(owners, held)
        _set_status(workshop, actor, held, MemberStatus.INACTIVE, "member.deactivated")
        for session in UserSession.objects.filter(user_id=held.user_id):
            session.end()


def reactivate_member(*, workshop: Workshop, actor: Actor, by: Membership, member: Membership) -> None:
    """Open the workshop to a former member again, with the roles that they had; QuotaReachedError without a place."""
    with transaction.atomic():
        held = lock_member(member.pk)
        _require_above(by, held)
        _set_status(workshop, actor, held, MemberStatus.ACTIVE, "member.reactivated")


def require_grantable(by: Membership, roles: Collection[str], *, held: Collection[str] = ()) -> None:
    """RuleError unless there is a role, each can be given today, and `by` may give it."""
    if not roles:
        raise RuleError(_("Choose at least one role."), field="roles")
    if not set(roles) <= {*GRANTABLE_ROLES, *held}:
        raise RuleError(_("This role cannot be given yet."), field="roles")
    if Role.OWNER in roles and Role.OWNER not in by.roles:
        raise RuleError(_("Only an Owner can make somebody Owner."), field="roles")


def _require_above(by: Membership, member: Membership) -> None:
    if Role.OWNER in member.roles and Role.OWNER not in by.roles:
        raise RuleError(_("Only an Owner can change an Owner."))


def _require_another_owner(owners: Collection[Membership], member: Membership) -> None:
    """RuleError when the member is the last active Owner; `owners` are locked, so that two cannot leave at once."""
    if [owner.pk for owner in owners] == [member.pk]:
        raise RuleError(_("This is the last active Owner of the workshop: name another one first."))


def _require_no_circle(member: Membership, manager: Membership | None) -> None:
    seen = set()
    while manager is not None and manager.pk not in seen:
        if manager.pk == member.pk:
            raise RuleError(_("A member cannot be their own manager, even through others."), field="manager")
        seen.add(manager.pk)
        manager = manager.manager


def _set_status(workshop: Workshop, actor: Actor, member: Membership, status: MemberStatus, action: str) -> None:
    if member.status == status:
        return
    take = consume if status == MemberStatus.ACTIVE else release
    take(workshop=workshop, dimension=Dimension.USERS, actor=actor)
    changes = {"status": [member.status, str(status)]}
    member.status = status
    member.save(update_fields=["status"])
    record(workshop=workshop, actor=actor, action=action, subject=member, changes=changes)


def _trace(member: Membership) -> dict[str, Any]:
    return {
        "roles": sorted(member.roles),
        "department": member.department,
        "manager": str(member.manager.user) if member.manager else "",
        "starts_on": str(member.starts_on or ""),
    }
