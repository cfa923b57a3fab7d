"""Payment intents and charges: what happens when money is asked of a card."""

from typing import Any

from .cards import ASKS_ALWAYS, ASKS_ONCE, DECLINED, FAILS_LATER, MESSAGES, card_of
from .errors import StripeRefusal
from .routes import PAGES, Call, in_range, route
from .state import Account, Object

#: Stripe's own fee for a European card: 1.5 % + 0.25 EUR.
FEE_RATE, FEE_FIXED = 0.015, 25


def open_intent(account: Account, *, amount: int, customer: str, description: str, metadata: Object) -> Object:
    """A payment that waits for a card."""
    intent = account.add(
        "payment_intent",
        amount=amount,
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        capture_method="automatic",
        client_secret="",
        confirmation_method="automatic",
        currency="eur",
        customer=customer,
        description=description,
        metadata=metadata,
        payment_method_options={"card": {"request_three_d_secure": "automatic"}},
        payment_method_types=["card"],
        setup_future_usage="off_session",
        status="requires_payment_method",
    )
    intent["client_secret"] = account.new_id(f"{intent['id']}_secret_", 24)
    account.emit("payment_intent.created", intent)
    return intent


def refusal_of(account: Account, method: Object | None, *, off_session: bool, authenticated: bool) -> str | None:
    """The decline code that the card, or the test, has in store for a charge made now; None: it goes through."""
    if method is None:
        return "no_payment_method"
    if account.declines:
        return account.declines.pop(0)
    card = card_of(method)
    if card.behaviour in (DECLINED, FAILS_LATER):
        return card.decline
    if authenticated:
        return None
    asks = card.behaviour == ASKS_ALWAYS or (card.behaviour == ASKS_ONCE and not method["_authenticated"])
    return "authentication_required" if asks else None


def charge(
    account: Account, intent: Object, method: Object | None, *, off_session: bool, authenticated: bool = False
) -> bool:
    """Ask the card for the intent's amount: whether it was paid. The intent says why it was not."""
    code = refusal_of(account, method, off_session=off_session, authenticated=authenticated)
    if method is None:
        return False
    intent["payment_method"] = method["id"]
    intent["next_action"] = None
    if code is None:
        _succeed(account, intent, method, authenticated=authenticated)
        return True
    if code == "authentication_required" and not off_session:
        intent["status"] = "requires_action"
        intent["next_action"] = _authentication(account, intent)
        account.emit("payment_intent.requires_action", intent)
        return False
    _fail(account, intent, method, code, off_session=off_session)
    return False


def _succeed(account: Account, intent: Object, method: Object, *, authenticated: bool) -> None:
    if authenticated:
        method["_authenticated"] = True
    made = _charge(account, intent, method, status="succeeded")
    fee = round(intent["amount"] * FEE_RATE) + FEE_FIXED
    movement = account.add(
        "balance_transaction",
        amount=intent["amount"],
        available_on=account.now,
        balance_type="payments",
        currency="eur",
        description=intent["description"],
        fee=fee,
        fee_details=[
            {"amount": fee, "application": None, "currency": "eur", "description": "Stripe processing fees"}
            | {"type": "stripe_fee"}
        ],
        net=intent["amount"] - fee,
        reporting_category="charge",
        source=made["id"],
        status="available",
        type="charge",
    )
    made["balance_transaction"] = movement["id"]
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=made["id"],
        last_payment_error=None,
    )
    account.emit("charge.succeeded", made)
    account.emit("payment_intent.succeeded", intent)


def _fail(account: Account, intent: Object, method: Object, code: str, *, off_session: bool) -> None:
    made = _charge(account, intent, method, status="failed", code=code)
    wants_holder = code == "authentication_required"
    intent.update(
        status="requires_action" if wants_holder and not off_session else "requires_payment_method",
        latest_charge=made["id"],
        last_payment_error={
            "advice_code": "try_again_later",
            "charge": made["id"],
            "code": made["failure_code"],
            "decline_code": code,
            "message": made["failure_message"],
            "payment_method": account.render(method),
            "type": "card_error",
        },
    )
    account.emit("charge.failed", made)
    account.emit("payment_intent.payment_failed", intent)


