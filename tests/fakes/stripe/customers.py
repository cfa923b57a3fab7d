"""Customers, their tax numbers and their balance."""

import re
from typing import Any

from .cards import attach_card
from .errors import StripeRefusal, missing_param, unsupported
from .routes import PAGES, Call, in_range, merge_metadata, route
from .state import Account, Object

CUSTOMER = (
    "name email phone description address metadata preferred_locales balance tax_exempt invoice_prefix "
    "invoice_settings.default_payment_method invoice_settings.footer invoice_settings.custom_fields shipping"
)
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
#: Stripe's test numbers for tax identifiers: what the registry answers to them.
UNVERIFIED, PENDING = "111111111", "222222222"
EU_VAT = re.compile(r"^[A-Z]{2}[0-9A-Z+*.]{2,12}$")


@route(
    "POST",
    "/v1/customers",
    "CustomerCreateParams",
    f"payment_method tax_id_data {CUSTOMER}",
)
def create_customer(call: Call) -> Object:
    """A customer; its card may come with it."""
    account = call.account
    number = account.number()
    customer = account.add(
        "customer",
        address=None,
        balance=call.get("balance", 0),
        delinquent=False,
        invoice_prefix=call.get("invoice_prefix") or f"TG{number:06d}",
        invoice_settings={
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        metadata={},
        next_invoice_sequence=1,
        preferred_locales=[],
        tax_exempt="none",
    )
    if call.has("payment_method"):
        attach_card(account, call.get("payment_method"), customer["id"])
    _write(call, customer)
    account.emit("customer.created", customer)
    for data in call.get("tax_id_data", []):
        add_tax_id(account, customer, data["type"], data["value"])
    return customer


def _write(call: Call, customer: Object) -> None:
    """Put the parameters into the customer."""
    account = call.account
    for name in ("name", "email", "phone", "description", "tax_exempt"):
        if call.has(name):
            customer[name] = call.get(name) or ("none" if name == "tax_exempt" else None)
    if call.has("address"):
        customer["address"] = full_address(call.get("address"))
    if call.has("shipping"):
        given = call.get("shipping")
        customer["shipping"] = given and {**given, "address": full_address(given["address"])}
    if call.has("preferred_locales"):
        customer["preferred_locales"] = call.get("preferred_locales")
    if call.has("balance") and call.get("balance") != customer["balance"]:
        move_balance(account, customer, call.get("balance") - customer["balance"], "adjustment")
    given = call.get("invoice_settings", {})
    method = given.get("default_payment_method")
    if method:
        found = account.get("payment_method", method, param="invoice_settings[default_payment_method]")
        if found["customer"] != customer["id"]:
            message = (
                f"The customer does not have a payment method with the ID {method}. The payment method must be "
                "attached to the customer."
            )
            raise StripeRefusal(message, code="resource_missing", param="invoice_settings[default_payment_method]")
    customer["invoice_settings"] |= {name: value or None for name, value in given.items()}
    customer["metadata"] = merge_metadata(customer["metadata"], call.get("metadata"))


def full_address(given: Any) -> Object | None:
    """The six lines of an address, those that are missing null."""
    return {name: given.get(name) or None for name in ADDRESS} if given else None


@route("GET", "/v1/customers/{id}", "CustomerRetrieveParams")
def retrieve_customer(call: Call) -> Object:
    """One customer, or the stub of one that was deleted."""
    gone = call.account.tables["deleted"].get(call.id)
    return gone or call.account.get("customer", call.id)


@route("POST", "/v1/customers/{id}", "CustomerUpdateParams", CUSTOMER)
def update_customer(call: Call) -> Object:
    """Change what a customer says."""
    customer = call.account.get("customer", call.id)
    if call.has("invoice_prefix"):
        raise unsupported("changing the prefix of invoices", "invoice_prefix")
    with call.account.changing(customer, "customer.updated"):
        _write(call, customer)
    return customer


@route("GET", "/v1/customers", "CustomerListParams", f"email created {PAGES}")
def list_customers(call: Call) -> Object:
    """Customers, newest first."""
    found = [
        raw
        for raw in call.account.all("customer")
        if call.get("email") in (None, raw["email"]) and in_range(raw, call.get("created"))
    ]
    return call.page("customer", found)


@route("POST", "/v1/customers/{id}/tax_ids", "CustomerTaxIdCreateParams", "type value")
def create_tax_id(call: Call) -> Object:
    """A tax number; a European one is asked of the registry, whose answer comes as an event."""
    customer = call.account.get("customer", call.id)
    return add_tax_id(call.account, customer, call.get("type"), call.get("value"))


@route("POST", "/v1/tax_ids", "TaxIdCreateParams", "type value owner.type owner.customer")
def create_owned_tax_id(call: Call) -> Object:
    """The same, under the newer address."""
    owner = call.get("owner", {})
    if owner.get("type") != "customer":
        raise unsupported("tax numbers of the account", "owner[type]")
    customer = call.account.get("customer", owner.get("customer"), param="owner[customer]")
    return add_tax_id(call.account, customer, call.get("type"), call.get("value"))


def add_tax_id(account: Account, customer: Object, type: str, value: str) -> Object:
    """Keep the number with the registry's answer."""
    if type == "eu_vat" and not EU_VAT.match(value):
        message = f"The tax ID value '{value}' is not a valid {type}."
        raise StripeRefusal(message, code="tax_id_invalid", param="value")
    if account.all("tax_id", customer=customer["id"], type=type, value=value):
        message = "This customer already has this tax ID."
        raise StripeRefusal(message, code="resource_already_exists", param="value")
    verification = {"status": "pending", "verified_address": None, "verified_name": None}
    if type != "eu_vat":
        verification["status"] = "unavailable"
    made = account.add(
        "tax_id",
        country=value[:2] if type == "eu_vat" else None,
        customer=customer["id"],
        owner={"type": "customer", "customer": customer["id"]},
        type=type,
        value=value,
        verification=verification,
    )
    account.emit("customer.tax_id.created", made)
    if type == "eu_vat" and PENDING not in value:
        with account.changing(made, "customer.tax_id.updated"):
            made["verification"] = _verified(account, customer, value)
    return made


def _verified(account: Account, customer: Object, value: str) -> Object:
    if UNVERIFIED in value:
        return {"status": "unverified", "verified_address": None, "verified_name": None}
    return {"status": "verified", "verified_address": None, "verified_name": customer["name"] or "INCONNU"}


@route("GET", "/v1/customers/{id}/tax_ids", "CustomerTaxIdListParams", PAGES)
def list_customer_tax_ids(call: Call) -> Object:
    """The tax numbers of a customer."""
    call.account.get("customer", call.id)
    return call.page("tax_id", call.account.all("tax_id", customer=call.id))


@route("GET", "/v1/customers/{id}/tax_ids/{id}", "CustomerTaxIdRetrieveParams")
@route("GET", "/v1/tax_ids/{id}", "TaxIdRetrieveParams")
def retrieve_tax_id(call: Call) -> Object:
    """One tax number."""
    return call.account.get("tax_id", call.id)


@route("DELETE", "/v1/customers/{id}/tax_ids/{id}", "CustomerTaxIdDeleteParams")
@route("DELETE", "/v1/tax_ids/{id}", "TaxIdDeleteParams")
def delete_tax_id(call: Call) -> Object:
    """Take a tax number away."""
    found = call.account.get("tax_id", call.id)
    call.account.emit("customer.tax_id.deleted", found)
    return call.account.remove("tax_id", call.id)


def move_balance(account: Account, customer: Object, amount: int, type: str, **details: Any) -> Object:
    """Add to what the customer owes (a negative amount is a credit), with its line in the history."""
    customer["balance"] += amount
    return account.add(
        "customer_balance_transaction",
        amount=amount,
        currency="eur",
        customer=customer["id"],
        description=details.get("description"),
        ending_balance=customer["balance"],
        invoice=details.get("invoice"),
        metadata=details.get("metadata", {}),
        type=type,
    )


@route(
    "POST",
    "/v1/customers/{id}/balance_transactions",
    "CustomerBalanceTransactionCreateParams",
    "amount currency description metadata",
)
def create_balance_transaction(call: Call) -> Object:
    """A credit (negative) or a debt (positive) that the next invoices settle."""
    account = call.account
    customer = account.get("customer", call.id)
    if call.get("currency") != "eur":
        raise unsupported(f"the currency {call.get('currency')}", "currency")
    with account.changing(customer, "customer.updated"):
        return move_balance(
            account,
            customer,
            call.get("amount"),
            "adjustment",
            description=call.get("description"),
            metadata=merge_metadata({}, call.get("metadata")),
        )


@route("GET", "/v1/customers/{id}/balance_transactions", "CustomerBalanceTransactionListParams", PAGES)
def list_balance_transactions(call: Call) -> Object:
    """The history of the balance, newest first."""
    call.account.get("customer", call.id)
    found = call.account.all("customer_balance_transaction", customer=call.id)
    return call.page("customer_balance_transaction", found)


def customer_of(account: Account, identifier: str | None, param: str = "customer") -> Object:
    """The customer that a parameter names."""
    if not identifier:
        raise missing_param(param)
    return account.get("customer", identifier, param=param)
