"""Shared tablets and codes, in the workshop's settings."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.documents.qr import qr_svg
from app.kernel.errors import RuleError
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import LockForm, PinForm, TabletForm
from ..models import Tablet
from ..selectors import find_settings, list_floor_members, list_pins, list_refused, list_tablets
from ..services.pins import set_pin
from ..services.tablets import register_tablet, renew_link, revoke_tablet, save_lock
from .found import member_or_404, tablet_or_404

REFUSED_SHOWN = 50


@workshop_page(Permission.SETTINGS_EDIT)
def tablet_list(request: WorkshopRequest) -> HttpResponse:
    form = TabletForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tablet, token = register_tablet(
                workshop=request.workshop, actor=request.actor, name=form.cleaned_data["name"]
            )
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            return _link_page(request, tablet, token)
    members = list_floor_members()
    pins = list_pins(members)
    context = {
        "form": form,
        "tablets": list_tablets(),
        "members": [(member, pins.get(member.pk)) for member in members],
        "lock_form": LockForm(instance=find_settings()),
        "refused": list_refused()[:REFUSED_SHOWN],
    }
    return render(request, "shopfloor/tablet_list.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def link_renew(request: WorkshopRequest, tablet_pk: int) -> HttpResponse:
    """The enrolment link again: of a tablet that was reset, or whose link is too old."""
    tablet = tablet_or_404(tablet_pk)
    return _link_page(request, tablet, renew_link(tablet=tablet))


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def tablet_revoke(request: WorkshopRequest, tablet_pk: int) -> HttpResponse:
    revoke_tablet(workshop=request.workshop, actor=request.actor, tablet=tablet_or_404(tablet_pk))
    messages.success(request, _("The tablet opens nothing any more."))
    return _to_list(request)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def lock_save(request: WorkshopRequest) -> HttpResponse:
    form = LockForm(request.POST, instance=find_settings())
    if form.is_valid():
        save_lock(workshop=request.workshop, actor=request.actor, minutes=form.cleaned_data["lock_minutes"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Between 1 and 120 minutes."))
    return _to_list(request)


@workshop_page(Permission.SETTINGS_EDIT)
def pin_reset(request: WorkshopRequest, membership_pk: int) -> HttpResponse:
    """Give a member another code."""
    member = member_or_404(membership_pk)
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_pin(workshop=request.workshop, actor=request.actor, membership=member, code=form.cleaned_data["code"])
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Code set."))
            return _to_list(request)
    context = {"form": form, "member": member}
    return render(request, "shopfloor/pin_edit.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.FLOOR_USE, when_read_only=True)
def my_pin(request: WorkshopRequest) -> HttpResponse:
    """One's own code on shared tablets."""
    form = PinForm(request.POST or None)
    member = request.membership
    if request.method == "POST" and form.is_valid():
        try:
            set_pin(workshop=request.workshop, actor=request.actor, membership=member, code=form.cleaned_data["code"])
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Code set."))
            return redirect(workshop_url(request.workshop, "home:settings"))
    context = {"form": form, "member": member, "own": True}
    return render(request, "shopfloor/pin_edit.html", context, status=422 if form.errors else 200)


def _link_page(request: WorkshopRequest, tablet: Tablet, token: str) -> HttpResponse:
    link = absolute_url(f"/tablette/{token}/")
    return render(request, "shopfloor/tablet_link.html", {"tablet": tablet, "link": link, "square": qr_svg(link)})


def _to_list(request: WorkshopRequest) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "tablets:tablet_list"))
