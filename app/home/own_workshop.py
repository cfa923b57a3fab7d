"""A workshop of their own for somebody who has an account already: a member of another one, or a former member."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from app.accounts.forms import WorkshopForm
from app.accounts.selectors import find_workshop_request, get_person, has_confirmed_address, hold_person
from app.tenancy.selectors import owns_a_workshop

from .services import open_workshop


@never_cache
@login_required
def own_workshop(request: HttpRequest) -> HttpResponse:
    """Ask for the name, the telephone and the consents of a sign-up, then open the workshop.

    Once: whoever answers for a workshop, or has opened one, is led to the choice of theirs.
    """
    person = get_person(int(request.user.pk or 0))
    if not may_open(person.pk):
        return redirect("home_entry")
    form = WorkshopForm(request.POST or None, initial={"telephone": person.phone})
    if request.method == "POST" and form.is_valid():
        ip = request.META.get("REMOTE_ADDR")
        with transaction.atomic():
            hold_person(person.pk)  # of two clicks, the second one finds the workshop of the first
            if may_open(person.pk):
                form.ask(user=person, ip=ip)
                open_workshop(user_pk=person.pk, ip=ip)
        return redirect("home_entry")
    return render(request, "home/own_workshop.html", {"form": form}, status=422 if form.errors else 200)


def may_open(person_pk: int) -> bool:
    """Whether somebody with a confirmed address has opened none so far, and answers for none."""
    asked = find_workshop_request(person_pk)
    return asked is None and has_confirmed_address(person_pk) and not owns_a_workshop(person_pk)
