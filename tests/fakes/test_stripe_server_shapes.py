"""What the local server answers is what the package's classes describe: every field known, every type held."""

from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin

import stripe

from tests.fakes.conftest import Shop, item_ids
from tests.fakes.stripe.annotations import fields, is_optional, literals, members, resource_of, resources
from tests.fakes.stripe.state import ABSENT


def faults(value: Any, annotation: Any, path: str) -> list[str]:
    """What is wrong in this JSON value, by the annotation of the package."""
    parts = members(annotation)
    if value is None:
        return [] if NoneType in parts else [f"{path} is null"]
    if isinstance(value, dict):
        return _object_faults(value, parts, path)
    if isinstance(value, list):
        inner = next((get_args(part)[0] for part in parts if get_origin(part) is list), None)
        if inner is None:
            return [f"{path} is a list"]
        return [fault for position, item in enumerate(value) for fault in faults(item, inner, f"{path}[{position}]")]
    return [] if _is_scalar(value, parts) else [f"{path} = {value!r} is not {annotation}"]


def _is_scalar(value: Any, parts: tuple[Any, ...]) -> bool:
    known = [choice for part in parts for choice in literals(part)]
    if known and value in known:
        return True
    if known and isinstance(value, str):
        return False  # the `| str` beside the words only says that Stripe may add some
    if isinstance(value, bool):
        return bool in parts
    if isinstance(value, int):
        return int in parts or float in parts
    if isinstance(value, float):
        return float in parts
    return str in parts or Decimal in parts


def _object_faults(value: dict[str, Any], parts: tuple[Any, ...], path: str) -> list[str]:
    if value.get("deleted") is True:
        return []
    if value.get("object") == "list":
        inner = next((get_args(part)[0] for part in parts if "ListObject" in str(part)), None)
        return [f for n, item in enumerate(value["data"]) for f in faults(item, inner, f"{path}.data[{n}]")]
    classes = [found for part in parts if (found := resource_of(part))]
    named = [cls for cls in classes if cls.__dict__.get("OBJECT_NAME") == value.get("object")]
    cls = next(iter(named or classes), None)
    if cls is None or not fields(cls):
        maps = any("UntypedStripeObject" in str(part) for part in parts)
        return [] if maps else [f"{path} is an object"]
    return class_faults(value, cls, path)


def class_faults(value: dict[str, Any], cls: type, path: str) -> list[str]:
    """The same for an object of a known class: unknown fields, missing fields, wrong types."""
    known = fields(cls)
    skipped = ABSENT.get(str(value.get("object")), frozenset()) | {"deleted"}
    found = [f"{path}.{name} is unknown" for name in value if name not in known]
    for name, annotation in known.items():
        if name in value:
            found += faults(value[name], annotation, f"{path}.{name}")
        elif not is_optional(annotation) and name not in skipped:
            found.append(f"{path}.{name} is missing")
    return found


def resource_faults(shown: stripe.StripeObject) -> list[str]:
    """The faults of an answer of the API."""
    value = shown.to_dict(for_json=True)
    return class_faults(value, resources()[value["object"]], value["object"])


def _played(shop: Shop) -> str:
    """A life that makes one of everything; the customer."""
    v1 = shop.client.v1
    customer = shop.customer(address={"line1": "1 rue du Four", "city": "Lyon", "country": "FR"})
    v1.customers.tax_ids.create(customer, {"type": "eu_vat", "value": "FR12345678901"})
    v1.customers.balance_transactions.create(customer, {"amount": -300, "currency": "eur"})
    v1.billing_portal.configurations.create({"features": {"invoice_history": {"enabled": True}}})
    v1.billing_portal.sessions.create({"customer": customer, "flow_data": {"type": "payment_method_update"}})
    v1.webhook_endpoints.create({"url": "http://127.0.0.1:9/hook", "enabled_events": ["invoice.paid"]})
    page = v1.checkout.sessions.create(
        {
            "mode": "subscription",
            "customer": customer,
            "line_items": [{"price": shop.lite, "quantity": 2}],
            "success_url": "http://shop.test/",
            "subscription_data": {"default_tax_rates": [shop.vat]},
        }
    )
    assert shop.server.fill_in(str(page.url)) == "http://shop.test/"
    subscription = v1.subscriptions.list({"customer": customer}).data[0]
    v1.invoice_items.create({"customer": customer, "amount": -500, "currency": "eur", "description": "Avoir SLA"})
    shop.server.advance(days=10)
    v1.subscriptions.update(
        subscription.id,
        {"items": [{"id": item_ids(subscription)[0], "price": shop.pro}], "proration_behavior": "always_invoice"},
    )
    shop.server.advance(days=30)
    shop.server.use_card(customer, "pm_card_chargeCustomerFail")
    shop.server.advance(days=31)
    paid = v1.charges.list({"customer": customer}).data[-1]
    v1.refunds.create({"charge": paid.id, "amount": 100, "reason": "requested_by_customer"})
    v1.setup_intents.create({"customer": customer, "confirm": True, "payment_method": "pm_card_mastercard"})
    return customer


