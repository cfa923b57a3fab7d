"""The calls about subscriptions and their items."""

from typing import Any

from .catalog import check_tax_rates
from .changing import Change, apply_change, resume, settle_change
from .customers import customer_of
from .errors import StripeRefusal, missing_param, unsupported
from .pending import check_supported, update_when_paid
from .routes import PAGES, Call, in_range, merge_metadata, route
from .settings import DAY
from .standing import OVER, end
from .state import Account, Object
from .subscribing import Start, cancel_now, items_of, schedule_end, settle_first, start_subscription

ITEM = "items.id items.price items.quantity items.metadata items.tax_rates"
BOTH = (
    "metadata description default_payment_method default_tax_rates trial_end proration_behavior payment_behavior "
    "cancel_at_period_end cancel_at trial_settings.end_behavior.missing_payment_method days_until_due "
    "collection_method off_session payment_settings.save_default_payment_method "
    "payment_settings.payment_method_types automatic_tax.enabled billing_cycle_anchor"
)


@route(
    "POST",
    "/v1/subscriptions",
    "SubscriptionCreateParams",
    f"customer currency add_invoice_items.price add_invoice_items.quantity add_invoice_items.tax_rates "
    f"trial_period_days billing_mode.type {ITEM} {BOTH}",
)
def create_subscription(call: Call) -> Object:
    """A subscription and its first invoice, collected as `payment_behavior` says."""
    account = call.account
    customer = customer_of(account, call.get("customer"))
    behaviour = _behaviour(call)
    with account.atomic():
        subscription = start_subscription(account, start_of(account, customer, call.params))
        identifier = subscription["id"]
        settle_first(account, subscription, behaviour, off_session=call.get("off_session", False))
    return account.get("subscription", identifier)


def _behaviour(call: Call) -> str:
    behaviour: str = call.get("payment_behavior", "allow_incomplete")
    if behaviour == "pending_if_incomplete":
        raise unsupported("pending updates", "payment_behavior")
    return behaviour


def start_of(account: Account, customer: Object, given: Object) -> Start:
    """What the parameters of a creation (or of a Checkout's `subscription_data`) start from."""
    items = given.get("items") or []
    if not items:
        raise missing_param("items")
    if given.get("default_payment_method"):
        attach_check(account, given["default_payment_method"], customer)
    if given.get("billing_mode", {}).get("type", "flexible") != "flexible":
        raise unsupported("the classic billing mode", "billing_mode[type]")
    end_behaviour = given.get("trial_settings", {}).get("end_behavior", {})
    return Start(
        customer=customer,
        items=items,
        metadata=merge_metadata({}, given.get("metadata")),
        default_tax_rates=check_tax_rates(account, given.get("default_tax_rates"), "default_tax_rates"),
        default_payment_method=given.get("default_payment_method"),
        description=given.get("description") or None,
        trial_end=_trial_end(account, given),
        missing_card=end_behaviour.get("missing_payment_method", "create_invoice"),
        collection_method=given.get("collection_method", "charge_automatically"),
        days_until_due=given.get("days_until_due"),
        anchor=_future(account, given.get("billing_cycle_anchor"), "billing_cycle_anchor"),
        proration=given.get("proration_behavior", "create_prorations"),
        add_invoice_items=given.get("add_invoice_items", []),
        cancel_at_period_end=given.get("cancel_at_period_end", False),
        cancel_at=None if isinstance(given.get("cancel_at"), str) else given.get("cancel_at"),
        automatic_tax=check_automatic_tax(account, given),
        save_card=given.get("payment_settings", {}).get("save_default_payment_method", "off"),
    )


def attach_check(account: Account, identifier: str, customer: Object) -> None:
    """The card of the parameter is already the customer's."""
    method = account.get("payment_method", identifier, param="default_payment_method")
    if method["customer"] != customer["id"]:
        message = (
            f"The customer does not have a payment method with the ID {identifier}. The payment method must be "
            "attached to the customer."
        )
        raise StripeRefusal(message, code="resource_missing", param="default_payment_method")


def check_automatic_tax(account: Account, given: Object) -> bool:
    """Stripe Tax is refused until a registration says where it applies."""
    enabled = bool(given.get("automatic_tax", {}).get("enabled", False))
    if enabled:
        message = (
            "You must have a valid head office address to enable automatic tax calculation in test mode. Visit "
            "https://dashboard.stripe.com/test/settings/tax to update it."
        )
        raise StripeRefusal(message, code="stripe_tax_inactive", param="automatic_tax[enabled]")
    return enabled


