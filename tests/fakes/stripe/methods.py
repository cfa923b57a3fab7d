"""Payment methods and setup intents: cards that are kept for later."""

from .cards import ASKS_ALWAYS, ASKS_ONCE, DECLINED, attach_card, card_of, declined, method_named
from .customers import customer_of
from .errors import StripeRefusal, unsupported
from .routes import PAGES, Call, merge_metadata, route
from .state import Account, Object


@route("GET", "/v1/payment_methods/{id}", "PaymentMethodRetrieveParams")
def retrieve_method(call: Call) -> Object:
    """One payment method."""
    return call.account.get("payment_method", call.id)


@route("GET", "/v1/customers/{id}/payment_methods/{id}", "CustomerPaymentMethodRetrieveParams")
def retrieve_customer_method(call: Call) -> Object:
    """One payment method of a customer."""
    method = call.account.get("payment_method", call.id)
    if method["customer"] != call.ids[0]:
        return call.account.get("payment_method", "")
    return method


@route(
    "POST",
    "/v1/payment_methods/{id}",
    "PaymentMethodUpdateParams",
    "metadata card.exp_month card.exp_year allow_redisplay",
)
def update_method(call: Call) -> Object:
    """Its date, when the bank renews the card, and its metadata."""
    method = call.account.get("payment_method", call.id)
    with call.account.changing(method, "payment_method.updated"):
        method["card"] |= call.get("card", {})
        method["allow_redisplay"] = call.get("allow_redisplay", method["allow_redisplay"])
        method["metadata"] = merge_metadata(method["metadata"], call.get("metadata"))
    return method


@route("POST", "/v1/payment_methods/{id}/attach", "PaymentMethodAttachParams", "customer")
def attach_method(call: Call) -> Object:
    """The card becomes the customer's, not yet its default."""
    customer = customer_of(call.account, call.get("customer"))
    return attach_card(call.account, call.id, customer["id"])


@route("POST", "/v1/payment_methods/{id}/detach", "PaymentMethodDetachParams")
def detach_method(call: Call) -> Object:
    """The card leaves its customer and can never come back."""
    account = call.account
    method = account.get("payment_method", call.id)
    if method["customer"] is None:
        message = "The payment method you provided is not attached to a customer so detachment is impossible."
        raise StripeRefusal(message, param="payment_method")
    forget_default(account, method)
    owner = method["customer"]
    method["customer"] = None
    account.emit("payment_method.detached", method, {"customer": owner})
    return method


def forget_default(account: Account, method: Object) -> None:
    """Nobody is charged on this card any more by default."""
    customer = account.get("customer", method["customer"])
    if customer["invoice_settings"]["default_payment_method"] == method["id"]:
        with account.changing(customer, "customer.updated"):
            customer["invoice_settings"]["default_payment_method"] = None
    for subscription in account.all("subscription", default_payment_method=method["id"]):
        with account.changing(subscription, "customer.subscription.updated"):
            subscription["default_payment_method"] = None


def make_default(account: Account, customer: Object, method: Object) -> None:
    """This card pays from now on, whatever paid before."""
    for subscription in account.all("subscription", customer=customer["id"]):
        if subscription["default_payment_method"]:
            with account.changing(subscription, "customer.subscription.updated"):
                subscription["default_payment_method"] = None
    with account.changing(customer, "customer.updated"):
        customer["invoice_settings"]["default_payment_method"] = method["id"]


@route("GET", "/v1/payment_methods", "PaymentMethodListParams", f"customer type {PAGES}")
def list_methods(call: Call) -> Object:
    """The cards of a customer, newest first."""
    customer = customer_of(call.account, call.get("customer"))
    return _methods(call, customer["id"])


@route("GET", "/v1/customers/{id}/payment_methods", "CustomerPaymentMethodListParams", f"type {PAGES}")
def list_customer_methods(call: Call) -> Object:
    """The cards of a customer, newest first."""
    call.account.get("customer", call.id)
    return _methods(call, call.id)


def _methods(call: Call, customer: str) -> Object:
    found = call.account.all("payment_method", customer=customer)
    return call.page("payment_method", found if call.get("type", "card") == "card" else [])


