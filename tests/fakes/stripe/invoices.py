"""Invoices: draft, final, paid, void; by themselves or on demand."""

from typing import Any

from .catalog import ACCOUNT_ID
from .charging import charge, open_intent, refuse_unpaid
from .customers import move_balance
from .errors import StripeRefusal
from .lines import add_up, take_items
from .standing import after_failure, after_payment, plan_retry, subscription_of
from .state import Account, Object


def draft_invoice(
    account: Account,
    customer: Object,
    *,
    reason: str,
    lines: list[Object],
    items: list[Object],
    subscription: Object | None = None,
    period: tuple[int, int] | None = None,
    **values: Any,
) -> Object:
    """A draft with these lines and pending items; `invoice.created` is logged once its totals are known."""
    start, end = period or (account.now, account.now)
    details = subscription and {"subscription": subscription["id"], "metadata": dict(subscription["metadata"])}
    invoice = account.add(
        "invoice",
        account_country=account.settings.country,
        account_name=account.settings.business_name,
        amount_due=0,
        amount_overpaid=0,
        amount_paid=0,
        amount_remaining=0,
        amount_shipping=0,
        attempt_count=0,
        attempted=False,
        auto_advance=values.pop("auto_advance", True),
        automatic_tax={"enabled": False},
        billing_reason=reason,
        collection_method=values.pop("collection_method", "charge_automatically"),
        currency="eur",
        customer=customer["id"],
        default_tax_rates=values.pop("default_tax_rates", list((subscription or {}).get("default_tax_rates") or [])),
        discounts=[],
        issuer={"type": "self"},
        metadata=values.pop("metadata", {}),
        parent=details and {"type": "subscription_details", "subscription_details": details},
        payment_settings={},
        period_end=end,
        period_start=start,
        post_payment_credit_notes_amount=0,
        pre_payment_credit_notes_amount=0,
        starting_balance=0,
        status="draft",
        status_transitions={},
        subtotal=0,
        total=0,
        total_discount_amounts=[],
        total_pretax_credit_amounts=[],
        total_taxes=[],
        _lines=lines,
        _authenticated=False,
        **values,
    )
    take_items(account, invoice, items)
    _name_customer(account, invoice, customer)
    add_up(account, invoice)
    account.emit("invoice.created", invoice)
    return invoice


def _name_customer(account: Account, invoice: Object, customer: Object) -> None:
    """The customer as it is now, frozen when the invoice is final."""
    tax_ids = account.all("tax_id", customer=customer["id"])
    invoice.update(
        customer_address=customer["address"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        customer_phone=customer["phone"],
        customer_shipping=customer["shipping"],
        customer_tax_exempt=customer["tax_exempt"],
        customer_tax_ids=[{"type": found["type"], "value": found["value"]} for found in tax_ids],
    )


def finalize(account: Account, invoice: Object) -> None:
    """Number and freeze the invoice, use the customer's balance, and settle at once what costs nothing."""
    customer = account.get("customer", invoice["customer"])
    _name_customer(account, invoice, customer)
    add_up(account, invoice)
    url = f"{account.base_url}/i/{ACCOUNT_ID}/{invoice['id']}"
    invoice.update(
        status="open",
        number=f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}",
        ending_balance=invoice["_ending_balance"],
        effective_at=account.now,
        hosted_invoice_url=url,
        invoice_pdf=f"{url}/pdf",
        automatically_finalizes_at=None,
    )
    invoice["status_transitions"]["finalized_at"] = account.now
    customer["next_invoice_sequence"] += 1
    _use_balance(account, invoice, customer)
    if invoice["amount_due"]:
        _open_payment(account, invoice)
    account.emit("invoice.finalized", invoice)
    if not invoice["amount_due"]:
        invoice["attempted"] = True
        mark_paid(account, invoice)


def _use_balance(account: Account, invoice: Object, customer: Object) -> None:
    change = invoice["ending_balance"] - invoice["starting_balance"]
    if not change:
        return
    waits = invoice["ending_balance"] > 0
    with account.changing(customer, "customer.updated"):
        kind = "invoice_too_small" if waits else "applied_to_invoice"
        move_balance(account, customer, change, kind, invoice=invoice["id"])


def _open_payment(account: Account, invoice: Object) -> None:
    intent = open_intent(
        account,
        amount=invoice["amount_due"],
        customer=invoice["customer"],
        description=f"Invoice {invoice['number']}",
        metadata={},
    )
    account.add(
        "invoice_payment",
        amount_requested=invoice["amount_due"],
        currency="eur",
        invoice=invoice["id"],
        is_default=True,
        payment={"type": "payment_intent", "payment_intent": intent["id"]},
        status="open",
        status_transitions={},
    )


