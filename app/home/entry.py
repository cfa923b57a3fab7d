"""Arrival after sign-in: open the workshop that was asked for, ask for the second factor, choose a workshop."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from app.accounts.selectors import find_waiting_request, has_confirmed_address
from app.stock.constants import CARTON_MARK
from app.tenancy.links import workshop_url
from app.tenancy.permissions import Permission
from app.tenancy.selectors import Access, list_accesses

from .own_workshop import may_open
from .services import open_workshop


@login_required
def entry(request: HttpRequest) -> HttpResponse:
    """Straight to the only workshop, or the choice between several."""
    person_pk = int(request.user.pk or 0)
    if find_waiting_request(person_pk) and has_confirmed_address(person_pk):
        open_workshop(user_pk=person_pk, ip=request.META.get("REMOTE_ADDR"))
    accesses = list_accesses(person_pk)
    compulsory = any(access.membership.needs_second_factor for access in accesses)
    if compulsory and not is_mfa_enabled(request.user):
        return redirect("accounts:second_factor")
    if len(accesses) == 1:
        return redirect(workshop_url(accesses[0].workshop, _first_page(accesses[0])))
    return render(request, "home/entry.html", {"accesses": accesses, "can_open": may_open(person_pk)})


@login_required
def scanned(request: HttpRequest, workshop_pk: int, code: str) -> HttpResponse:
    """The part or carton of a label read by a telephone: found in its own workshop, unknown to anybody else."""
    for access in list_accesses(int(request.user.pk or 0)):
        if access.workshop.pk == workshop_pk:
            page = "stock:carton_find" if code.upper().startswith(CARTON_MARK) else "projects:part_find"
            return redirect(workshop_url(access.workshop, page, code=code))
    raise Http404


def _first_page(access: Access) -> str:
    """The setting-up until it is finished, for those who can do it; then the day's page."""
    sets_up = Permission.SETTINGS_EDIT in access.membership.permissions and access.workshop.onboarded_at is None
    return "home:onboarding" if sets_up else "home:dashboard"