def _trial_end(account: Account, given: Object) -> int | None:
    days, moment = given.get("trial_period_days"), given.get("trial_end")
    if days and moment:
        raise StripeRefusal("You cannot specify both trial_end and trial_period_days.", param="trial_end")
    if days:
        return account.now + int(days) * DAY
    return None if moment in (None, "now") else _future(account, moment, "trial_end")


def _future(account: Account, moment: Any, param: str) -> int | None:
    if moment is not None and moment <= account.now:
        raise StripeRefusal("Invalid timestamp: must be an integer Unix timestamp in the future.", param=param)
    return None if moment is None else int(moment)


@route("GET", "/v1/subscriptions/{id}", "SubscriptionRetrieveParams")
def retrieve_subscription(call: Call) -> Object:
    """One subscription, also once it is over."""
    return call.account.get("subscription", call.id)


@route(
    "GET",
    "/v1/subscriptions",
    "SubscriptionListParams",
    f"customer status price collection_method created {PAGES}",
)
def list_subscriptions(call: Call) -> Object:
    """Subscriptions, newest first; those that were cancelled only when asked."""
    account = call.account
    status = call.get("status")
    wanted = {"ended": OVER, "all": None}.get(status, (status,)) if status else None
    found = [
        raw
        for raw in account.all("subscription")
        if all(call.get(name) in (None, raw[name]) for name in ("customer", "collection_method"))
        and (raw["status"] != "canceled" if status is None else wanted is None or raw["status"] in wanted)
        and (not call.has("price") or call.get("price") in [item["price"] for item in items_of(account, raw)])
        and in_range(raw, call.get("created"))
    ]
    return call.page("subscription", found)


@route(
    "POST",
    "/v1/subscriptions/{id}",
    "SubscriptionUpdateParams",
    f"items.deleted proration_date cancellation_details.comment cancellation_details.feedback {ITEM} {BOTH}",
)
def update_subscription(call: Call) -> Object:
    """Items, cycle, end, metadata; the invoice that follows at once when there is one."""
    account = call.account
    subscription = account.get("subscription", call.id)
    behaviour: str = call.get("payment_behavior", "allow_incomplete")
    _refuse_ended(call, subscription)
    off_session: bool = call.get("off_session", False)
    if behaviour == "pending_if_incomplete":
        check_supported(call)
        with account.atomic():
            made = account.get("subscription", call.id)
            update_when_paid(account, made, lambda: apply_update(account, made, call.params), off_session=off_session)
        return account.get("subscription", call.id)
    with account.atomic():
        with account.changing(subscription, "customer.subscription.updated"):
            invoice = apply_update(account, subscription, call.params)
        settle_change(account, invoice, behaviour, off_session=off_session)
    return account.get("subscription", call.id)


def _refuse_ended(call: Call, subscription: Object) -> None:
    if subscription["status"] == "canceled" and call.params.keys() - {"metadata", "cancellation_details"}:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise StripeRefusal(message)
    if subscription["status"] == "incomplete_expired":
        raise StripeRefusal("You cannot update a subscription in `incomplete_expired` status.")
    if subscription["status"] == "incomplete" and call.params.keys() - {"metadata", "default_payment_method"}:
        message = (
            "You cannot update a subscription in `incomplete` status in a way that results in proration, unless "
            "`proration_behavior` is set to `none`."
        )
        raise StripeRefusal(message)


def apply_update(account: Account, subscription: Object, given: Object) -> Object | None:
    """Do what the parameters say; the draft invoice that it asks for at once, if any."""
    _write(account, subscription, given)
    invoice = None
    if given.keys() & {"items", "trial_end", "billing_cycle_anchor"}:
        anchor = given.get("billing_cycle_anchor", "unchanged")
        change = Change(
            items=given.get("items", []),
            proration=given.get("proration_behavior", "create_prorations"),
            at=given.get("proration_date"),
            anchor=anchor,
            trial_end=given.get("trial_end"),
        )
        invoice = apply_change(account, subscription, change)
    if "cancel_at_period_end" in given:
        schedule_end(account, subscription, at_period_end=given["cancel_at_period_end"])
    if "cancel_at" in given:
        moment = given["cancel_at"]
        named = isinstance(moment, str) and moment != ""
        schedule_end(account, subscription, at=subscription["_end"] if named else moment or None)
    return invoice


