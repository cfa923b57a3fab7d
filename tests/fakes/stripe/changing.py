"""Changing the items of a subscription, or its cycle: prorations, and the invoice that may follow at once."""

from dataclasses import dataclass
from typing import Any

from .catalog import check_tax_rates
from .charging import refuse_unpaid
from .errors import StripeRefusal, unsupported
from .invoices import collect, finalize, method_of, payment_of
from .lines import add_proration
from .routes import merge_metadata
from .state import Account, Object
from .subscribing import (
    add_subscription_item,
    check_intervals,
    check_price,
    invoice_pending,
    items_of,
    months,
    renew,
    set_period,
)


@dataclass
class Change:
    """What an update asks about items and cycle."""

    items: list[Object]
    proration: str = "create_prorations"
    at: int | None = None
    anchor: str = "unchanged"
    trial_end: int | str | None = None


@dataclass(frozen=True)
class Held:
    """An item as it was before the change."""

    price: str
    quantity: int


def apply_change(account: Account, subscription: Object, change: Change) -> Object | None:
    """Do it, and return the draft invoice that it asks for at once, if any."""
    at = _moment(account, subscription, change)
    was_trialing = subscription["status"] == "trialing"
    length = months(account, subscription)
    before = {item["id"]: Held(item["price"], item["quantity"]) for item in items_of(account, subscription)}
    gone = _change_items(account, subscription, change.items, before)
    check_intervals(account, subscription)
    if _ends_trial(subscription, change):
        return _start_paying(account, subscription)
    if change.trial_end is not None:
        _move_trial(account, subscription, int(change.trial_end))
        return None
    if was_trialing:
        return None
    resets = change.anchor == "now" or months(account, subscription) != length
    if change.proration != "none":
        _prorate(account, subscription, before, gone, at=at, everything=resets)
    if resets:
        subscription["billing_cycle_anchor"] = at
        return renew(account, subscription, at=at, reason="subscription_update")
    if change.proration == "always_invoice":
        return invoice_pending(account, subscription, reason="subscription_update")
    return None


def _moment(account: Account, subscription: Object, change: Change) -> int:
    at = account.now if change.at is None else change.at
    if change.at is not None and not subscription["_start"] <= at <= subscription["_end"]:
        message = (
            "Cannot specify `proration_date` outside of the subscription's current period: "
            f"{subscription['_start']} to {subscription['_end']}."
        )
        raise StripeRefusal(message, param="proration_date")
    return at


def _change_items(
    account: Account, subscription: Object, given: list[Object], before: dict[str, Held]
) -> dict[str, Object]:
    """Add, change and delete; the items that were deleted by identifier."""
    gone: dict[str, Object] = {}
    added: list[tuple[int, Object]] = []
    for position, one in enumerate(given):
        if not one.get("id"):
            added.append((position, one))
            continue
        item = account.get("subscription_item", one["id"], param=f"items[{position}][id]")
        if item["subscription"] != subscription["id"]:
            message = f"Subscription item {one['id']} is not associated with subscription {subscription['id']}."
            raise StripeRefusal(message, param=f"items[{position}][id]")
        if one.get("deleted"):
            gone[item["id"]] = item
            account.remove("subscription_item", item["id"])
            continue
        _change_item(account, subscription, item, one, f"items[{position}]")
    for position, one in added:
        add_subscription_item(account, subscription, one, position)
    return gone


def _change_item(account: Account, subscription: Object, item: Object, given: Object, path: str) -> None:
    if given.get("price") and given["price"] != item["price"]:
        price = check_price(account, given["price"], subscription, f"{path}[price]", instead_of=item)
        item["price"] = price["id"]
        item["quantity"] = given.get("quantity", item["quantity"])
    if "quantity" in given:
        if given["quantity"] < 0:
            raise StripeRefusal("This value must be greater than or equal to 0.", param=f"{path}[quantity]")
        item["quantity"] = given["quantity"]
    if "tax_rates" in given:
        item["tax_rates"] = check_tax_rates(account, given["tax_rates"], f"{path}[tax_rates]")
    item["metadata"] = merge_metadata(item["metadata"], given.get("metadata"))


def _prorate(
    account: Account,
    subscription: Object,
    before: dict[str, Held],
    gone: dict[str, Object],
    *,
    at: int,
    everything: bool,
) -> None:
    """Credits for what is left, then debits for what is taken; only credits when a new cycle starts."""
    now = {item["id"]: item for item in items_of(account, subscription)}
    for identifier, held in before.items():
        item = gone.get(identifier) or now[identifier]
        same = identifier in now and (item["price"], item["quantity"]) == (held.price, held.quantity)
        if everything or not same:
            price = account.get("price", held.price)
            add_proration(account, subscription, item, price, held.quantity, at=at, credit=True)
        if identifier in now and not same and not everything:
            price = account.get("price", item["price"])
            add_proration(account, subscription, item, price, item["quantity"], at=at, credit=False)
    for identifier, item in now.items():
        if identifier not in before and not everything:
            price = account.get("price", item["price"])
            add_proration(account, subscription, item, price, item["quantity"], at=at, credit=False)


def _ends_trial(subscription: Object, change: Change) -> bool:
    return subscription["status"] == "trialing" and (change.trial_end == "now" or change.anchor == "now")


def _start_paying(account: Account, subscription: Object) -> Object:
    """The trial is over: the first paid period starts now."""
    subscription.update(trial_end=account.now, billing_cycle_anchor=account.now, status="active")
    return renew(account, subscription, at=account.now, reason="subscription_update")


def _move_trial(account: Account, subscription: Object, trial_end: int) -> None:
    if trial_end <= account.now:
        raise StripeRefusal("Invalid timestamp: must be in the future", param="trial_end")
    if subscription["status"] != "trialing":
        raise unsupported("a trial given to a subscription that is already paid", "trial_end")
    subscription.update(trial_end=trial_end, billing_cycle_anchor=trial_end, _noticed=False)
    set_period(account, subscription, subscription["_start"], trial_end)


def settle_change(account: Account, invoice: Object | None, behaviour: str, *, off_session: bool) -> None:
    """Finalize and collect the invoice of a change as `payment_behavior` says."""
    if invoice is None:
        return
    finalize(account, invoice)
    if invoice["status"] == "paid" or invoice["collection_method"] == "send_invoice":
        return
    if behaviour == "default_incomplete":
        return
    method: Any = method_of(account, invoice)
    paid = collect(account, invoice, off_session=off_session)
    if not paid and behaviour == "error_if_incomplete":
        raise refuse_unpaid(payment_of(account, invoice)[1] if method else {}, method)


def resume(account: Account, subscription: Object, *, anchor: str) -> Object:
    """A paused subscription goes on: its invoice, a draft."""
    if subscription["status"] != "paused":
        message = f"You cannot resume a subscription that is {subscription['status']}; it must be paused."
        raise StripeRefusal(message)
    if anchor == "now":
        subscription["billing_cycle_anchor"] = account.now
    subscription["status"] = "active"
    return renew(account, subscription, at=account.now, reason="subscription_update")
