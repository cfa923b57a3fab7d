"""The rows of an address."""

from django.http import Http404

from app.tenancy.models import Invitation, Membership, Site
from app.tenancy.selectors import get_invitation, get_member

from ..selectors import get_site


def member_or_404(membership_pk: int) -> Membership:
    """The member, or the page that says there is none."""
    try:
        return get_member(membership_pk)
    except Membership.DoesNotExist as error:
        raise Http404 from error


def invitation_or_404(invitation_pk: int) -> Invitation:
    """The invitation, or the page that says there is none."""
    try:
        return get_invitation(invitation_pk)
    except Invitation.DoesNotExist as error:
        raise Http404 from error


def site_or_404(site_pk: int) -> Site:
    """The site, or the page that says there is none."""
    try:
        return get_site(site_pk)
    except Site.DoesNotExist as error:
        raise Http404 from error
