"""Refunds: money that goes back to the card. The invoice stays paid, as at Stripe."""

from typing import Any

from .errors import StripeRefusal, missing_param
from .rendering import includes, listed
from .routes import PAGES, Call, in_range, merge_metadata, route
from .state import Account, Object


@route("POST", "/v1/refunds", "RefundCreateParams", "charge payment_intent amount reason metadata")
def create_refund(call: Call) -> Object:
    """The whole of a charge, or a part of what is left of it."""
    account = call.account
    charge = _charge(call)
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = call.get("amount", left)
    if not charge["paid"] or not left:
        message = f"Charge {charge['id']} has already been refunded." if charge["paid"] else "The charge has failed."
        raise StripeRefusal(message, code="charge_already_refunded" if charge["paid"] else None)
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise StripeRefusal(message, param="amount")
    refund = account.add(
        "refund",
        amount=amount,
        balance_transaction=_movement(account, charge, amount)["id"],
        charge=charge["id"],
        currency="eur",
        metadata=merge_metadata({}, call.get("metadata")),
        payment_intent=charge["payment_intent"],
        reason=call.get("reason"),
        status="succeeded",
    )
    account.emit("refund.created", refund)
    with account.changing(charge, "charge.refunded"):
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    return refund


def _charge(call: Call) -> Object:
    if call.has("charge"):
        return call.account.get("charge", call.get("charge"), param="charge")
    if not call.has("payment_intent"):
        raise missing_param("charge")
    intent = call.account.get("payment_intent", call.get("payment_intent"), param="payment_intent")
    if not intent["latest_charge"]:
        message = "This PaymentIntent does not have a successful charge to refund."
        raise StripeRefusal(message, param="payment_intent")
    return call.account.get("charge", intent["latest_charge"])


def _movement(account: Account, charge: Object, amount: int) -> Object:
    return account.add(
        "balance_transaction",
        amount=-amount,
        available_on=account.now,
        balance_type="payments",
        currency="eur",
        description=f"REFUND FOR CHARGE ({charge['description']})",
        fee=0,
        fee_details=[],
        net=-amount,
        reporting_category="refund",
        source=charge["id"],
        status="available",
        type="refund",
    )


@route("GET", "/v1/refunds/{id}", "RefundRetrieveParams")
def retrieve_refund(call: Call) -> Object:
    """One refund."""
    return call.account.get("refund", call.id)


@route("GET", "/v1/refunds", "RefundListParams", f"charge payment_intent created {PAGES}")
def list_refunds(call: Call) -> Object:
    """Refunds, newest first."""
    found = [
        raw
        for raw in call.account.all("refund")
        if all(call.get(name) in (None, raw[name]) for name in ("charge", "payment_intent"))
        and in_range(raw, call.get("created"))
    ]
    return call.page("refund", found)


@includes("charge", "refunds")
def charge_refunds(account: Account, shown: Object) -> Any:
    """The refunds of a charge, newest first."""
    return listed(account.all("refund", charge=shown["id"])[::-1], f"/v1/charges/{shown['id']}/refunds")
