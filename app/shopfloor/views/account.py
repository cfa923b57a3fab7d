"""Whose device it is, for the device itself: what it keeps belongs to this account and to no other."""

from typing import Any

from app.tenancy.pages import WorkshopRequest
from app.tenancy.permissions import Permission

from ..constants import PERSON_KEY
from ..models import Tablet
from ..selectors import find_settings


def tablet_of(request: WorkshopRequest) -> Tablet | None:
    """The shared tablet that asks, or None for somebody's own device."""
    return getattr(request, "tablet", None)


def account_of(request: WorkshopRequest) -> dict[str, Any]:
    """The account that a device keeps its data under."""
    tablet = tablet_of(request)
    member = getattr(request, "membership", None)
    return {
        "key": f"t{tablet.pk}" if tablet else PERSON_KEY.format(request.actor.user_id),
        "name": tablet.name if tablet else request.actor.label,
        "tablet": tablet.name if tablet else None,
        "operator": {"pk": member.pk, "name": str(member.user)} if member else None,
        "lockMinutes": find_settings().lock_minutes,
        "mayUpdate": Permission.PROJECTS_UPDATE in request.permissions,
    }
