"""What the subscription's pages show."""

from decimal import Decimal
from typing import Any

from app.entitlements.constants import Dimension, Feature
from app.tenancy.pages import WorkshopRequest
from app.tenancy.permissions import Permission

from . import stripe_mirror
from .constants import AccessState, OrderKind, OrderState
from .forms import ChoiceForm
from .models import BillingOrder, Offer, Subscription
from .remote import PreviewLine
from .selectors import (
    amount_unpaid,
    find_invoice_at,
    find_pending_invoice,
    find_subscription,
    find_trial,
    get_saas_settings,
    is_manual,
    is_subscribed,
    list_credits,
    list_invoices,
    list_items,
    list_options,
    list_public_plans,
    list_uses,
    vat_rate_of,
)
from .services.credits import calculation_of
from .summary import amounts, loss

INVOICES_SHOWN = 24


def subscription_context(request: WorkshopRequest) -> dict[str, Any]:
    """Everything about the subscription; the figures of money only for who manages it."""
    held = find_subscription()
    items = list_items()
    context: dict[str, Any] = {
        "subscription": held,
        "state": request.workshop.access_state,
        "state_label": AccessState(request.workshop.access_state).label if request.workshop.access_state else "",
        "trial": find_trial(),
        "is_subscribed": is_subscribed(held),
        "is_given": is_manual(held) and request.workshop.access_state == AccessState.ACTIVE,
        "items": items,
        "plans": list_public_plans(),
        "options": list_options(),
        "is_connected": stripe_mirror.is_connected(),
        "just_paid": "paye" in request.GET,
    }
    if request.may(Permission.SUBSCRIPTION_MANAGE):
        rate = vat_rate_of(request.workshop)
        context |= {
            "form": ChoiceForm(initial=_held_keys(held, items), held_plan=held.plan if held else None),
            "amounts": amounts([(item.unit_price, item.quantity) for item in items], vat_rate=rate),
            "invoices": list_invoices()[:INVOICES_SHOWN],
            "credits": [(credit, calculation_of(credit)) for credit in list_credits()[:INVOICES_SHOWN]],
            "unpaid": amount_unpaid(),
            "pending": find_pending_invoice(),
            "vat_rate": rate,
        }
    return context


def _held_keys(held: Subscription | None, items: list[Any]) -> dict[str, Any]:
    plan = held.plan.key if held and held.plan else None
    return {"plan": plan, "options": [item.offer.key for item in items if not item.offer.is_plan]}


def order_context(order: BillingOrder) -> dict[str, Any]:
    """An order and, for a preview, the amounts and what would be lost."""
    context: dict[str, Any] = {"order": order, "waits": order.state == OrderState.WAITING}
    if bank := order.result.get("bank"):
        invoice = find_invoice_at(bank)
        context["bank"] = bank
        context["bank_state"] = invoice.status if invoice else "open"
        context["pending_until"] = (find_subscription() or Subscription()).pending_until
    if order.kind == OrderKind.PREVIEW and order.state == OrderState.DONE:
        context |= {"preview": _preview(order.result), "wanted": _wanted(order), "prorate": get_saas_settings().prorate}
        context["loss"] = _loss(order)
    return context


def _preview(result: dict[str, Any]) -> dict[str, Any]:
    figures = {name: Decimal(result[name]) for name in ("total_excl_tax", "tax", "total", "amount_due")}
    return {**figures, "lines": [PreviewLine(text, Decimal(amount)) for text, amount in result["lines"]]}


def _wanted(order: BillingOrder) -> list[Offer]:
    return list(Offer.objects.filter(key__in=order.arguments["offers"]))


def _loss(order: BillingOrder) -> dict[str, Any]:
    wanted = _wanted(order)
    held = {feature for item in list_items() for feature in item.offer.features}
    kept = {feature for offer in wanted for feature in offer.features}
    limits: dict[str, int | None] = {}
    for offer in wanted:
        if offer.is_plan:
            limits = dict(offer.limits)
    found = loss(held=held, kept=kept, limits=limits, used=list_uses())
    return {
        "features": [Feature(feature).label for feature in found.features],
        "passed": [(Dimension(name).label, used, limit) for name, used, limit in found.passed],
    }