def payment_of(account: Account, invoice: Object) -> tuple[Object, Object]:
    """The open payment of an unpaid invoice and its intent."""
    payment = account.all("invoice_payment", invoice=invoice["id"], status="open")[0]
    return payment, account.get("payment_intent", payment["payment"]["payment_intent"])


def method_of(account: Account, invoice: Object) -> Object | None:
    """The card that pays: the invoice's, else the subscription's, else the customer's."""
    subscription = subscription_of(account, invoice)
    customer = account.get("customer", invoice["customer"])
    for identifier in (
        invoice["default_payment_method"],
        subscription and subscription["default_payment_method"],
        customer["invoice_settings"]["default_payment_method"],
    ):
        if identifier:
            return account.tables["payment_method"].get(identifier)
    return None


def collect(
    account: Account,
    invoice: Object,
    *,
    method: Object | None = None,
    off_session: bool = True,
    authenticated: bool = False,
    automatic: bool = True,
) -> bool:
    """Ask the card for what is due: whether it is paid. A failure plans the next attempt."""
    method = method or method_of(account, invoice)
    _payment, intent = payment_of(account, invoice)
    invoice["attempted"] = True
    if automatic or not invoice["attempt_count"]:
        invoice["attempt_count"] += 1
    if charge(account, intent, method, off_session=off_session, authenticated=authenticated):
        mark_paid(account, invoice)
        return True
    if automatic:
        plan_retry(account, invoice)
    _say_unpaid(account, invoice, intent)
    after_failure(account, invoice)
    return False


def _say_unpaid(account: Account, invoice: Object, intent: Object) -> None:
    asks = intent["status"] == "requires_action" or (
        (intent["last_payment_error"] or {}).get("decline_code") == "authentication_required"
    )
    if asks:
        account.emit("invoice.payment_action_required", invoice)
    if intent["status"] != "requires_action":
        account.emit("invoice.payment_failed", invoice)


def mark_paid(account: Account, invoice: Object, *, out_of_band: bool = False) -> None:
    """The money is there, or there is none to ask for."""
    for payment in account.all("invoice_payment", invoice=invoice["id"], status="open"):
        intent = account.get("payment_intent", payment["payment"]["payment_intent"])
        if out_of_band:
            intent.update(status="canceled", canceled_at=account.now)
            payment["status"] = "canceled"
            payment["status_transitions"]["canceled_at"] = account.now
            continue
        payment.update(status="paid", amount_paid=intent["amount_received"])
        payment["status_transitions"]["paid_at"] = account.now
        account.emit("invoice_payment.paid", payment)
    with account.changing(invoice, "invoice.updated"):
        invoice.update(
            status="paid",
            amount_paid=0 if out_of_band else invoice["amount_due"],
            amount_remaining=0,
            auto_advance=False,
            next_payment_attempt=None,
        )
        invoice["status_transitions"]["paid_at"] = account.now
    account.emit("invoice.paid", invoice)
    account.emit("invoice.payment_succeeded", invoice)
    after_payment(account, invoice)


def finalize_and_collect(account: Account, invoice: Object, *, off_session: bool = True) -> None:
    """What a draft becomes when its time has come."""
    finalize(account, invoice)
    if invoice["status"] == "open" and invoice["collection_method"] == "charge_automatically":
        collect(account, invoice, off_session=off_session)


def pay_now(account: Account, invoice: Object, method: Object | None, *, off_session: bool) -> None:
    """Pay on demand; 402 when the card refuses, with everything as after a failed attempt."""
    method = method or method_of(account, invoice)
    if method is None:
        raise refuse_unpaid({}, None)
    if not collect(account, invoice, method=method, off_session=off_session, automatic=False):
        raise refuse_unpaid(payment_of(account, invoice)[1], method)


def void(account: Account, invoice: Object) -> None:
    """The invoice is as if it had never been; the balance it used comes back."""
    if invoice["status"] not in ("open", "uncollectible"):
        message = f"You can only pass in open invoices. This invoice isn't open (it is {invoice['status']})."
        raise StripeRefusal(message)
    for payment in account.all("invoice_payment", invoice=invoice["id"], status="open"):
        account.get("payment_intent", payment["payment"]["payment_intent"]).update(
            status="canceled", canceled_at=account.now, cancellation_reason="void_invoice"
        )
        payment["status"] = "canceled"
        payment["status_transitions"]["canceled_at"] = account.now
    change = (invoice["ending_balance"] or 0) - invoice["starting_balance"]
    if change:
        customer = account.get("customer", invoice["customer"])
        with account.changing(customer, "customer.updated"):
            move_balance(account, customer, -change, "unapplied_from_invoice", invoice=invoice["id"])
    invoice.update(status="void", auto_advance=False, next_payment_attempt=None, amount_remaining=0)
    invoice["status_transitions"]["voided_at"] = account.now
    account.emit("invoice.voided", invoice)
    after_payment(account, invoice)