def open_setup(account: Account, *, customer: str | None, metadata: Object, usage: str = "off_session") -> Object:
    """The intention to keep a card."""
    setup = account.add(
        "setup_intent",
        client_secret="",
        customer=customer,
        metadata=metadata,
        payment_method_options={"card": {"request_three_d_secure": "automatic"}},
        payment_method_types=["card"],
        status="requires_payment_method",
        usage=usage,
    )
    setup["client_secret"] = account.new_id(f"{setup['id']}_secret_", 24)
    account.emit("setup_intent.created", setup)
    return setup


def confirm_setup(account: Account, setup: Object, method: Object, *, authenticated: bool = False) -> bool:
    """Keep the card for the customer: whether it is done. The setup intent says why it is not."""
    card = card_of(method)
    setup["payment_method"] = method["id"]
    if card.behaviour == DECLINED:
        refused = declined(card.decline)
        setup["status"] = "requires_payment_method"
        setup["last_setup_error"] = {**refused.error, "payment_method": account.render(method)}
        account.emit("setup_intent.setup_failed", setup)
        return False
    if card.behaviour in (ASKS_ONCE, ASKS_ALWAYS) and not authenticated:
        setup["status"] = "requires_action"
        url = f"{account.base_url}/hosted/authentication/{setup['id']}"
        setup["next_action"] = {"type": "redirect_to_url", "redirect_to_url": {"return_url": None, "url": url}}
        account.emit("setup_intent.requires_action", setup)
        return False
    setup.update(status="succeeded", next_action=None, last_setup_error=None)
    if setup["customer"]:
        attach_card(account, method["id"], setup["customer"], authenticated=authenticated)
    account.emit("setup_intent.succeeded", setup)
    return True


@route(
    "POST",
    "/v1/setup_intents",
    "SetupIntentCreateParams",
    "customer payment_method payment_method_types usage metadata confirm automatic_payment_methods.enabled",
)
def create_setup_intent(call: Call) -> Object:
    """Keep a card without a hosted page: with `confirm` and a test card it is done at once."""
    account = call.account
    if call.get("customer"):
        customer_of(account, call.get("customer"))
    setup = open_setup(
        account,
        customer=call.get("customer"),
        metadata=merge_metadata({}, call.get("metadata")),
        usage=call.get("usage", "off_session"),
    )
    if not call.get("confirm"):
        if call.has("payment_method"):
            raise unsupported("a payment method without confirm", "payment_method")
        return setup
    return _confirm(call, setup)


@route("POST", "/v1/setup_intents/{id}/confirm", "SetupIntentConfirmParams", "payment_method")
def confirm_setup_intent(call: Call) -> Object:
    """Give the card."""
    return _confirm(call, call.account.get("setup_intent", call.id))


def _confirm(call: Call, setup: Object) -> Object:
    if setup["status"] == "succeeded":
        message = "You cannot confirm this SetupIntent because it has already succeeded."
        raise StripeRefusal(message, code="setup_intent_unexpected_state")
    if not setup["customer"]:
        raise unsupported("a setup intent without a customer", "customer")
    method = method_named(call.account, str(call.get("payment_method")))
    confirm_setup(call.account, setup, method)
    return setup


@route("GET", "/v1/setup_intents/{id}", "SetupIntentRetrieveParams")
def retrieve_setup_intent(call: Call) -> Object:
    """One setup intent."""
    return call.account.get("setup_intent", call.id)


@route("POST", "/v1/setup_intents/{id}/cancel", "SetupIntentCancelParams")
def cancel_setup_intent(call: Call) -> Object:
    """The card will not be kept."""
    setup = call.account.get("setup_intent", call.id)
    if setup["status"] in ("succeeded", "canceled"):
        message = f"You cannot cancel this SetupIntent because it has a status of {setup['status']}."
        raise StripeRefusal(message, code="setup_intent_unexpected_state")
    setup["status"] = "canceled"
    call.account.emit("setup_intent.canceled", setup)
    return setup


@route("GET", "/v1/setup_intents", "SetupIntentListParams", f"customer {PAGES}")
def list_setup_intents(call: Call) -> Object:
    """Setup intents, newest first."""
    wanted = {"customer": call.get("customer")} if call.has("customer") else {}
    return call.page("setup_intent", call.account.all("setup_intent", **wanted))
