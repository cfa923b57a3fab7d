"""The lines of an invoice and its totals, and the invoice items that wait for one."""

from fractions import Fraction
from typing import Any

from . import money, wording
from .catalog import check_tax_rates
from .customers import customer_of
from .errors import StripeRefusal, missing_param, unsupported
from .routes import PAGES, Call, in_range, merge_metadata, route
from .state import Account, Object, complete


def period_line(account: Account, subscription: Object, item: Object, *, start: int, end: int, trial: bool) -> Object:
    """What an item costs for one whole period; nothing during a trial."""
    price = account.get("price", item["price"])
    customer = account.get("customer", subscription["customer"])
    amount = 0 if trial else money.rounded(money.line_amount(price["unit_amount_decimal"], item["quantity"]))
    text = wording.line(
        account, "trial" if trial else "period", customer=customer, price=price, quantity=item["quantity"]
    )
    parent = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    return _line(
        account,
        amount=amount,
        description=text,
        parent={"type": "subscription_item_details", "subscription_item_details": parent},
        period={"start": start, "end": end},
        pricing=pricing_of(price),
        quantity=item["quantity"],
        metadata=item["metadata"],
        subscription=subscription["id"],
        _rates=item["tax_rates"] or subscription["default_tax_rates"] or None,
    )


def item_line(account: Account, item: Object) -> Object:
    """The line of an invoice item."""
    parent = {
        "invoice_item": item["id"],
        "proration": item["proration"],
        "proration_details": {"credited_items": None},
        "subscription": item["_subscription"],
    }
    return _line(
        account,
        amount=item["amount"],
        description=item["description"],
        parent={"type": "invoice_item_details", "invoice_item_details": parent},
        period=item["period"],
        pricing=item["pricing"],
        quantity=item["quantity"],
        metadata=item["metadata"],
        subscription=item["_subscription"],
        _rates=item["tax_rates"] or None,
    )


def _line(account: Account, **values: Any) -> Object:
    return complete(
        "line_item",
        {
            "id": account.new_id("il_"),
            "currency": "eur",
            "discount_amounts": [],
            "discountable": not str(values["parent"]).count("'proration': True"),
            "discounts": [],
            "pretax_credit_amounts": [],
            "quantity_decimal": str(values["quantity"]),
            "subtotal": values["amount"],
            **values,
        },
    )


def pricing_of(price: Object) -> Object:
    """What a line says of its price."""
    return {
        "type": "price_details",
        "price_details": {"price": price["id"], "product": price["product"]},
        "unit_amount_decimal": price["unit_amount_decimal"],
    }


def add_up(account: Account, invoice: Object) -> None:
    """Taxes of each line, totals, and what is left to pay once the customer's balance is used."""
    customer = account.get("customer", invoice["customer"])
    for line in invoice["_lines"]:
        line["invoice"] = invoice["id"]
        line["taxes"] = _taxes(account, line, invoice, customer)
    lines = invoice["_lines"]
    taxes = [tax for line in lines for tax in line["taxes"]]
    added = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "exclusive")
    contained = sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == "inclusive")
    subtotal = sum(line["amount"] for line in lines)
    invoice.update(
        subtotal=subtotal,
        subtotal_excluding_tax=subtotal - contained,
        total=subtotal + added,
        total_excluding_tax=subtotal - contained,
        total_taxes=_by_rate(taxes),
    )
    _settle_balance(invoice, customer["balance"])


def _taxes(account: Account, line: Object, invoice: Object, customer: Object) -> list[Object]:
    rates = line["_rates"] if line["_rates"] is not None else invoice["default_tax_rates"]
    reasons = {"exempt": "customer_exempt", "reverse": "reverse_charge"}
    reason = reasons.get(customer["tax_exempt"])
    found = []
    for identifier in rates:
        rate = account.get("tax_rate", identifier)
        amount = 0 if reason else money.tax_of(line["amount"], rate["percentage"], inclusive=rate["inclusive"])
        found.append(
            {
                "amount": amount,
                "tax_behavior": "inclusive" if rate["inclusive"] else "exclusive",
                "tax_rate_details": {"tax_rate": identifier},
                "taxability_reason": reason or "not_available",
                "taxable_amount": line["amount"] - (amount if rate["inclusive"] else 0),
                "type": "tax_rate_details",
            }
        )
    return found


