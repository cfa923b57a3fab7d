"""Signing in as a member to help a workshop, by django-hijack's own machinery."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from hijack.views import AcquireUserView, ReleaseUserView

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.models import SupportAccess
from app.tenancy.support import SESSION_KEY, support_access_of
from app.workshops.support import may_impersonate

from ..access import PublisherRequest, publisher_page
from ..forms import SupportForm, WriteForm
from ..selectors import find_member
from ..services import end_support, open_support, widen_support


@publisher_page
@reauthentication_required  # type: ignore[untyped-decorator]
def start(request: PublisherRequest, workshop_pk: int, membership_pk: int) -> HttpResponseBase:
    """Say why, then see what this member sees."""
    member = find_member(workshop_pk, membership_pk)
    if member is None or not may_impersonate(hijacker=request.user, hijacked=member.user):
        raise Http404
    form = SupportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            access = open_support(actor=request.actor, publisher=request.user, member=member, **form.cleaned_data)
        except RuleError as error:
            form.add_error(error.field or None, error.message)
        else:
            return _enter(request, access)
    context = {"form": form, "member": member}
    return render(request, "backoffice/support_start.html", context, status=422 if form.errors else 200)


def _enter(request: HttpRequest, access: SupportAccess) -> HttpResponseBase:
    """Change the session's person; hijack keeps who comes back at the end."""
    request.POST = request.POST.copy()  # type: ignore[assignment]
    request.POST["user_pk"] = str(access.member.user_id)  # type: ignore[misc]
    home = workshop_url(access.workshop, "home:dashboard")
    response: HttpResponseBase = AcquireUserView.as_view(success_url=home)(request)
    request.session[SESSION_KEY] = access.pk
    return response


@require_POST
def end(request: HttpRequest) -> HttpResponseBase:
    """Leave the workshop and become the publisher again."""
    access = support_access_of(request)
    if access is None:
        raise Http404
    end_support(access)
    return _leave(request)


def over(request: HttpRequest) -> HttpResponseBase:
    """The time is over: nothing else opens."""
    access = support_access_of(request)
    if access is None:
        raise Http404
    if request.method == "POST":
        end_support(access)
        return _leave(request)
    return render(request, "backoffice/support_over.html", {"access": access})


def write(request: HttpRequest) -> HttpResponse:
    """Ask to write for a quarter of an hour, with a reason that the Owner reads."""
    access = support_access_of(request)
    if access is None or not access.is_open():
        raise Http404
    form = WriteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            widen_support(access, reason=form.cleaned_data["reason"])
        except RuleError as error:
            form.add_error(error.field or None, error.message)
        else:
            return redirect(workshop_url(access.workshop, "home:dashboard"))
    context = {"form": form, "access": access}
    return render(request, "backoffice/support_write.html", context, status=422 if form.errors else 200)


def _leave(request: HttpRequest) -> HttpResponseBase:
    request.session.pop(SESSION_KEY, None)
    response = ReleaseUserView.as_view(success_url=reverse("backoffice:overview"))(request)
    return cast(HttpResponseBase, response)
