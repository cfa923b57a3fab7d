"""The life of a subscription: its start, its changes and their proration, its periods, its end."""

from dataclasses import dataclass, field

from . import money
from .catalog import check_tax_rates
from .charging import refuse_unpaid
from .errors import StripeRefusal, missing_param, unsupported
from .invoices import collect, draft_invoice, finalize, method_of, payment_of
from .lines import add_item, add_proration, item_amount, pending_items, period_line
from .routes import merge_metadata
from .settings import DAY
from .standing import OVER, end
from .state import Account, Object


def items_of(account: Account, subscription: Object) -> list[Object]:
    """The items of a subscription, oldest first."""
    return account.all("subscription_item", subscription=subscription["id"])


def months(account: Account, subscription: Object) -> int:
    """The length of its period, in months."""
    item = items_of(account, subscription)[0]
    return money.months_of(account.get("price", item["price"])["recurring"])


def set_period(account: Account, subscription: Object, start: int, end: int) -> None:
    """The period that is paid, or tried: the same for every item."""
    subscription["_start"], subscription["_end"] = start, end
    for item in items_of(account, subscription):
        item["current_period_start"], item["current_period_end"] = start, end


def add_subscription_item(account: Account, subscription: Object, given: Object, position: int) -> Object:
    """A new item; one price is held once, and every price has the same interval."""
    path = f"items[{position}]"
    if not given.get("price"):
        raise missing_param(f"{path}[price]")
    price = check_price(account, given["price"], subscription, f"{path}[price]")
    return account.add(
        "subscription_item",
        current_period_end=subscription["_end"],
        current_period_start=subscription["_start"],
        discounts=[],
        metadata=merge_metadata({}, given.get("metadata")),
        price=price["id"],
        quantity=_quantity(given.get("quantity", 1), path),
        subscription=subscription["id"],
        tax_rates=check_tax_rates(account, given.get("tax_rates"), f"{path}[tax_rates]"),
    )


def _quantity(quantity: int, path: str) -> int:
    if quantity < 0:
        message = "This value must be greater than or equal to 0."
        raise StripeRefusal(message, code="parameter_invalid_integer", param=f"{path}[quantity]")
    return quantity


