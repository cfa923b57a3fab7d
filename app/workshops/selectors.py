"""Reads of the team."""

from django.db.models import QuerySet

from app.tenancy.constants import MemberStatus
from app.tenancy.models import Membership
from app.tenancy.permissions import Role
from app.tenancy.selectors import list_members


def list_managers(*, but: Membership | None = None) -> "QuerySet[Membership]":
    """The active members who can be somebody's manager."""
    members = list_members(status=MemberStatus.ACTIVE)
    return members.exclude(pk=but.pk) if but else members


def list_owners() -> "QuerySet[Membership]":
    """The active Owners of the workshop in scope."""
    return list_members(role=Role.OWNER, status=MemberStatus.ACTIVE)


def count_active_members() -> int:
    """How many people may enter the workshop in scope."""
    return Membership.objects.filter(status=MemberStatus.ACTIVE).count()
