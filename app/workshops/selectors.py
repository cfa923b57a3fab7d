"""Reads of the team and of the sites."""

from django.db.models import QuerySet

from app.tenancy.constants import MemberStatus
from app.tenancy.models import Membership, Site
from app.tenancy.permissions import Role
from app.tenancy.selectors import list_members
from app.tenancy.written import workshop_rows


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


def list_sites() -> "QuerySet[Site]":
    """The sites in use of the workshop in scope, the main one first; none before anything asked for the main one."""
    return Site.objects.filter(archived_at=None)


def read_sites() -> list[Site]:
    """The same, read: lists ask for them each time."""
    return workshop_rows(Site, "AND archived_at IS NULL ORDER BY is_main DESC, name, id")


def get_site(site_pk: int) -> Site:
    """One site of the workshop in scope, in use or not; Site.DoesNotExist for any other."""
    return Site.objects.get(pk=site_pk)
