"""What an invitation opens, for people who are not members yet."""

from http import HTTPStatus

from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from app.accounts.selectors import find_person, get_person
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.models import Invitation

from ..forms import JoinForm
from ..services.invitations import is_for, join, join_with_new_account
from ..tokens import find_invitation


@never_cache
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """One address for everybody: join, sign in first, or choose a password."""
    invitation = find_invitation(token)
    if invitation is None or not invitation.is_open():
        return render(request, "workshops/invitation_over.html", status=HTTPStatus.GONE)
    if request.user.is_authenticated:
        return _as_known_person(request, invitation)
    if find_person(invitation.email):
        return render(request, "workshops/invitation_sign_in.html", {"invitation": invitation})
    return _as_new_person(request, invitation)


def _as_known_person(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    person = get_person(int(request.user.pk or 0))
    if not is_for(invitation, person):
        return render(request, "workshops/invitation_wrong_person.html", {"invitation": invitation}, status=403)
    if request.method == "POST":
        try:
            join(invitation=invitation, user=person, ip=request.META.get("REMOTE_ADDR"))
        except RuleError as error:
            messages.error(request, error.message)
            return redirect("home_entry")
        messages.success(request, _("Welcome to %(name)s.") % {"name": invitation.workshop.name})
        return redirect(workshop_url(invitation.workshop, "home:dashboard"))
    return render(request, "workshops/invitation_join.html", {"invitation": invitation})


def _as_new_person(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    initial = {"first_name": invitation.first_name, "last_name": invitation.last_name}
    form = JoinForm(request.POST or None, request.FILES or None, initial=initial, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        photo = form.cleaned_data["photo"]
        typed = {**form.cleaned_data, "photo": photo.read() if photo else None}
        try:
            user = join_with_new_account(invitation=invitation, ip=request.META.get("REMOTE_ADDR"), **typed)
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            signed_in: HttpResponse = perform_login(request, user, email_verification="none")
            return signed_in
    context = {"form": form, "invitation": invitation}
    return render(request, "workshops/invitation_new.html", context, status=422 if form.errors else 200)
