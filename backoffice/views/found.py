"""The workshop of an address."""

from django.http import Http404

from app.tenancy.models import Workshop

from ..selectors.workshops import find_workshop


def workshop_or_404(workshop_pk: int) -> Workshop:
    """The workshop, or the page that says there is none."""
    workshop = find_workshop(workshop_pk)
    if workshop is None:
        raise Http404
    return workshop