def _authentication(account: Account, intent: Object) -> Object:
    url = f"{account.base_url}/hosted/authentication/{intent['id']}"
    return {"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": url}}


def error_code(code: str) -> str:
    """The error code of a decline code."""
    own = ("expired_card", "incorrect_cvc", "processing_error", "authentication_required")
    return code if code in own else "card_declined"


def _charge(account: Account, intent: Object, method: Object, *, status: str, code: str = "") -> Object:
    paid = status == "succeeded"
    card = method["card"]
    message = MESSAGES.get(code, MESSAGES["generic_decline"])
    return account.add(
        "charge",
        amount=intent["amount"],
        amount_captured=intent["amount"] if paid else 0,
        amount_refunded=0,
        billing_details=method["billing_details"],
        captured=paid,
        currency="eur",
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_code=None if paid else error_code(code),
        failure_message=None if paid else message,
        fraud_details={},
        metadata={},
        outcome={
            "advice_code": None if paid else "try_again_later",
            "network_status": "approved_by_network" if paid else "declined_by_network",
            "reason": None if paid else code,
            "risk_level": "normal",
            "risk_score": 20,
            "seller_message": "Payment complete." if paid else "The bank did not return any further details.",
            "type": "authorized" if paid else "issuer_declined",
        },
        paid=paid,
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details={
            "type": "card",
            "card": {name: card[name] for name in ("brand", "country", "exp_month", "exp_year", "funding", "last4")},
        },
        receipt_url=f"{account.base_url}/hosted/receipt/{intent['id']}" if paid else None,
        refunded=False,
        status=status,
    )


def refuse_unpaid(intent: Object, method: Object | None) -> StripeRefusal:
    """The 402 of a payment that was asked for and not made."""
    if method is None:
        message = (
            "This customer has no attached payment source or default payment method. Please consider adding a "
            "default payment method."
        )
        return StripeRefusal(message, code="resource_missing")
    if intent["status"] == "requires_action":
        message = "This payment requires additional user action before it can be completed successfully."
        return StripeRefusal(message, status=402, type="card_error", code="invoice_payment_intent_requires_action")
    error: Any = intent["last_payment_error"]
    return StripeRefusal(
        error["message"],
        status=402,
        type="card_error",
        code=error["code"],
        decline_code=error["decline_code"],
        charge=error["charge"],
    )


@route("GET", "/v1/payment_intents/{id}", "PaymentIntentRetrieveParams")
def retrieve_intent(call: Call) -> Object:
    """One payment."""
    return call.account.get("payment_intent", call.id)


@route("GET", "/v1/payment_intents", "PaymentIntentListParams", f"customer created {PAGES}")
def list_intents(call: Call) -> Object:
    """Payments, newest first."""
    return call.page("payment_intent", _of_customer(call, "payment_intent"))


@route("GET", "/v1/charges/{id}", "ChargeRetrieveParams")
def retrieve_charge(call: Call) -> Object:
    """One charge."""
    return call.account.get("charge", call.id)


@route("GET", "/v1/charges", "ChargeListParams", f"customer payment_intent created {PAGES}")
def list_charges(call: Call) -> Object:
    """Charges, newest first."""
    found = [raw for raw in _of_customer(call, "charge") if call.get("payment_intent") in (None, raw["payment_intent"])]
    return call.page("charge", found)


@route("GET", "/v1/balance_transactions/{id}", "BalanceTransactionRetrieveParams")
def retrieve_movement(call: Call) -> Object:
    """One movement of the publisher's balance."""
    return call.account.get("balance_transaction", call.id)


def _of_customer(call: Call, kind: str) -> list[Object]:
    return [
        raw
        for raw in call.account.all(kind)
        if call.get("customer") in (None, raw["customer"]) and in_range(raw, call.get("created"))
    ]
