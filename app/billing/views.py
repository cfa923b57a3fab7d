"""The subscription: seen by Owner and Admin, changed by the Owner."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .constants import OrderKind, OrderState
from .forms import ChoiceForm, ExitForm
from .models import BillingOrder
from .pages import order_context, subscription_context
from .selectors import find_subscription, get_order, is_subscribed
from .services.leaving import keep_exit_answer
from .services.orders import place_order

manages = workshop_page(Permission.SUBSCRIPTION_MANAGE, when_read_only=True)


@workshop_page(Permission.SUBSCRIPTION_READ, when_read_only=True)
@require_safe
def subscription(request: WorkshopRequest) -> HttpResponse:
    """The plan, what comes next, and everything that may be done about it."""
    return render(request, "billing/subscription.html", subscription_context(request))


@manages
@require_POST
def choose(request: WorkshopRequest) -> HttpResponse:
    """Subscribe by the payment page, or see first what a change costs."""
    held = find_subscription()
    form = ChoiceForm(request.POST, held_plan=held.plan if held else None)
    if not form.is_valid():
        context = {**subscription_context(request), "form": form}
        return render(request, "billing/subscription.html", context, status=422)
    kind = OrderKind.PREVIEW if is_subscribed(held) else OrderKind.CHECKOUT
    return _ask(request, kind, {"offers": form.keys})


@manages
@require_safe
def order(request: WorkshopRequest, order_pk: int) -> HttpResponse:
    """Follow what was asked; the fragment asks again until it is done, then goes where it leads."""
    found = _order_or_404(order_pk)
    template = "billing/order_state.html" if request.headers.get("HX-Request") else "billing/order.html"
    response = render(request, template, order_context(found))
    if found.result.get("url") and request.headers.get("HX-Request"):
        response["HX-Redirect"] = found.result["url"]
    return response


@manages
@require_POST
def confirm(request: WorkshopRequest, order_pk: int) -> HttpResponse:
    """Make the change that was shown, at the price that was shown."""
    shown = _order_or_404(order_pk)
    if shown.kind != OrderKind.PREVIEW or shown.state != OrderState.DONE:
        raise Http404
    return _ask(request, OrderKind.CHANGE, {"offers": shown.arguments["offers"], "at": shown.result["at"]})


@manages
@require_POST
def card(request: WorkshopRequest) -> HttpResponse:
    return _ask(request, OrderKind.CARD)


@manages
@require_POST
def portal(request: WorkshopRequest) -> HttpResponse:
    return _ask(request, OrderKind.PORTAL)


@manages
def cancel(request: WorkshopRequest) -> HttpResponse:
    """Leave at the end of what is paid, after saying why if one wishes."""
    held = find_subscription()
    if held is None or not is_subscribed(held) or held.cancel_at:
        return redirect(workshop_url(request.workshop, "billing:subscription"))
    form = ExitForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        keep_exit_answer(workshop=request.workshop, **form.cleaned_data)
        return _ask(request, OrderKind.CANCEL)
    context = {"form": form, "subscription": held}
    return render(request, "billing/cancel.html", context, status=422 if form.errors else 200)


@manages
@require_POST
def withdraw(request: WorkshopRequest) -> HttpResponse:
    """Give up the change that waits for the bank."""
    return _ask(request, OrderKind.WITHDRAW)


@manages
@require_POST
def undo(request: WorkshopRequest) -> HttpResponse:
    return _ask(request, OrderKind.UNDO)


def _ask(request: WorkshopRequest, kind: OrderKind, arguments: dict[str, Any] | None = None) -> HttpResponse:
    try:
        placed = place_order(workshop=request.workshop, actor=request.actor, kind=kind, arguments=arguments)
    except RuleError as error:
        messages.error(request, error.message)
        return redirect(workshop_url(request.workshop, "billing:subscription"))
    return redirect(workshop_url(request.workshop, "billing:order", order_pk=placed.pk))


def _order_or_404(order_pk: int) -> BillingOrder:
    try:
        return get_order(order_pk)
    except BillingOrder.DoesNotExist as error:
        raise Http404(_("Nothing was asked under this number.")) from error
