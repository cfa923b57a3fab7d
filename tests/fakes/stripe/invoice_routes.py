"""The calls about invoices."""

from .catalog import check_tax_rates
from .customers import customer_of
from .errors import StripeRefusal, unsupported
from .invoices import draft_invoice, finalize, finalize_and_collect, mark_paid, pay_now, void
from .lines import add_up, pending_items
from .routes import PAGES, Call, in_range, merge_metadata, paginate, route
from .settings import DAY
from .state import Object

EDITABLE = "auto_advance default_payment_method default_tax_rates description footer metadata days_until_due"


@route(
    "POST",
    "/v1/invoices",
    "InvoiceCreateParams",
    f"customer subscription collection_method pending_invoice_items_behavior currency {EDITABLE}",
)
def create_invoice(call: Call) -> Object:
    """A draft by hand: of a subscription's pending items, or of whatever is added to it."""
    account = call.account
    subscription: Object | None = None
    if call.has("subscription"):
        subscription = account.get("subscription", call.get("subscription"), param="subscription")
    customer = customer_of(account, call.get("customer") or (subscription["customer"] if subscription else None))
    takes = call.get("pending_invoice_items_behavior", "include" if subscription else "exclude") == "include"
    items = pending_items(account, customer["id"], subscription["id"] if subscription else None) if takes else []
    if subscription and not items:
        raise StripeRefusal("Nothing to invoice for subscription", code="invoice_no_subscription_line_items")
    values: Object = {}
    if call.has("default_tax_rates"):
        values["default_tax_rates"] = check_tax_rates(account, call.get("default_tax_rates"), "default_tax_rates")
    invoice = draft_invoice(
        account,
        customer,
        reason="manual",
        lines=[],
        items=items,
        subscription=subscription,
        auto_advance=call.get("auto_advance", False),
        collection_method=call.get("collection_method", "charge_automatically"),
        default_payment_method=call.get("default_payment_method"),
        description=call.get("description"),
        due_date=_due_date(call),
        footer=call.get("footer"),
        metadata=merge_metadata({}, call.get("metadata")),
        **values,
    )
    if subscription:
        subscription["latest_invoice"] = invoice["id"]
    if invoice["auto_advance"]:
        invoice["automatically_finalizes_at"] = account.now + account.settings.draft_seconds
    return invoice


def _due_date(call: Call) -> int | None:
    sent = call.get("collection_method") == "send_invoice"
    if call.has("days_until_due") and not sent:
        message = "`days_until_due` can only be specified when `collection_method` is `send_invoice`."
        raise StripeRefusal(message, param="days_until_due")
    return call.account.now + call.get("days_until_due", 30) * DAY if sent else None


@route("GET", "/v1/invoices/{id}", "InvoiceRetrieveParams")
def retrieve_invoice(call: Call) -> Object:
    """One invoice."""
    return call.account.get("invoice", call.id)


@route("GET", "/v1/invoices", "InvoiceListParams", f"customer subscription status collection_method created {PAGES}")
def list_invoices(call: Call) -> Object:
    """Invoices, newest first."""
    found = [
        raw
        for raw in call.account.all("invoice")
        if all(call.get(name) in (None, raw[name]) for name in ("customer", "status", "collection_method"))
        and call.get("subscription") in (None, subscription_id(raw))
        and in_range(raw, call.get("created"))
    ]
    return call.page("invoice", found)


def subscription_id(invoice: Object) -> str | None:
    """The identifier of the subscription that an invoice is for."""
    return str(invoice["parent"]["subscription_details"]["subscription"]) if invoice["parent"] else None


@route("GET", "/v1/invoices/{id}/lines", "InvoiceLineItemListParams", PAGES)
def list_lines(call: Call) -> Object:
    """The lines in the order of the invoice."""
    invoice = call.account.get("invoice", call.id)
    return paginate(call, "line_item", invoice["_lines"])


@route("POST", "/v1/invoices/{id}", "InvoiceUpdateParams", EDITABLE)
def update_invoice(call: Call) -> Object:
    """Everything in a draft; only metadata and collection afterwards."""
    account = call.account
    invoice = account.get("invoice", call.id)
    if invoice["status"] != "draft" and call.params.keys() - {"metadata", "auto_advance", "default_payment_method"}:
        message = "Finalized invoices can't be updated in this way"
        raise StripeRefusal(message, code="invoice_not_editable")
    if call.has("days_until_due"):
        raise unsupported("changing the due date of a draft", "days_until_due")
    with account.changing(invoice, "invoice.updated"):
        for name in ("auto_advance", "default_payment_method", "description", "footer"):
            if call.has(name):
                invoice[name] = None if call.get(name) == "" else call.get(name)
        invoice["metadata"] = merge_metadata(invoice["metadata"], call.get("metadata"))
        if call.has("default_tax_rates"):
            rates = check_tax_rates(account, call.get("default_tax_rates"), "default_tax_rates")
            invoice["default_tax_rates"] = rates
        if invoice["status"] == "draft":
            add_up(account, invoice)
            delay = account.settings.draft_seconds
            invoice["automatically_finalizes_at"] = account.now + delay if invoice["auto_advance"] else None
    return invoice