def _write(account: Account, subscription: Object, given: Object) -> None:
    customer = account.tables["customer"].get(subscription["customer"])
    check_automatic_tax(account, given)
    if given.get("default_payment_method") and customer:
        attach_check(account, given["default_payment_method"], customer)
    for name in ("description", "default_payment_method", "days_until_due", "collection_method"):
        if name in given:
            subscription[name] = given[name] if given[name] != "" else None
    if "default_tax_rates" in given:
        rates = check_tax_rates(account, given["default_tax_rates"], "default_tax_rates")
        subscription["default_tax_rates"] = rates
    if "trial_settings" in given:
        subscription["trial_settings"] = given["trial_settings"]
    subscription["payment_settings"] = {**subscription["payment_settings"], **given.get("payment_settings", {})}
    if "cancellation_details" in given:
        details = {name: value or None for name, value in given["cancellation_details"].items()}
        subscription["cancellation_details"] = {**subscription["cancellation_details"], **details}
    subscription["metadata"] = merge_metadata(subscription["metadata"], given.get("metadata"))


@route(
    "DELETE",
    "/v1/subscriptions/{id}",
    "SubscriptionCancelParams",
    "invoice_now prorate cancellation_details.comment cancellation_details.feedback",
)
def cancel_subscription(call: Call) -> Object:
    """The end, now."""
    account = call.account
    subscription = account.get("subscription", call.id)
    _write(account, subscription, {name: call.get(name) for name in call.params.keys() & {"cancellation_details"}})
    cancel_now(
        account,
        subscription,
        invoice_now=call.get("invoice_now", False),
        prorate=call.get("prorate", False),
    )
    return subscription


@route(
    "POST",
    "/v1/subscriptions/{id}/resume",
    "SubscriptionResumeParams",
    "billing_cycle_anchor proration_behavior",
)
def resume_subscription(call: Call) -> Object:
    """A subscription that was paused at the end of its trial, for want of a card, goes on."""
    account = call.account
    subscription = account.get("subscription", call.id)
    with account.changing(subscription, "customer.subscription.updated"):
        invoice = resume(account, subscription, anchor=call.get("billing_cycle_anchor", "now"))
    account.emit("customer.subscription.resumed", subscription)
    settle_change(account, invoice, "allow_incomplete", off_session=True)
    return subscription


@route("GET", "/v1/subscription_items", "SubscriptionItemListParams", f"subscription {PAGES}")
def list_subscription_items(call: Call) -> Object:
    """The items of a subscription."""
    subscription = call.account.get("subscription", call.get("subscription"), param="subscription")
    return call.page("subscription_item", items_of(call.account, subscription))


@route("GET", "/v1/subscription_items/{id}", "SubscriptionItemRetrieveParams")
def retrieve_subscription_item(call: Call) -> Object:
    """One item."""
    return call.account.get("subscription_item", call.id)


CHANGES = "price quantity metadata tax_rates proration_behavior proration_date payment_behavior"


@route("POST", "/v1/subscription_items", "SubscriptionItemCreateParams", f"subscription {CHANGES}")
def create_subscription_item(call: Call) -> Object:
    """Add one item."""
    subscription = call.account.get("subscription", call.get("subscription"), param="subscription")
    known = {item["id"] for item in items_of(call.account, subscription)}
    _change_one(call, subscription["id"], {})
    subscription = call.account.get("subscription", subscription["id"])
    return next(item for item in items_of(call.account, subscription) if item["id"] not in known)


@route("POST", "/v1/subscription_items/{id}", "SubscriptionItemUpdateParams", CHANGES)
def update_subscription_item(call: Call) -> Object:
    """Change one item."""
    item = call.account.get("subscription_item", call.id)
    _change_one(call, item["subscription"], {"id": call.id})
    return call.account.get("subscription_item", call.id)


@route("DELETE", "/v1/subscription_items/{id}", "SubscriptionItemDeleteParams", "proration_behavior proration_date")
def delete_subscription_item(call: Call) -> Object:
    """Take one item away."""
    item = call.account.get("subscription_item", call.id)
    _change_one(call, item["subscription"], {"id": call.id, "deleted": True})
    return call.account.tables["deleted"][call.id]


def _change_one(call: Call, subscription: str, item: Object) -> None:
    about = {"proration_behavior", "proration_date", "payment_behavior"}
    given = {name: value for name, value in call.params.items() if name not in about | {"subscription"}}
    params = {name: value for name, value in call.params.items() if name in about}
    update_subscription(
        Call(call.account, {**params, "items": [{**given, **item}]}, (subscription,), "/v1/subscriptions")
    )


@route("DELETE", "/v1/customers/{id}", "CustomerDeleteParams")
def delete_customer(call: Call) -> Object:
    """The customer goes, its subscriptions end at once, its cards are nobody's."""
    account = call.account
    customer = account.get("customer", call.id)
    for subscription in account.all("subscription", customer=call.id):
        if subscription["ended_at"] is None:
            end(account, subscription, reason="cancellation_requested")
    account.emit("customer.deleted", customer)
    return account.remove("customer", call.id)
