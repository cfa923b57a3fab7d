"""Checkout sessions: what the hosted page sells, and what its completion makes."""

from . import money
from .cards import TestCard, keep_card
from .catalog import check_tax_rates
from .customers import customer_of
from .errors import StripeRefusal, missing_param, unsupported
from .invoices import collect, finalize, payment_of
from .methods import confirm_setup, open_setup
from .routes import PAGES, Call, merge_metadata, paginate, route
from .state import Account, Object, complete
from .subscribing import start_subscription
from .subscriptions import check_automatic_tax, start_of

_DATA = (
    *("metadata", "description", "default_tax_rates", "trial_end", "trial_period_days", "proration_behavior"),
    *("billing_cycle_anchor", "trial_settings.end_behavior.missing_payment_method", "billing_mode.type"),
)
SUBSCRIPTION_DATA = " ".join(f"subscription_data.{name}" for name in _DATA)
ACCEPTS = (
    "mode customer customer_email client_reference_id success_url cancel_url expires_at locale metadata ui_mode "
    "line_items.price line_items.quantity line_items.tax_rates payment_method_types payment_method_collection "
    "billing_address_collection customer_update tax_id_collection.enabled automatic_tax.enabled currency "
    f"setup_intent_data.metadata saved_payment_method_options allow_promotion_codes {SUBSCRIPTION_DATA}"
)


@route("POST", "/v1/checkout/sessions", "checkout.SessionCreateParams", ACCEPTS)
def create_session(call: Call) -> Object:
    """A hosted page, open until it expires; nothing exists before it is filled in."""
    account = call.account
    mode = call.get("mode", "payment")
    if mode not in ("subscription", "setup"):
        raise unsupported(f"the mode {mode}", "mode")
    if call.get("ui_mode", "hosted_page") != "hosted_page":
        raise unsupported(f"the interface {call.get('ui_mode')}", "ui_mode")
    if not call.get("success_url"):
        raise missing_param("success_url")
    check_automatic_tax(account, call.params)
    _check_page(call)
    customer = customer_of(account, call.get("customer")) if call.has("customer") else None
    if customer and call.has("customer_email"):
        message = "You may only specify one of these parameters: customer, customer_email."
        raise StripeRefusal(message, param="customer_email")
    items = _lines(call) if mode == "subscription" else []
    if mode == "setup":
        _check_setup(call)
    session = _new(call, mode, customer, items)
    session["url"] = f"{account.base_url}/c/pay/{session['id']}"
    if mode == "setup":
        metadata = call.get("setup_intent_data", {}).get("metadata", {})
        setup = open_setup(account, customer=session["customer"], metadata=metadata)
        session["setup_intent"] = setup["id"]
    return session


def _check_page(call: Call) -> None:
    """Refuse what the hosted page would have to ask and does not."""
    if call.get("allow_promotion_codes"):
        raise unsupported("promotion codes", "allow_promotion_codes")
    if call.get("tax_id_collection", {}).get("enabled"):
        raise unsupported("a tax number asked on the page", "tax_id_collection[enabled]")
    if call.get("billing_address_collection") == "required":
        raise unsupported("an address asked on the page", "billing_address_collection")
    if call.get("payment_method_collection", "always") != "always":
        raise unsupported("a page without a card", "payment_method_collection")


def _check_setup(call: Call) -> None:
    for name in ("line_items", "subscription_data"):
        if call.has(name):
            raise StripeRefusal(f"You cannot pass `{name}` in `setup` mode.", param=name)
    if not call.has("currency") and not call.has("payment_method_types"):
        raise missing_param("currency")