def _by_rate(taxes: list[Object]) -> list[Object]:
    totals: dict[str, Object] = {}
    for tax in taxes:
        total = totals.setdefault(tax["tax_rate_details"]["tax_rate"], {**tax, "amount": 0, "taxable_amount": 0})
        total["amount"] += tax["amount"]
        total["taxable_amount"] += tax["taxable_amount"]
    return list(totals.values())


def _settle_balance(invoice: Object, balance: int) -> None:
    """A credit pays first; a debt is added; less than the smallest charge waits on the balance."""
    due = max(0, invoice["total"] + balance)
    ending = min(0, invoice["total"] + balance)
    if 0 < due < money.SMALLEST_CHARGE:
        due, ending = 0, due
    invoice.update(
        starting_balance=balance,
        _ending_balance=ending,
        amount_due=due,
        amount_remaining=due - invoice["amount_paid"],
    )


def add_item(account: Account, customer: Object, amount: int, **values: Any) -> Object:
    """Keep an amount for the next invoice (negative: a credit)."""
    item = account.add(
        "invoiceitem",
        amount=amount,
        currency="eur",
        customer=customer["id"],
        date=account.now,
        description=values.get("description"),
        discountable=not values.get("proration", False),
        discounts=[],
        invoice=values.get("invoice"),
        metadata=values.get("metadata") or {},
        net_amount=amount,
        parent=values.get("parent"),
        period=values.get("period") or {"start": account.now, "end": account.now},
        pricing=values.get("pricing"),
        proration=values.get("proration", False),
        quantity=values.get("quantity", 1),
        quantity_decimal=str(values.get("quantity", 1)),
        tax_rates=values.get("tax_rates") or [],
        _subscription=values.get("subscription"),
    )
    account.emit("invoiceitem.created", item)
    return item


def add_proration(
    account: Account, subscription: Object, item: Object, price: Object, quantity: int, *, at: int, credit: bool
) -> Object:
    """The unused time of what is left (a credit), or the remaining time of what is taken."""
    customer = account.get("customer", subscription["customer"])
    start, end = item["current_period_start"], item["current_period_end"]
    whole: Fraction = money.line_amount(price["unit_amount_decimal"], quantity)
    part = money.prorated(whole, at=at, start=start, end=end)
    text = wording.line(
        account, "unused" if credit else "remaining", customer=customer, price=price, quantity=quantity, at=at
    )
    details = {"subscription": subscription["id"], "subscription_item": item["id"]}
    return add_item(
        account,
        customer,
        -part if credit else part,
        description=text,
        parent={"type": "subscription_details", "subscription_details": details},
        period={"start": at, "end": end},
        pricing=pricing_of(price),
        proration=True,
        quantity=quantity,
        tax_rates=item["tax_rates"] or subscription["default_tax_rates"],
        subscription=subscription["id"],
    )


def pending_items(account: Account, customer: str, subscription: str | None) -> list[Object]:
    """The items that the next invoice of the subscription (or of the customer) takes."""
    return [
        item
        for item in account.all("invoiceitem", customer=customer, invoice=None)
        if item["_subscription"] in (None, subscription)
    ]


def take_items(account: Account, invoice: Object, items: list[Object]) -> None:
    """Put pending items on an invoice."""
    for item in items:
        invoice["_lines"].append(item_line(account, item))
        item["invoice"] = invoice["id"]


ITEM = (
    "amount unit_amount_decimal quantity currency description metadata period tax_rates discountable pricing.price "
    "tax_behavior"
)


@route("POST", "/v1/invoiceitems", "InvoiceItemCreateParams", f"customer invoice subscription {ITEM}")
def create_item(call: Call) -> Object:
    """A line for the next invoice, or for a draft."""
    account = call.account
    customer = customer_of(account, call.get("customer"))
    invoice = _draft(call) if call.has("invoice") else None
    subscription = _subscription(call, customer)
    amount, pricing, quantity = item_amount(account, call.params)
    item = add_item(
        account,
        customer,
        amount,
        description=call.get("description") or _described(account, pricing),
        invoice=invoice and invoice["id"],
        metadata=merge_metadata({}, call.get("metadata")),
        parent=_parent(subscription),
        period=call.get("period"),
        pricing=pricing,
        quantity=quantity,
        tax_rates=check_tax_rates(account, call.get("tax_rates"), "tax_rates"),
        subscription=subscription,
    )
    if invoice:
        with account.changing(invoice, "invoice.updated"):
            invoice["_lines"].append(item_line(account, item))
            add_up(account, invoice)
    return item


