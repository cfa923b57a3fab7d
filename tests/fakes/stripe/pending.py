"""Pending updates: with `pending_if_incomplete` a change waits, on its subscription, for its invoice to be paid."""

import pickle
from collections.abc import Callable

from .annotations import fields, resources
from .errors import StripeRefusal, unsupported
from .invoices import collect, finalize, void
from .routes import Call
from .settings import HOUR
from .standing import drop_pending
from .state import Account, Object
from .subscribing import items_of

#: How long a change waits, unless the paid period ends before.
WAITS = 23 * HOUR
KNOWN = {"items", "proration_behavior", "proration_date", "payment_behavior", "off_session", "expand"}


def check_supported(call: Call) -> None:
    """Stripe lets only prices and quantities wait: neither the removal of an item, nor anything else."""
    if call.params.keys() & {"trial_end", "billing_cycle_anchor"}:
        raise unsupported("a pending update of the trial or of the cycle", "payment_behavior")
    others = sorted(call.params.keys() - KNOWN)
    others += [f"items[{place}][deleted]" for place, item in enumerate(call.get("items", [])) if item.get("deleted")]
    if others:
        message = (
            "When `payment_behavior` is set to `pending_if_incomplete`, you can only update supported params. "
            f"{others[0]} is not supported."
        )
        raise StripeRefusal(message, param=others[0])


def update_when_paid(
    account: Account, subscription: Object, change: Callable[[], Object | None], *, off_session: bool
) -> None:
    """Make the change and collect its invoice; unpaid, everything is as before and the change waits."""
    discard(account, subscription)
    with account.changing(subscription, "customer.subscription.updated"):
        before = _held(account, subscription)
        invoice = change()
        if invoice is None:
            return
        invoice["_waits"] = True
        finalize(account, invoice)
        if invoice["status"] == "paid" or collect(account, invoice, off_session=off_session, automatic=False):
            invoice["_waits"] = False
            return
        wanted = [account.render(item) for item in items_of(account, subscription)]
        kept = _held(account, subscription)["items"]
        _restore(account, subscription, before)
        subscription["latest_invoice"] = invoice["id"]
        subscription["_wanted"] = kept
        subscription["pending_update"] = {
            **dict.fromkeys(fields(resources()["subscription"].PendingUpdate)),
            "expires_at": min(account.now + WAITS, subscription["_end"]),
            "subscription_items": wanted,
        }


def _held(account: Account, subscription: Object) -> Object:
    kept: Object = {"subscription": subscription, "items": {one["id"]: one for one in items_of(account, subscription)}}
    copy: Object = pickle.loads(pickle.dumps(kept))
    return copy


def _restore(account: Account, subscription: Object, held: Object) -> None:
    for item in items_of(account, subscription):
        account.tables["subscription_item"].pop(item["id"])
    account.tables["subscription_item"].update(held["items"])
    subscription.clear()
    subscription.update(held["subscription"])


def discard(account: Account, subscription: Object) -> None:
    """Another update replaces the one that waits, or its time is over: its invoice is void."""
    if not subscription["pending_update"]:
        return
    void(account, account.get("invoice", subscription["latest_invoice"]))
    drop_pending(account, subscription)
    account.emit("customer.subscription.pending_update_expired", subscription)