def _new(call: Call, mode: str, customer: Object | None, items: list[Object]) -> Object:
    account = call.account
    expires = call.get("expires_at", account.now + account.settings.session_seconds)
    if not account.now + 1_800 <= expires <= account.now + 86_400:
        message = "The `expires_at` timestamp must be at least 30 minutes and less than 24 hours from now."
        raise StripeRefusal(message, param="expires_at")
    due = not _in_trial(call)
    subtotal = sum(item["amount_subtotal"] for item in items) if due else 0
    tax = sum(item["amount_tax"] for item in items) if due else 0
    return account.add(
        "checkout.session",
        amount_subtotal=subtotal if items else None,
        amount_total=subtotal + tax if items else None,
        automatic_tax={"enabled": False},
        billing_address_collection=call.get("billing_address_collection"),
        cancel_url=call.get("cancel_url"),
        client_reference_id=call.get("client_reference_id"),
        currency="eur" if mode == "subscription" else call.get("currency"),
        custom_fields=[],
        custom_text={},
        customer=customer and customer["id"],
        customer_creation=None if customer or mode == "setup" else "always",
        customer_details=_details(account, customer, call.get("customer_email")),
        customer_email=call.get("customer_email"),
        expires_at=expires,
        locale=call.get("locale"),
        metadata=merge_metadata({}, call.get("metadata")),
        mode=mode,
        payment_method_collection=call.get("payment_method_collection", "always") if items else None,
        payment_method_options={},
        payment_method_types=["card"],
        payment_status="unpaid" if items else "no_payment_required",
        phone_number_collection={"enabled": False},
        saved_payment_method_options=None,
        shipping_options=[],
        status="open",
        success_url=call.get("success_url"),
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": tax} if items else None,
        ui_mode="hosted_page",
        _data=call.get("subscription_data", {}),
        _given=call.get("line_items", []),
        _items=items,
        _error="",
    )


def _in_trial(call: Call) -> bool:
    data = call.get("subscription_data", {})
    return bool(data.get("trial_end") or data.get("trial_period_days"))


def _details(account: Account, customer: Object | None, email: str | None) -> Object | None:
    if customer is None and email is None:
        return None
    return {
        "address": customer and customer["address"],
        "email": customer["email"] if customer else email,
        "name": customer and customer["name"],
        "phone": customer and customer["phone"],
        "tax_exempt": customer["tax_exempt"] if customer else "none",
        "tax_ids": [],
    }


def _lines(call: Call) -> list[Object]:
    """The line items with their taxes; at least one, and each a recurring price."""
    given = call.get("line_items") or []
    if not given:
        raise missing_param("line_items")
    found = [_line(call, item, position) for position, item in enumerate(given)]
    if not any(item["price"]["type"] == "recurring" for item in found):
        message = "You must provide at least one recurring price in `subscription` mode when using prices."
        raise StripeRefusal(message, param="line_items")
    return found


def _line(call: Call, given: Object, position: int) -> Object:
    account, path = call.account, f"line_items[{position}]"
    if not given.get("price"):
        raise missing_param(f"{path}[price]")
    if not given.get("quantity"):
        raise StripeRefusal("Quantity is required. Add `quantity` to each line item.", param=f"{path}[quantity]")
    price = account.get("price", given["price"], param=f"{path}[price]")
    if not price["active"]:
        message = "The price specified is inactive. This field only accepts active prices."
        raise StripeRefusal(message, param=f"{path}[price]")
    if price["type"] != "recurring":
        raise unsupported("one-time lines beside a subscription", f"{path}[price]")
    defaults = call.get("subscription_data", {}).get("default_tax_rates")
    rates = check_tax_rates(account, given.get("tax_rates") or defaults, f"{path}[tax_rates]")
    amount = money.rounded(money.line_amount(price["unit_amount_decimal"], given["quantity"]))
    exempt = call.has("customer") and account.get("customer", call.get("customer"))["tax_exempt"] != "none"
    added = 0 if exempt else _tax(account, amount, rates)
    return complete(
        "item",
        {
            "id": account.new_id("li_"),
            "amount_discount": 0,
            "amount_subtotal": amount,
            "amount_tax": added,
            "amount_total": amount + added,
            "currency": "eur",
            "description": account.get("product", price["product"])["name"],
            "price": account.render(price),
            "quantity": given["quantity"],
        },
    )


def _tax(account: Account, amount: int, rates: list[str]) -> int:
    found = [account.get("tax_rate", identifier) for identifier in rates]
    return sum(money.tax_of(amount, rate["percentage"], inclusive=False) for rate in found if not rate["inclusive"])


@route("GET", "/v1/checkout/sessions/{id}", "checkout.SessionRetrieveParams")
def retrieve_session(call: Call) -> Object:
    """One session."""
    return call.account.get("checkout.session", call.id)


@route("GET", "/v1/checkout/sessions", "checkout.SessionListParams", f"customer subscription status {PAGES}")
def list_sessions(call: Call) -> Object:
    """Sessions, newest first."""
    found = [
        raw
        for raw in call.account.all("checkout.session")
        if all(call.get(name) in (None, raw[name]) for name in ("customer", "subscription", "status"))
    ]
    return call.page("checkout.session", found)


@route("GET", "/v1/checkout/sessions/{id}/line_items", "checkout.SessionListLineItemsParams", PAGES)
def list_session_lines(call: Call) -> Object:
    """What the session sells."""
    return paginate(call, "item", call.account.get("checkout.session", call.id)["_items"])