def test_every_object_is_shaped_as_the_package_describes_it(shop: Shop) -> None:
    customer = _played(shop)
    v1 = shop.client.v1
    intents = v1.payment_intents.list({"customer": customer}).data
    charges = v1.charges.list({"customer": customer}).data
    lists: list[Any] = [
        v1.products.list(), v1.prices.list(), v1.tax_rates.list(), v1.customers.list(),
        v1.customers.tax_ids.list(customer), v1.customers.balance_transactions.list(customer),
        v1.customers.payment_methods.list(customer), v1.setup_intents.list(), v1.checkout.sessions.list(),
        v1.subscriptions.list({"customer": customer}), v1.invoices.list({"customer": customer}),
        v1.refunds.list(), v1.invoice_items.list({"customer": customer}), v1.invoice_payments.list(),
        v1.billing_portal.configurations.list(), v1.webhook_endpoints.list(), v1.events.list({"limit": 100}),
    ]  # fmt: skip
    objects = [item for page in lists for item in page.data] + [*intents, *charges, v1.accounts.retrieve_current()]
    moves = [charge.balance_transaction for charge in charges if charge.balance_transaction]
    objects += [v1.balance_transactions.retrieve(str(move)) for move in moves]
    objects += [v1.invoices.create_preview({"customer": customer})]
    kinds = {item.to_dict()["object"] for item in objects}
    assert len(kinds) >= 20, kinds
    assert [fault for item in objects for fault in resource_faults(item)] == []


def test_every_event_holds_an_object_of_its_type(shop: Shop) -> None:
    _played(shop)
    events = shop.client.v1.events.list({"limit": 100})
    seen = 0
    for event in events.auto_paging_iter():
        value = event.data.object.to_dict(for_json=True)
        upcoming = event.type == "invoice.upcoming"
        found = class_faults(value, resources()[value["object"]], event.type)
        assert found == (["invoice.upcoming.id is missing"] if upcoming else [])
        assert event.api_version == stripe.api_version
        seen += 1
    assert seen > 60


def test_expanded_objects_are_shaped_too(shop: Shop) -> None:
    customer = _played(shop)
    v1 = shop.client.v1
    shown = v1.customers.retrieve(
        customer,
        {"expand": ["subscriptions.data.latest_invoice", "tax_ids", "invoice_settings.default_payment_method"]},
    )
    assert resource_faults(shown) == []
    assert shown.subscriptions is not None
    subscription = shown.subscriptions.data[0]
    assert isinstance(subscription.latest_invoice, stripe.Invoice)
    assert isinstance(shown.invoice_settings, stripe.Customer.InvoiceSettings)
    assert isinstance(shown.invoice_settings.default_payment_method, stripe.PaymentMethod)
    invoice = v1.invoices.retrieve(
        subscription.latest_invoice.id,
        {
            "expand": [
                "payments.data.payment.payment_intent",
                "confirmation_secret",
                "parent.subscription_details.subscription",
            ]
        },
    )
    assert resource_faults(invoice) == []
    assert invoice.parent and invoice.parent.subscription_details
    assert isinstance(invoice.parent.subscription_details.subscription, stripe.Subscription)
    assert invoice.confirmation_secret is not None
    price = v1.prices.retrieve(shop.lite, {"expand": ["product", "currency_options", "tiers"]})
    assert isinstance(price.product, stripe.Product)
    charge = v1.charges.list({"customer": customer, "expand": ["data.balance_transaction"]}).data[-1]
    assert isinstance(charge.balance_transaction, stripe.BalanceTransaction)