def check_price(
    account: Account, identifier: str, subscription: Object, param: str, *, instead_of: Object | None = None
) -> Object:
    """An active recurring price that the subscription does not hold yet."""
    price = account.get("price", identifier, param=param)
    if not price["recurring"]:
        message = (
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`."
        )
        raise StripeRefusal(message, param=param)
    if not price["active"]:
        message = "The price specified is inactive. This field only accepts active prices."
        raise StripeRefusal(message, param=param)
    others = [item for item in items_of(account, subscription) if item is not instead_of]
    if any(item["price"] == identifier for item in others):
        message = f"Cannot add multiple subscription items with the same plan: {identifier}"
        raise StripeRefusal(message, param=param)
    return price


def check_intervals(account: Account, subscription: Object) -> None:
    """Every item has the same interval; Stripe's mixed intervals are not played here."""
    held = {
        money.months_of(account.get("price", item["price"])["recurring"]) for item in items_of(account, subscription)
    }
    if not held:
        message = "A subscription must have at least one active plan."
        raise StripeRefusal(message, param="items")
    if len(held) > 1:
        raise unsupported("items of different intervals in one subscription", "items")


@dataclass
class Start:
    """What a subscription starts from, checked."""

    customer: Object
    items: list[Object]
    metadata: Object = field(default_factory=dict)
    default_tax_rates: list[str] = field(default_factory=list)
    default_payment_method: str | None = None
    description: str | None = None
    trial_end: int | None = None
    missing_card: str = "create_invoice"
    collection_method: str = "charge_automatically"
    days_until_due: int | None = None
    anchor: int | None = None
    proration: str = "create_prorations"
    add_invoice_items: list[Object] = field(default_factory=list)
    cancel_at_period_end: bool = False
    cancel_at: int | None = None
    automatic_tax: bool = False
    save_card: str = "off"


def start_subscription(account: Account, start: Start) -> Object:
    """The subscription and its first invoice, a draft: the caller finalizes and collects it."""
    subscription = _new(account, start)
    for position, given in enumerate(start.items):
        add_subscription_item(account, subscription, given, position)
    check_intervals(account, subscription)
    trial = subscription["trial_end"] is not None
    length = months(account, subscription)
    anchor = subscription["billing_cycle_anchor"]
    if trial:
        ends = subscription["trial_end"]
    elif start.anchor and start.anchor > money.add_months(account.now, length):
        message = "billing_cycle_anchor cannot be later than next natural billing date"
        raise StripeRefusal(message, param="billing_cycle_anchor")
    else:
        ends = money.next_boundary(anchor, length, account.now)
    set_period(account, subscription, account.now, ends)
    _first_invoice(account, subscription, start)
    if start.cancel_at_period_end:
        schedule_end(account, subscription, at_period_end=True)
    elif start.cancel_at:
        schedule_end(account, subscription, at=start.cancel_at)
    account.emit("customer.subscription.created", subscription)
    return subscription


def _new(account: Account, start: Start) -> Object:
    trial = start.trial_end is not None
    settings: Object = {"payment_method_options": None, "payment_method_types": None}
    return account.add(
        "subscription",
        automatic_tax={"enabled": start.automatic_tax},
        billing_cycle_anchor=start.trial_end or start.anchor or account.now,
        billing_mode={"type": "flexible", "flexible": {"proration_discounts": "included"}, "updated_at": account.now},
        billing_schedules=[],
        cancel_at_period_end=False,
        cancellation_details={},
        collection_method=start.collection_method,
        currency="eur",
        customer=start.customer["id"],
        days_until_due=start.days_until_due,
        default_payment_method=start.default_payment_method,
        default_tax_rates=start.default_tax_rates,
        description=start.description,
        discounts=[],
        invoice_settings={"issuer": {"type": "self"}},
        metadata=start.metadata,
        payment_settings={**settings, "save_default_payment_method": start.save_card},
        start_date=account.now,
        status="trialing" if trial else "incomplete",
        trial_end=start.trial_end,
        trial_settings={"end_behavior": {"missing_payment_method": start.missing_card}},
        trial_start=account.now if trial else None,
        _start=account.now,
        _end=account.now,
        _upcoming=0,
        _noticed=False,
    )


def _first_invoice(account: Account, subscription: Object, start: Start) -> Object:
    """The whole first period, its part up to a later anchor, or nothing during a trial."""
    trial = subscription["trial_end"] is not None
    begins, ends = subscription["_start"], subscription["_end"]
    items = items_of(account, subscription)
    lines = [period_line(account, subscription, one, start=begins, end=ends, trial=trial) for one in items]
    if start.anchor and not trial:
        whole = ends - money.add_months(ends, -months(account, subscription))
        for line, item in zip(lines, items, strict=True):
            price = account.get("price", item["price"])
            exact = money.line_amount(price["unit_amount_decimal"], item["quantity"])
            part = 0 if start.proration == "none" else money.prorated(exact, at=begins, start=ends - whole, end=ends)
            line["amount"] = line["subtotal"] = part
    for given in start.add_invoice_items:
        _add_one_off(account, subscription, start.customer, given)
    invoice = draft_invoice(
        account,
        start.customer,
        reason="subscription_create",
        lines=lines,
        items=pending_items(account, start.customer["id"], subscription["id"]),
        subscription=subscription,
        period=(begins, begins),
        collection_method=subscription["collection_method"],
        due_date=due_date(account, subscription),
    )
    subscription["latest_invoice"] = invoice["id"]
    return invoice


def _add_one_off(account: Account, subscription: Object, customer: Object, given: Object) -> None:
    data = {"pricing": {"price": given.get("price")}, "quantity": given.get("quantity", 1)}
    amount, pricing, quantity = item_amount(account, data)
    product = account.get("product", (pricing or {})["price_details"]["product"])
    add_item(
        account,
        customer,
        amount,
        description=product["name"],
        pricing=pricing,
        quantity=quantity,
        tax_rates=check_tax_rates(account, given.get("tax_rates"), "add_invoice_items[tax_rates]"),
        subscription=subscription["id"],
    )


def due_date(account: Account, subscription: Object) -> int | None:
    """When an invoice that is sent must be paid."""
    if subscription["collection_method"] != "send_invoice":
        return None
    return account.now + (subscription["days_until_due"] or 30) * DAY


def settle_first(account: Account, subscription: Object, behaviour: str, *, off_session: bool) -> None:
    """Finalize and collect the first invoice as `payment_behavior` says."""
    invoice = account.get("invoice", subscription["latest_invoice"])
    finalize(account, invoice)
    if invoice["status"] == "paid":
        return
    if subscription["collection_method"] == "send_invoice":
        with account.changing(subscription, "customer.subscription.updated"):
            subscription["status"] = "active"
        return
    if behaviour == "default_incomplete":
        return
    method = method_of(account, invoice)
    if method is None:
        raise refuse_unpaid({}, None)
    if not collect(account, invoice, off_session=off_session, automatic=False) and behaviour == "error_if_incomplete":
        raise refuse_unpaid(payment_of(account, invoice)[1], method)


def schedule_end(account: Account, subscription: Object, *, at_period_end: bool = False, at: int | None = None) -> None:
    """Set or forget (`at` None) the moment of the end."""
    moment = subscription["_end"] if at_period_end else at
    if moment is not None and moment <= account.now:
        raise StripeRefusal("The cancel_at date must be in the future.", param="cancel_at")
    subscription.update(
        cancel_at_period_end=at_period_end,
        cancel_at=moment,
        canceled_at=account.now if moment else None,
    )
    details = subscription["cancellation_details"] or {"comment": None, "feedback": None, "feedback_option": None}
    reason = "cancellation_requested" if moment else None
    subscription["cancellation_details"] = {**details, "reason": reason}


def cancel_now(account: Account, subscription: Object, *, invoice_now: bool, prorate: bool) -> None:
    """The end, now: the unused time may become a credit, and what waits may be invoiced."""
    if subscription["status"] in OVER:
        raise StripeRefusal(f"No such subscription: '{subscription['id']}'", status=404, code="resource_missing")
    if prorate and subscription["status"] in ("active", "past_due"):
        for item in items_of(account, subscription):
            price = account.get("price", item["price"])
            add_proration(account, subscription, item, price, item["quantity"], at=account.now, credit=True)
    if invoice_now:
        invoice_pending(account, subscription, reason="subscription_update")
    end(account, subscription, reason="cancellation_requested")
    if not invoice_now and not prorate:
        for item in account.all("invoiceitem", _subscription=subscription["id"], invoice=None):
            if item["proration"]:
                account.remove("invoiceitem", item["id"])


def invoice_pending(account: Account, subscription: Object, *, reason: str) -> Object | None:
    """One invoice of the pending items now, if there are any; paid if it can be."""
    customer = account.get("customer", subscription["customer"])
    items = pending_items(account, customer["id"], subscription["id"])
    if not items:
        return None
    invoice = draft_invoice(
        account,
        customer,
        reason=reason,
        lines=[],
        items=items,
        subscription=subscription,
        period=(subscription["_start"], account.now),
        collection_method=subscription["collection_method"],
        due_date=due_date(account, subscription),
    )
    subscription["latest_invoice"] = invoice["id"]
    return invoice


def renew(account: Account, subscription: Object, *, at: int, reason: str = "subscription_cycle") -> Object:
    """The next period starts at `at`: its draft invoice, with what was pending."""
    customer = account.get("customer", subscription["customer"])
    old = (subscription["_start"], at)
    boundary = money.next_boundary(subscription["billing_cycle_anchor"], months(account, subscription), at)
    set_period(account, subscription, at, boundary)
    lines = [
        period_line(account, subscription, item, start=at, end=boundary, trial=False)
        for item in items_of(account, subscription)
    ]
    invoice = draft_invoice(
        account,
        customer,
        reason=reason,
        lines=lines,
        items=pending_items(account, customer["id"], subscription["id"]),
        subscription=subscription,
        period=old,
        collection_method=subscription["collection_method"],
        due_date=due_date(account, subscription),
        auto_advance=subscription["status"] != "unpaid",
    )
    subscription["latest_invoice"] = invoice["id"]
    return invoice
