"""What each kind of order says to the payment service; called without any transaction open."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope

from .. import stripe_mirror
from ..constants import OrderKind
from ..errors import PaymentServiceError
from ..models import BillingOrder, Offer, Subscription
from ..remote import Customer, WantedItem
from ..selectors import find_subscription, get_price, get_saas_settings, is_valid_number, list_items
from ..vat import DUE, needs_check, tax_exempt
from .vat import check_number


@dataclass(frozen=True)
class Task:
    """Everything that an order needs, read in one go in the workshop's scope."""

    kind: OrderKind
    key: str
    workshop_id: int
    customer: Customer
    customer_id: str
    subscription_id: str
    prices: tuple[str, ...]
    items: tuple[WantedItem, ...]
    at: datetime
    prorate: bool
    tax_rate: str
    portal_id: str
    back: str
    checks_number: bool


def task_of(workshop: Workshop, order: BillingOrder) -> Task:
    """Read what an order needs. PaymentServiceError when an offer has no price at the payment service yet."""
    settings = get_saas_settings()
    subscription = find_subscription() or Subscription(workshop=workshop)
    offers = _offers(order.arguments.get("offers", []))
    exempt = tax_exempt(workshop.country, number_is_valid=is_valid_number(workshop.vat_number))
    return Task(
        kind=OrderKind(order.kind),
        key=str(order.key),
        workshop_id=workshop.pk,
        customer=customer_of(workshop, exempt),
        customer_id=subscription.stripe_customer_id,
        subscription_id=subscription.stripe_subscription_id,
        prices=tuple(_price_id(offer) for offer in offers) if order.kind == OrderKind.CHECKOUT else (),
        items=_wanted(offers) if order.kind in {OrderKind.PREVIEW, OrderKind.CHANGE} else (),
        at=datetime.fromisoformat(order.arguments["at"]) if "at" in order.arguments else timezone.now(),
        prorate=settings.prorate,
        tax_rate=settings.stripe_tax_rate_id if exempt == DUE else "",
        portal_id=settings.stripe_portal_id,
        back=absolute_url(workshop_url(workshop, "billing:subscription")),
        checks_number=needs_check(workshop.country, workshop.vat_number),
    )


def carry(task: Task) -> dict[str, Any]:
    """Do it; what the page shows of it. Errors are those of the payment service."""
    return CARRIERS[task.kind](task)


def customer_of(workshop: Workshop, exempt: str) -> Customer:
    """What the payment service must know of a workshop."""
    return Customer(
        workshop_id=workshop.pk,
        name=workshop.name,
        email=workshop.email,
        street=workshop.street,
        postcode=workshop.postcode,
        city=workshop.city,
        country=workshop.country,
        vat_number=workshop.vat_number,
        tax_exempt=exempt,
    )


def _checkout(task: Task) -> dict[str, Any]:
    if task.checks_number:
        task = _with_fresh_number(task)
    customer_id = stripe_mirror.save_customer(task.customer, customer_id=task.customer_id, key=f"{task.key}-customer")
    remember_customer(task.workshop_id, customer_id)
    url = stripe_mirror.open_checkout(
        customer_id=customer_id,
        prices=task.prices,
        tax_rate=task.tax_rate,
        success=f"{task.back}?paye=1",
        back=task.back,
        key=task.key,
    )
    return {"url": url}


def _with_fresh_number(task: Task) -> Task:
    """Ask VIES now: the first invoice must bear the right VAT."""
    valid = check_number(workshop_id=task.workshop_id, number=task.customer.vat_number)
    exempt = tax_exempt(task.customer.country, number_is_valid=valid)
    rate = get_saas_settings().stripe_tax_rate_id if exempt == DUE else ""
    return replace(task, customer=replace(task.customer, tax_exempt=exempt), tax_rate=rate)


def remember_customer(workshop_id: int, customer_id: str) -> None:
    """Keep the customer's identifier before anything is paid: its events must find the workshop."""
    with workshop_scope(workshop_id):
        Subscription.objects.update_or_create(workshop_id=workshop_id, defaults={"stripe_customer_id": customer_id})


def _portal(task: Task) -> dict[str, Any]:
    url = stripe_mirror.open_portal(
        customer_id=task.customer_id,
        portal_id=task.portal_id,
        back=task.back,
        only_card=task.kind == OrderKind.CARD,
        key=task.key,
    )
    return {"url": url}


def _preview(task: Task) -> dict[str, Any]:
    at = task.at.replace(microsecond=0)
    preview = stripe_mirror.preview_change(
        subscription_id=task.subscription_id, items=task.items, at=at, prorate=task.prorate
    )
    return {
        "at": at.isoformat(),
        "lines": [[line.text, str(line.amount)] for line in preview.lines],
        "total_excl_tax": str(preview.total_excl_tax),
        "tax": str(preview.tax),
        "total": str(preview.total),
        "amount_due": str(preview.amount_due),
    }


def _change(task: Task) -> dict[str, Any]:
    page = stripe_mirror.change_items(
        subscription_id=task.subscription_id, items=task.items, at=task.at, prorate=task.prorate, key=task.key
    )
    return {"bank": page} if page else {}


def _withdraw(task: Task) -> dict[str, Any]:
    stripe_mirror.drop_pending(subscription_id=task.subscription_id, key=task.key)
    return {}


def _cancel(task: Task) -> dict[str, Any]:
    stripe_mirror.cancel_at_period_end(
        subscription_id=task.subscription_id, cancel=task.kind == OrderKind.CANCEL, key=task.key
    )
    return {}


CARRIERS: dict[OrderKind, Callable[[Task], dict[str, Any]]] = {
    OrderKind.CHECKOUT: _checkout,
    OrderKind.PORTAL: _portal,
    OrderKind.CARD: _portal,
    OrderKind.PREVIEW: _preview,
    OrderKind.CHANGE: _change,
    OrderKind.WITHDRAW: _withdraw,
    OrderKind.CANCEL: _cancel,
    OrderKind.UNDO: _cancel,
}


def _offers(keys: list[str]) -> list[Offer]:
    found = {offer.key: offer for offer in Offer.objects.filter(key__in=keys)}
    return [found[key] for key in keys if key in found]


def _price_id(offer: Offer) -> str:
    price_id = get_price(offer).stripe_price_id
    if not price_id:
        raise PaymentServiceError(f"{offer.key} has no price at the payment service: run billing_setup")
    return price_id


def _wanted(offers: list[Offer]) -> tuple[WantedItem, ...]:
    """From what is held to what is wanted: the plan's line changes its price, options come and go.

    An option that stays keeps the price that it was taken at.
    """
    held = {item.offer_id: item for item in list_items()}
    plan = next((item for item in held.values() if item.offer.is_plan), None)
    wanted = []
    for offer in offers:
        if offer.pk in held:
            continue
        item_id = plan.stripe_item_id if offer.is_plan and plan else ""
        wanted.append(WantedItem(_price_id(offer), item_id=item_id))
    kept = {offer.pk for offer in offers}
    gone = [item for item in held.values() if item.offer_id not in kept and not item.offer.is_plan]
    return (*wanted, *(WantedItem("", quantity=0, item_id=item.stripe_item_id) for item in gone))
