"""Reads about workshops and members. Those that cross workshops open the platform's scope themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from allauth.mfa.models import Authenticator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from app.accounts.models import User
from app.kernel.written import columns_of, make_row

from .constants import RESERVED_SLUGS, SLUG, MemberStatus
from .models import FormerSlug, Invitation, Membership, Workshop
from .permissions import Permission, Role
from .scope import platform_scope, read_across


@dataclass(frozen=True)
class Access:
    """A workshop and the membership that opens it for one person."""

    workshop: Workshop
    membership: Membership
    has_second_factor: bool = False


def find_access(*, slug: str, user_id: int) -> Access | None:
    """The active membership of this person in the workshop at this address, or None; one message, on each request."""
    for row in read_across(_access_query(), [slug, user_id, MemberStatus.ACTIVE]):
        width = len(columns_of(Workshop))
        workshop, membership = make_row(Workshop, row[:width]), make_row(Membership, row[width:-1])
        membership.workshop = workshop
        return Access(workshop, membership, row[-1])
    return None


@cache
def _access_query() -> str:
    members, workshops, factors = (model._meta.db_table for model in (Membership, Workshop, Authenticator))
    workshop = ", ".join(f"w.{name}" for name in columns_of(Workshop))
    member = ", ".join(f"m.{name}" for name in columns_of(Membership))
    return (
        f"SELECT {workshop}, {member}, EXISTS (SELECT 1 FROM {factors} AS f WHERE f.user_id = m.user_id) "
        f"FROM {members} AS m JOIN {workshops} AS w ON w.id = m.workshop_id "
        "WHERE w.slug = %s AND m.user_id = %s AND m.status = %s"
    )


def find_moved_slug(slug: str) -> str | None:
    """Today's address of the workshop that used to live here, or None."""
    with platform_scope():
        return FormerSlug.objects.filter(slug=slug).values_list("workshop__slug", flat=True).first()


def find_workshop_by_slug(slug: str) -> Workshop | None:
    """The workshop at this address, for pages that people without an account open; None when there is none."""
    with platform_scope():
        return Workshop.objects.filter(slug=slug).first()


def is_allowed_slug(slug: str) -> bool:
    """Whether a workshop may have this address: lower-case letters, digits and hyphens, no reserved word."""
    return bool(SLUG.fullmatch(slug)) and slug not in RESERVED_SLUGS


def is_free_slug(slug: str) -> bool:
    """Whether a new workshop may take this address: no workshop has it or had it before."""
    with platform_scope():
        taken = Workshop.objects.filter(slug=slug).exists() or FormerSlug.objects.filter(slug=slug).exists()
    return is_allowed_slug(slug) and not taken


def list_accesses(user_id: int) -> list[Access]:
    """Every workshop that this person may enter, by name."""
    with platform_scope():
        memberships = (
            Membership.objects.select_related("workshop")
            .filter(user_id=user_id, status=MemberStatus.ACTIVE)
            .order_by(Lower("workshop__name"), "pk")
        )
        return [Access(membership.workshop, membership) for membership in memberships]


def needs_second_factor(user_id: int) -> bool:
    """Whether a role of this person, in any workshop, makes the second factor compulsory."""
    return any(access.membership.needs_second_factor for access in list_accesses(user_id))


def list_workshop_ids() -> list[int]:
    """The keys of every workshop, for jobs that send one task to each."""
    with platform_scope():
        return list(Workshop.objects.order_by("pk").values_list("pk", flat=True))


def list_members(*, search: str = "", role: str = "", status: str = "") -> "QuerySet[Membership]":
    """The members of the workshop in scope, by name, filtered."""
    members = Membership.objects.select_related("user", "manager__user").order_by(
        Lower("user__last_name"), Lower("user__first_name"), "pk"
    )
    if search:
        words = Q(user__first_name__icontains=search) | Q(user__last_name__icontains=search)
        members = members.filter(words | Q(user__email__icontains=search))
    if role:
        members = members.filter(roles__contains=[role])
    return members.filter(status=status) if status else members


def get_member(membership_pk: int) -> Membership:
    """One member of the workshop in scope; Membership.DoesNotExist for any other."""
    return Membership.objects.select_related("user", "manager__user").get(pk=membership_pk)


def list_members_with(permission: Permission) -> list[Membership]:
    """The active members of the workshop in scope who hold this right (to notify them, for example)."""
    members = Membership.objects.select_related("user").filter(status=MemberStatus.ACTIVE).order_by("pk")
    return [member for member in members if permission in member.permissions]


def list_open_invitations() -> "QuerySet[Invitation]":
    """Invitations of the workshop in scope that are neither accepted nor cancelled, the newest first."""
    return Invitation.objects.filter(accepted_at=None, cancelled_at=None).order_by(F("created_at").desc(), "-pk")


def get_invitation(invitation_pk: int) -> Invitation:
    """One invitation of the workshop in scope; Invitation.DoesNotExist for any other."""
    return Invitation.objects.select_related("manager").get(pk=invitation_pk)


def get_workshop(workshop_id: int) -> Workshop:
    """The workshop in scope, by its key."""
    return Workshop.objects.get(pk=workshop_id)


def count_workshops(*, since: datetime | None = None) -> int:
    """How many workshops there are, or how many were opened since."""
    with platform_scope():
        workshops = Workshop.objects.filter(created_at__gte=since) if since else Workshop.objects.all()
        return workshops.count()


def owns_a_workshop(user_id: int) -> bool:
    """Whether this person answers for a workshop."""
    return any(Role.OWNER in access.membership.roles for access in list_accesses(user_id))


def list_owner_people() -> list[User]:
    """Everybody who answers for a workshop, once each, by key."""
    with platform_scope():
        owners = Membership.objects.filter(roles__contains=[Role.OWNER], status=MemberStatus.ACTIVE)
        return list(User.objects.filter(pk__in=owners.values("user_id"), is_active=True).order_by("pk"))


def list_responsible_addresses(workshop_ids: Sequence[int]) -> list[str]:
    """The addresses of the active Owners and Admins of these workshops (of all, when none is named), each once."""
    with platform_scope():
        members = Membership.objects.filter(
            status=MemberStatus.ACTIVE, roles__overlap=[Role.OWNER, Role.ADMIN], user__is_active=True
        )
        if workshop_ids:
            members = members.filter(workshop_id__in=list(workshop_ids))
        return list(members.order_by("user__email").values_list("user__email", flat=True).distinct())
