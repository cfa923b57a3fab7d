"""What a client sees of the stored objects: computed fields, lists with pages, `expand`."""

from collections.abc import Callable
from typing import Any

from .annotations import fields, members, resource_of, resources
from .errors import StripeRefusal
from .state import Account, Object, complete

Computing = Callable[[Account, Object], Object]
#: Fields that are added when an object of the kind is shown.
_SHOWN: dict[str, Computing] = {}
#: Fields that are shown only when they are expanded.
_INCLUDED: dict[tuple[str, str], Callable[[Account, Object], Any]] = {}
MAX_LEVELS = 4


def shows(kind: str) -> Callable[[Computing], Computing]:
    """Register the function that computes the other fields of a kind."""

    def register(compute: Computing) -> Computing:
        _SHOWN[kind] = compute
        return compute

    return register


def includes(kind: str, field: str) -> Callable[[Callable[[Account, Object], Any]], Callable[[Account, Object], Any]]:
    """Register the function that computes a field shown on demand."""

    def register(compute: Callable[[Account, Object], Any]) -> Callable[[Account, Object], Any]:
        _INCLUDED[kind, field] = compute
        return compute

    return register


def render(account: Account, raw: Any) -> Any:
    """The object without the server's notes; a stored one gets its computed fields, a snapshot of one has them."""
    if isinstance(raw, list):
        return [render(account, item) for item in raw]
    if not isinstance(raw, dict):
        return raw
    shown = {key: render(account, value) for key, value in raw.items() if not key.startswith("_")}
    compute = _SHOWN.get(str(raw.get("object")))
    if compute and "_order" in raw:
        shown.update(compute(account, raw))
    return shown


def listed(data: list[Object], url: str, *, has_more: bool = False) -> Object:
    """Stripe's list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def expand(account: Account, shown: Object, paths: list[str]) -> None:
    """Replace identifiers by their objects along each dotted path, in place."""
    for path in paths:
        parts = path.split(".")
        if len(parts) > MAX_LEVELS:
            message = f"You cannot expand more than {MAX_LEVELS} levels of a property. Property: {path}"
            raise StripeRefusal(message, param="expand")
        if shown.get("object") == "list" and parts[0] != "data":
            raise StripeRefusal(f"This property cannot be expanded ({path}). You may want to try expanding data.{path}")
        _expand(account, shown, parts, path)


def _expand(account: Account, node: Any, parts: list[str], path: str) -> None:
    """Follow the rest of a path from a node that is an object, a list, or nothing."""
    if node is None or (not parts and isinstance(node, dict)):
        return
    if isinstance(node, list):
        for position, item in enumerate(node):
            if isinstance(item, str):
                node[position] = _found(account, item)
            _expand(account, node[position], parts, path)
        return
    if not isinstance(node, dict):
        raise _unexpandable(path)
    head, rest = parts[0], parts[1:]
    kind = str(node.get("object"))
    if head not in node:
        node[head] = _included(account, kind, head, node, path)
    value = node[head]
    if isinstance(value, str):
        if not rest and not _is_reference(kind, head, value):
            raise _unexpandable(path)
        node[head] = _found(account, value)
    _expand(account, node[head], rest, path)


def _included(account: Account, kind: str, field: str, node: Object, path: str) -> Any:
    compute = _INCLUDED.get((kind, field))
    if compute is None:
        raise _unexpandable(path)
    return render(account, compute(account, node))


def _is_reference(kind: str, field: str, value: str) -> bool:
    """Whether the package says that the field may hold an object; inner classes are judged by the identifier."""
    if kind not in resources():
        return "_" in value
    cls: type = resources()[kind]
    annotation = fields(cls).get(field)
    return any(resource_of(part) for part in members(annotation))


def _found(account: Account, identifier: str) -> Any:
    raw = account.anything(identifier) or account.tables["deleted"].get(identifier)
    return render(account, raw) if raw else identifier


def _unexpandable(path: str) -> StripeRefusal:
    return StripeRefusal(f"This property cannot be expanded ({path}).", param="expand")


@shows("subscription_item")
def show_subscription_item(account: Account, raw: Object) -> Object:
    """The whole price, the plan it was before prices existed, and the whole tax rates."""
    price = account.get("price", raw["price"])
    return {
        "price": render(account, price),
        "plan": plan_of(price),
        "tax_rates": rates(account, raw["tax_rates"]),
    }


@shows("subscription")
def show_subscription(account: Account, raw: Object) -> Object:
    """The items that are still there, oldest first, and the whole tax rates."""
    items = account.all("subscription_item", subscription=raw["id"])
    url = f"/v1/subscription_items?subscription={raw['id']}"
    return {
        "items": {**listed(render(account, items), url), "total_count": len(items)},
        "default_tax_rates": rates(account, raw["default_tax_rates"]),
    }


@shows("invoice")
def show_invoice(account: Account, raw: Object) -> Object:
    """The first ten lines, as Stripe does, and the whole tax rates."""
    lines = render(account, raw["_lines"])
    page = listed(lines[:10], f"/v1/invoices/{raw['id']}/lines", has_more=len(lines) > 10)
    return {
        "lines": {**page, "total_count": len(lines)},
        "default_tax_rates": rates(account, raw["default_tax_rates"]),
    }


@shows("invoiceitem")
def show_invoice_item(account: Account, raw: Object) -> Object:
    """The whole tax rates."""
    return {"tax_rates": rates(account, raw["tax_rates"])}


@includes("invoice", "payments")
def invoice_payments(account: Account, shown: Object) -> Object:
    """The attempts to pay the invoice."""
    found = account.all("invoice_payment", invoice=shown["id"])
    return listed(found, f"/v1/invoice_payments?invoice={shown['id']}")


@includes("invoice", "confirmation_secret")
def confirmation_secret(account: Account, shown: Object) -> Object | None:
    """The secret of the invoice's payment intent, while there is something to pay."""
    for payment in account.all("invoice_payment", invoice=shown["id"], status="open"):
        intent = account.get("payment_intent", payment["payment"]["payment_intent"])
        return {"client_secret": intent["client_secret"], "type": "payment_intent"}
    return None


