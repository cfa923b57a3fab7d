"""The test cards: what each number does when it is kept and when it is charged."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from .errors import StripeRefusal, card_refusal
from .state import Account, Object

OK, DECLINED, FAILS_LATER, ASKS_ONCE, ASKS_ALWAYS = "ok", "declined", "fails_later", "asks_once", "asks_always"

MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "lost_card": "Your card was declined.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}
#: Decline codes that are the error code too; the others are a `card_declined`.
_OWN_CODE = frozenset({"expired_card", "incorrect_cvc", "processing_error"})


@dataclass(frozen=True)
class TestCard:
    """One of Stripe's numbers; `decline` is the code of its refusals."""

    number: str
    behaviour: str = OK
    decline: str = "generic_decline"
    brand: str = "visa"
    token: str = ""
    #: What the hosted pages say of it, in French.
    said: str = "payée"


CARDS = (
    TestCard("4242424242424242", token="pm_card_visa"),
    TestCard("5555555555554444", brand="mastercard", token="pm_card_mastercard"),
    TestCard("4000002500000003", token="pm_card_fr"),
    TestCard("4000000000000002", DECLINED, token="pm_card_visa_chargeDeclined", said="refusée"),
    TestCard("4000000000009995", DECLINED, "insufficient_funds", said="refusée, provision insuffisante",
             token="pm_card_visa_chargeDeclinedInsufficientFunds"),
    TestCard("4000000000000069", DECLINED, "expired_card", said="refusée, expirée",
             token="pm_card_chargeDeclinedExpiredCard"),
    TestCard("4000000000000127", DECLINED, "incorrect_cvc", said="refusée, code faux",
             token="pm_card_chargeDeclinedIncorrectCvc"),
    TestCard("4000000000000341", FAILS_LATER, token="pm_card_chargeCustomerFail",
             said="acceptée, puis refusée aux paiements suivants"),
    TestCard("4000002500003155", ASKS_ONCE, "authentication_required", token="pm_card_authenticationRequiredOnSetup",
             said="demande une authentification, une fois"),
    TestCard("4000002760003184", ASKS_ALWAYS, "authentication_required", token="pm_card_authenticationRequired",
             said="demande une authentification à chaque paiement"),
)  # fmt: skip
_BY_NUMBER = {card.number: card for card in CARDS}
_BY_TOKEN = {card.token: card for card in CARDS}


def find_card(number: str) -> TestCard:
    """The test card of this number; any other is what a real card in test mode is: refused."""
    digits = re.sub(r"\D", "", number)
    card = _BY_NUMBER.get(digits)
    if card is None:
        code = "card_declined" if len(digits) in range(13, 20) else "incorrect_number"
        message = "Your card number is incorrect."
        if code == "card_declined":
            message = "Your card was declined. Your request was in test mode, but used a non test card."
        raise card_refusal(message, code=code, decline_code="test_mode_live_card" if code == "card_declined" else None)
    return card


def keep_card(
    account: Account, card: TestCard, *, exp_month: int = 12, exp_year: int = 2034, **holder: str | None
) -> Object:
    """A payment method made of a card; nobody's yet."""
    address = {name: holder.get(name) for name in ("city", "country", "line1", "line2", "postal_code", "state")}
    return account.add(
        "payment_method",
        allow_redisplay="unspecified",
        billing_details={
            "address": address,
            "email": holder.get("email"),
            "name": holder.get("name"),
            "phone": None,
            "tax_id": None,
        },
        card={
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "pass",
            },
            "country": "FR",
            "display_brand": card.brand,
            "exp_month": exp_month,
            "exp_year": exp_year,
            "fingerprint": hashlib.sha256(card.number.encode()).hexdigest()[:16],
            "funding": "credit",
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
        },
        customer=None,
        metadata={},
        type="card",
        _number=card.number,
        _authenticated=False,
    )


def card_of(method: Object) -> TestCard:
    """The test card behind a payment method."""
    return _BY_NUMBER[method["_number"]]


def method_named(account: Account, identifier: str) -> Object:
    """The payment method; a test name such as pm_card_visa makes a new one each time."""
    card = _BY_TOKEN.get(identifier)
    return keep_card(account, card) if card else account.get("payment_method", identifier, param="payment_method")


def attach_card(account: Account, identifier: str, customer: str, *, authenticated: bool = False) -> Object:
    """The payment method becomes the customer's; a card that is always declined is refused already here."""
    method = method_named(account, identifier)
    if method["customer"] not in (None, customer):
        message = "The payment method you provided has already been attached to a customer."
        raise StripeRefusal(message, param="payment_method")
    if card_of(method).behaviour == DECLINED:
        raise declined(card_of(method).decline, payment_method=method)
    if authenticated:
        method["_authenticated"] = True
    if method["customer"] is None:
        method["customer"] = customer
        account.emit("payment_method.attached", method)
    return method


def declined(code: str, **details: Any) -> StripeRefusal:
    """The refusal of a card, with its decline code."""
    error = code if code in _OWN_CODE else "card_declined"
    return card_refusal(MESSAGES.get(code, MESSAGES["generic_decline"]), code=error, decline_code=code, **details)