@route("DELETE", "/v1/invoices/{id}", "InvoiceDeleteParams")
def delete_invoice(call: Call) -> Object:
    """Only a draft made by hand goes; its items wait again."""
    account = call.account
    invoice = account.get("invoice", call.id)
    if invoice["status"] != "draft":
        message = "You can only delete draft invoices. To cancel a non-draft invoice, void it instead."
        raise StripeRefusal(message)
    if invoice["billing_reason"] != "manual":
        raise StripeRefusal("You can't delete invoices created by subscriptions.")
    for item in account.all("invoiceitem", invoice=invoice["id"]):
        item["invoice"] = None
    account.emit("invoice.deleted", invoice)
    return account.remove("invoice", call.id)


@route("POST", "/v1/invoices/{id}/finalize", "InvoiceFinalizeInvoiceParams", "auto_advance")
def finalize_invoice(call: Call) -> Object:
    """Number and freeze now; with auto_advance the card is asked too."""
    invoice = call.account.get("invoice", call.id)
    if invoice["status"] != "draft":
        message = "This invoice is already finalized, you can't re-finalize a non-draft invoice."
        raise StripeRefusal(message, code="invoice_not_editable")
    invoice["auto_advance"] = call.get("auto_advance", invoice["auto_advance"])
    if invoice["auto_advance"]:
        finalize_and_collect(call.account, invoice)
    else:
        finalize(call.account, invoice)
    return invoice


@route("POST", "/v1/invoices/{id}/pay", "InvoicePayParams", "payment_method off_session paid_out_of_band")
def pay_invoice(call: Call) -> Object:
    """Ask the card now; 402 when it refuses."""
    account = call.account
    invoice = account.get("invoice", call.id)
    if invoice["status"] == "paid":
        raise StripeRefusal("Invoice is already paid", code="invoice_already_paid")
    if invoice["status"] in ("void", "uncollectible"):
        message = f"You can't pay an invoice that is {invoice['status']}."
        raise StripeRefusal(message, code="invoice_not_open")
    if invoice["status"] == "draft":
        finalize(account, invoice)
    if invoice["status"] == "paid":
        return invoice
    if call.get("paid_out_of_band"):
        mark_paid(account, invoice, out_of_band=True)
        return invoice
    method = None
    if call.has("payment_method"):
        method = account.get("payment_method", call.get("payment_method"), param="payment_method")
        if method["customer"] != invoice["customer"]:
            message = "The payment method does not belong to the customer of the invoice."
            raise StripeRefusal(message, param="payment_method")
    pay_now(account, invoice, method, off_session=call.get("off_session", True))
    return invoice


@route("POST", "/v1/invoices/{id}/void", "InvoiceVoidInvoiceParams")
def void_invoice(call: Call) -> Object:
    """Cancel an open invoice for good."""
    invoice = call.account.get("invoice", call.id)
    void(call.account, invoice)
    return invoice


@route("POST", "/v1/invoices/{id}/mark_uncollectible", "InvoiceMarkUncollectibleParams")
def mark_uncollectible(call: Call) -> Object:
    """Nobody will pay it."""
    invoice = call.account.get("invoice", call.id)
    if invoice["status"] != "open":
        raise StripeRefusal("You can only mark open invoices as uncollectible.")
    invoice.update(status="uncollectible", auto_advance=False, next_payment_attempt=None)
    invoice["status_transitions"]["marked_uncollectible_at"] = call.account.now
    call.account.emit("invoice.marked_uncollectible", invoice)
    return invoice


@route("GET", "/v1/invoice_payments", "InvoicePaymentListParams", f"invoice status {PAGES}")
def list_payments(call: Call) -> Object:
    """The payments of an invoice."""
    found = [
        raw
        for raw in call.account.all("invoice_payment")
        if all(call.get(name) in (None, raw[name]) for name in ("invoice", "status"))
    ]
    return call.page("invoice_payment", found)


@route("GET", "/v1/invoice_payments/{id}", "InvoicePaymentRetrieveParams")
def retrieve_payment(call: Call) -> Object:
    """One payment of an invoice."""
    return call.account.get("invoice_payment", call.id)