@includes("customer", "subscriptions")
def customer_subscriptions(account: Account, shown: Object) -> Object:
    """The subscriptions of a customer that are not over."""
    found = [sub for sub in account.all("subscription", customer=shown["id"]) if sub["ended_at"] is None]
    return listed(found[::-1], f"/v1/customers/{shown['id']}/subscriptions")


@includes("customer", "tax_ids")
def customer_tax_ids(account: Account, shown: Object) -> Object:
    """The tax numbers of a customer."""
    return listed(account.all("tax_id", customer=shown["id"]), f"/v1/customers/{shown['id']}/tax_ids")


@includes("customer", "sources")
def customer_sources(account: Account, shown: Object) -> Object:
    """Cards of the API that came before payment methods: there are none here."""
    return listed([], f"/v1/customers/{shown['id']}/sources")


@includes("price", "currency_options")
def price_currencies(account: Account, shown: Object) -> Object:
    """The one currency of the price."""
    names = ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")
    return {shown["currency"]: {name: shown[name] for name in names}}


@includes("price", "tiers")
def price_tiers(account: Account, shown: Object) -> None:
    """No price has tiers here."""


@includes("checkout.session", "line_items")
def session_lines(account: Account, shown: Object) -> Object:
    """What the session sells, with its taxes."""
    raw = account.get("checkout.session", shown["id"])
    return listed(raw["_items"], f"/v1/checkout/sessions/{shown['id']}/line_items")


def rates(account: Account, identifiers: list[str] | None) -> list[Object] | None:
    """The whole tax rates of these identifiers."""
    return [render(account, account.get("tax_rate", one)) for one in identifiers] if identifiers is not None else None


def plan_of(price: Object) -> Object | None:
    """The plan that a recurring price also is."""
    if not price["recurring"]:
        return None
    recurring = price["recurring"]
    values = {
        "id": price["id"],
        "active": price["active"],
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": price["billing_scheme"],
        "created": price["created"],
        "currency": price["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "metadata": price["metadata"],
        "nickname": price["nickname"],
        "product": price["product"],
        "usage_type": recurring["usage_type"],
    }
    return complete("plan", values)