def _described(account: Account, pricing: Object | None) -> str | None:
    return str(account.get("product", pricing["price_details"]["product"])["name"]) if pricing else None


def _parent(subscription: str | None) -> Object | None:
    if subscription is None:
        return None
    details = {"subscription": subscription, "subscription_item": None}
    return {"type": "subscription_details", "subscription_details": details}


def _draft(call: Call) -> Object:
    invoice = call.account.get("invoice", call.get("invoice"), param="invoice")
    if invoice["status"] != "draft":
        raise StripeRefusal("The invoice is no longer editable", code="invoice_not_editable", param="invoice")
    return invoice


def _subscription(call: Call, customer: Object) -> str | None:
    identifier = call.get("subscription")
    if identifier is None:
        return None
    subscription = call.account.get("subscription", identifier, param="subscription")
    if subscription["customer"] != customer["id"]:
        message = f"The subscription {identifier} does not belong to the customer {customer['id']}."
        raise StripeRefusal(message, param="subscription")
    if subscription["ended_at"] is not None:
        message = "You cannot add invoice items to a subscription that is canceled."
        raise StripeRefusal(message, param="subscription")
    return str(identifier)


def item_amount(account: Account, given: Object) -> tuple[int, Object | None, int]:
    """The cents, the price if there is one, and the quantity of an invoice item."""
    quantity = given.get("quantity", 1)
    if given.get("currency", "eur") != "eur":
        raise unsupported(f"the currency {given['currency']}", "currency")
    if given.get("pricing", {}).get("price"):
        price = account.get("price", given["pricing"]["price"], param="pricing[price]")
        if price["type"] != "one_time":
            message = "The price specified is set to `type=recurring` but this field only accepts one-time prices."
            raise StripeRefusal(message, param="pricing[price]")
        return money.rounded(money.line_amount(price["unit_amount_decimal"], quantity)), pricing_of(price), quantity
    if "currency" not in given:
        raise missing_param("currency")
    if "amount" in given:
        return int(given["amount"]), None, 1
    if "unit_amount_decimal" in given:
        return money.rounded(money.line_amount(str(given["unit_amount_decimal"]), quantity)), None, quantity
    raise missing_param("amount")


@route("GET", "/v1/invoiceitems/{id}", "InvoiceItemRetrieveParams")
def retrieve_item(call: Call) -> Object:
    """One invoice item."""
    return call.account.get("invoiceitem", call.id)


@route("POST", "/v1/invoiceitems/{id}", "InvoiceItemUpdateParams", "amount description metadata tax_rates")
def update_item(call: Call) -> Object:
    """Change an item that no invoice has taken."""
    item = call.account.get("invoiceitem", call.id)
    _refuse_taken(call.account, item)
    if call.has("amount"):
        item["amount"] = item["net_amount"] = call.get("amount")
    item["description"] = call.get("description", item["description"])
    item["metadata"] = merge_metadata(item["metadata"], call.get("metadata"))
    if call.has("tax_rates"):
        item["tax_rates"] = check_tax_rates(call.account, call.get("tax_rates"), "tax_rates")
    return item


@route("DELETE", "/v1/invoiceitems/{id}", "InvoiceItemDeleteParams")
def delete_item(call: Call) -> Object:
    """Take away an item that no invoice has taken."""
    item = call.account.get("invoiceitem", call.id)
    _refuse_taken(call.account, item)
    call.account.emit("invoiceitem.deleted", item)
    return call.account.remove("invoiceitem", call.id)


def _refuse_taken(account: Account, item: Object) -> None:
    if item["invoice"]:
        message = "This invoice item is attached to an invoice and can no longer be modified or deleted here."
        raise StripeRefusal(message, code="invoice_not_editable")


@route("GET", "/v1/invoiceitems", "InvoiceItemListParams", f"customer invoice pending created {PAGES}")
def list_items(call: Call) -> Object:
    """Invoice items, newest first."""
    found = [
        raw
        for raw in call.account.all("invoiceitem")
        if all(call.get(name) in (None, raw[name]) for name in ("customer", "invoice"))
        and call.get("pending") in (None, raw["invoice"] is None)
        and in_range(raw, call.get("created"), "date")
    ]
    return call.page("invoiceitem", found)