@route("POST", "/v1/checkout/sessions/{id}/expire", "checkout.SessionExpireParams")
def expire_session_now(call: Call) -> Object:
    """Close an open page."""
    session = call.account.get("checkout.session", call.id)
    if session["status"] != "open":
        message = "Only Checkout Sessions with a status in ['open'] can be expired. This Checkout Session has a status "
        raise StripeRefusal(f"{message}of {session['status']}.")
    expire_session(call.account, session)
    return session


def expire_session(account: Account, session: Object) -> None:
    """The page can no longer be filled in."""
    session.update(status="expired", url=None)
    account.emit("checkout.session.expired", session)


def submit(account: Account, session: Object, card: TestCard, holder: Object, *, authenticated: bool = False) -> str:
    """Fill in the page: `done`, `authenticate` (the holder must agree first) or `refused` (the session says why)."""
    session["_error"] = ""
    try:
        with account.atomic():
            return _complete(account, session["id"], card, holder, authenticated=authenticated)
    except AuthenticationAsked:
        return "authenticate"
    except StripeRefusal as refusal:
        # `atomic` has put the account back as it was: the session is another dict now.
        account.get("checkout.session", session["id"])["_error"] = str(refusal)
        return "refused"


class AuthenticationAsked(StripeRefusal):
    """The bank wants the holder: nothing is kept until they have answered."""


def _complete(account: Account, identifier: str, card: TestCard, holder: Object, *, authenticated: bool) -> str:
    session = account.get("checkout.session", identifier)
    customer = _buyer(account, session, holder)
    method = keep_card(
        account,
        card,
        exp_month=holder.get("exp_month", 12),
        exp_year=holder.get("exp_year", 2034),
        name=holder.get("name") or customer["name"],
        email=customer["email"],
    )
    if session["mode"] == "setup":
        setup = account.get("setup_intent", session["setup_intent"])
        setup["customer"] = customer["id"]
        if not confirm_setup(account, setup, method, authenticated=authenticated):
            return _not_yet(setup["status"], setup["last_setup_error"])
    else:
        status = _subscribe(account, session, customer, method, authenticated=authenticated)
        if status != "done":
            return status
    session.update(status="complete", url=None, customer=customer["id"])
    session["customer_details"] = _details(account, customer, None)
    account.emit("checkout.session.completed", session)
    return "done"


def _not_yet(status: str, error: Object | None) -> str:
    if status == "requires_action":
        raise AuthenticationAsked("authentication", code="authentication_required")
    raise StripeRefusal((error or {}).get("message", "Your card was declined."))


def _buyer(account: Account, session: Object, holder: Object) -> Object:
    if session["customer"]:
        return account.get("customer", session["customer"])
    number = account.number()
    customer = account.add(
        "customer",
        balance=0,
        delinquent=False,
        email=session["customer_email"] or holder.get("email") or None,
        invoice_prefix=f"TG{number:06d}",
        invoice_settings={},
        metadata={},
        name=holder.get("name") or None,
        next_invoice_sequence=1,
        preferred_locales=[session["locale"]] if session["locale"] not in (None, "auto") else [],
        tax_exempt="none",
    )
    account.emit("customer.created", customer)
    return customer


def _subscribe(account: Account, session: Object, customer: Object, method: Object, *, authenticated: bool) -> str:
    """The subscription of the session, its first invoice paid by the card; the card is then the subscription's."""
    start = start_of(account, customer, {**session["_data"], "items": session["_given"]})
    subscription = start_subscription(account, start)
    invoice = account.get("invoice", subscription["latest_invoice"])
    finalize(account, invoice)
    if invoice["status"] != "paid":
        paid = collect(account, invoice, method=method, off_session=False, authenticated=authenticated, automatic=False)
        if not paid:
            intent = payment_of(account, invoice)[1]
            return _not_yet(intent["status"], intent["last_payment_error"])
        method["customer"] = customer["id"]
        account.emit("payment_method.attached", method)
    else:
        setup = open_setup(account, customer=customer["id"], metadata={})
        if not confirm_setup(account, setup, method, authenticated=authenticated):
            return _not_yet(setup["status"], setup["last_setup_error"])
    with account.changing(subscription, "customer.subscription.updated"):
        subscription["default_payment_method"] = method["id"]
    session.update(
        subscription=subscription["id"],
        invoice=invoice["id"],
        payment_status="paid" if invoice["amount_paid"] else "no_payment_required",
    )
    return "done"
