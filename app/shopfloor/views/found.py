"""The rows of an address."""

from django.http import Http404

from app.tenancy.models import Membership
from app.tenancy.selectors import get_member

from ..models import DeviceAction, Tablet
from ..selectors import get_conflict, get_tablet


def conflict_or_404(action_pk: int) -> DeviceAction:
    """The conflict, or the page that says there is none."""
    try:
        return get_conflict(action_pk)
    except DeviceAction.DoesNotExist as error:
        raise Http404 from error


def tablet_or_404(tablet_pk: int) -> Tablet:
    """The tablet, or the page that says there is none."""
    try:
        return get_tablet(tablet_pk)
    except Tablet.DoesNotExist as error:
        raise Http404 from error


def member_or_404(membership_pk: int) -> Membership:
    """The member, or the page that says there is none."""
    try:
        return get_member(membership_pk)
    except Membership.DoesNotExist as error:
        raise Http404 from error
