"""What is sold: products, prices, tax rates; and the account itself."""

from decimal import ROUND_HALF_UP, Decimal

from .errors import StripeRefusal, missing_param, unsupported
from .rendering import listed
from .routes import PAGES, Call, in_range, merge_metadata, route
from .state import Account, Object, complete

ACCOUNT_ID = "acct_1LocalStripeServer0"


@route("GET", "/v1/account", "AccountRetrieveCurrentParams")
def retrieve_account(call: Call) -> Object:
    """The publisher's own account."""
    settings = call.account.settings
    return complete(
        "account",
        {
            "id": ACCOUNT_ID,
            "business_profile": {"name": settings.business_name, "url": "https://editeur.test"},
            "business_type": "company",
            "charges_enabled": True,
            "country": settings.country,
            "created": 1_600_000_000,
            "default_currency": "eur",
            "details_submitted": True,
            "email": settings.email,
            "metadata": {},
            "payouts_enabled": True,
            "settings": {
                "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
                "card_payments": {"statement_descriptor_prefix": None},
                "dashboard": {"display_name": settings.business_name, "timezone": "Europe/Paris"},
                "payments": {"statement_descriptor": settings.business_name.upper()[:22]},
            },
            "type": "standard",
        },
    )


@route("GET", "/v1/accounts/{id}", "AccountRetrieveParams")
def retrieve_account_by_id(call: Call) -> Object:
    """The publisher's own account under its identifier."""
    if call.id != ACCOUNT_ID:
        message = f"The provided key does not have access to account '{call.id}' (or that account does not exist)."
        raise StripeRefusal(message, status=403, code="account_invalid")
    return retrieve_account(call)


PRODUCT = "name description active metadata statement_descriptor tax_code unit_label url"


@route("POST", "/v1/products", "ProductCreateParams", f"id {PRODUCT}")
def create_product(call: Call) -> Object:
    """A product without a price."""
    account = call.account
    if call.has("id") and call.get("id") in account.tables["product"]:
        raise StripeRefusal(f"Product already exists with id: {call.get('id')}", code="resource_already_exists")
    values = {"id": call.get("id")} if call.has("id") else {}
    made = account.add(
        "product",
        **values,
        active=call.get("active", True),
        description=call.get("description") or None,
        images=[],
        marketing_features=[],
        metadata=merge_metadata({}, call.get("metadata")),
        name=call.get("name"),
        statement_descriptor=call.get("statement_descriptor"),
        tax_code=call.get("tax_code"),
        type="service",
        unit_label=call.get("unit_label"),
        updated=account.now,
        url=call.get("url"),
    )
    account.emit("product.created", made)
    return made


@route("GET", "/v1/products/{id}", "ProductRetrieveParams")
def retrieve_product(call: Call) -> Object:
    """One product."""
    return call.account.get("product", call.id)


@route("POST", "/v1/products/{id}", "ProductUpdateParams", f"default_price {PRODUCT}")
def update_product(call: Call) -> Object:
    """Change what a product says; its identifier and prices stay."""
    account = call.account
    product = account.get("product", call.id)
    if call.get("default_price"):
        account.get("price", call.get("default_price"), param="default_price")
    with account.changing(product, "product.updated"):
        for name in set(call.params) - {"metadata"}:
            product[name] = None if call.get(name) == "" else call.get(name)
        product["metadata"] = merge_metadata(product["metadata"], call.get("metadata"))
        product["updated"] = account.now
    return product


@route("DELETE", "/v1/products/{id}", "ProductDeleteParams")
def delete_product(call: Call) -> Object:
    """Only a product without any price goes."""
    product = call.account.get("product", call.id)
    if call.account.all("price", product=call.id):
        message = "This product cannot be deleted because it has one or more user-created prices."
        raise StripeRefusal(message)
    call.account.emit("product.deleted", product)
    return call.account.remove("product", call.id)


@route("GET", "/v1/products", "ProductListParams", f"active ids created {PAGES}")
def list_products(call: Call) -> Object:
    """Products, newest first."""
    found = [
        raw
        for raw in call.account.all("product")
        if call.get("active") in (None, raw["active"])
        and (not call.has("ids") or raw["id"] in call.get("ids"))
        and in_range(raw, call.get("created"))
    ]
    return call.page("product", found)


@route("GET", "/v1/products/{id}/features", "ProductFeatureListParams", PAGES)
def list_product_features(call: Call) -> Object:
    """Stripe's own entitlements, which dj-stripe asks about: no product has any."""
    call.account.get("product", call.id)
    return listed([], call.path)


PRICE = (
    "product product_data.name product_data.metadata currency unit_amount unit_amount_decimal recurring.interval "
    "recurring.interval_count recurring.usage_type nickname lookup_key transfer_lookup_key tax_behavior metadata "
    "active billing_scheme"
)


@route("POST", "/v1/prices", "PriceCreateParams", PRICE)
def create_price(call: Call) -> Object:
    """An amount in euros, per month or per year or once."""
    account = call.account
    product = _product_of(call)
    if call.get("currency") != "eur":
        raise unsupported(f"the currency {call.get('currency')}", "currency")
    if call.get("billing_scheme", "per_unit") != "per_unit":
        raise unsupported("tiers", "billing_scheme")
    amount, exact = _amount(call)
    made = account.add(
        "price",
        active=call.get("active", True),
        billing_scheme="per_unit",
        currency="eur",
        lookup_key=_lookup_key(call, None),
        metadata=merge_metadata({}, call.get("metadata")),
        nickname=call.get("nickname"),
        product=product["id"],
        recurring=_recurring(call.get("recurring")),
        tax_behavior=call.get("tax_behavior", "unspecified"),
        type="recurring" if call.has("recurring") else "one_time",
        unit_amount=amount,
        unit_amount_decimal=exact,
    )
    account.emit("price.created", made)
    return made


def _product_of(call: Call) -> Object:
    if call.has("product"):
        return call.account.get("product", call.get("product"), param="product")
    if not call.has("product_data"):
        raise missing_param("product")
    data = call.get("product_data")
    return create_product(Call(call.account, data, (), "/v1/products"))


def _amount(call: Call) -> tuple[int | None, str]:
    """Cents, and the exact decimal of cents; a fraction of a cent leaves the whole number null."""
    if call.has("unit_amount") == call.has("unit_amount_decimal"):
        raise missing_param("unit_amount")
    exact = Decimal(str(call.get("unit_amount", call.get("unit_amount_decimal"))))
    if exact < 0:
        raise StripeRefusal("This value must be greater than or equal to 0.", param="unit_amount")
    whole = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return (int(exact) if exact == whole else None), f"{exact.normalize():f}"


def _recurring(given: Object | None) -> Object | None:
    if given is None:
        return None
    if given.get("usage_type", "licensed") != "licensed":
        raise unsupported("metered prices", "recurring[usage_type]")
    if given["interval"] not in ("month", "year"):
        raise unsupported(f"the interval {given['interval']}", "recurring[interval]")
    return {
        "interval": given["interval"],
        "interval_count": given.get("interval_count", 1),
        "meter": None,
        "usage_type": "licensed",
        "trial_period_days": None,
    }


def _lookup_key(call: Call, current: Object | None) -> str | None:
    """A key belongs to one price; it moves only when asked."""
    key = call.get("lookup_key")
    if not key:
        return None
    for other in call.account.all("price", lookup_key=key):
        if other is current:
            continue
        if not call.get("transfer_lookup_key"):
            message = f"A price (`{other['id']}`) already uses that lookup key."
            raise StripeRefusal(message, param="lookup_key")
        with call.account.changing(other, "price.updated"):
            other["lookup_key"] = None
    return str(key)


@route("GET", "/v1/prices/{id}", "PriceRetrieveParams")
def retrieve_price(call: Call) -> Object:
    """One price."""
    return call.account.get("price", call.id)


@route(
    "POST",
    "/v1/prices/{id}",
    "PriceUpdateParams",
    "active lookup_key transfer_lookup_key metadata nickname tax_behavior",
)
def update_price(call: Call) -> Object:
    """Never the amount: a new price takes its place."""
    price = call.account.get("price", call.id)
    if call.has("tax_behavior") and price["tax_behavior"] not in ("unspecified", call.get("tax_behavior")):
        raise StripeRefusal("The `tax_behavior` of a price cannot be changed once it is set.", param="tax_behavior")
    with call.account.changing(price, "price.updated"):
        for name in ("active", "tax_behavior", "nickname"):
            if call.has(name):
                price[name] = call.get(name) if call.get(name) != "" else None
        if call.has("lookup_key"):
            price["lookup_key"] = _lookup_key(call, price)
        price["metadata"] = merge_metadata(price["metadata"], call.get("metadata"))
    return price


@route(
    "GET",
    "/v1/prices",
    "PriceListParams",
    f"active currency product type lookup_keys recurring.interval created {PAGES}",
)
def list_prices(call: Call) -> Object:
    """Prices, newest first."""
    interval = call.get("recurring", {}).get("interval")
    found = [
        raw
        for raw in call.account.all("price")
        if all(call.get(name) in (None, raw[name]) for name in ("active", "currency", "product", "type"))
        and (not call.has("lookup_keys") or raw["lookup_key"] in call.get("lookup_keys"))
        and (interval is None or (raw["recurring"] or {}).get("interval") == interval)
        and in_range(raw, call.get("created"))
    ]
    return call.page("price", found)


RATE = "active country description display_name jurisdiction metadata state tax_type"


@route("POST", "/v1/tax_rates", "TaxRateCreateParams", f"inclusive percentage {RATE}")
def create_tax_rate(call: Call) -> Object:
    """A percentage that is added to the amount, or already in it."""
    percentage = call.get("percentage")
    if not 0 <= percentage <= 100:
        raise StripeRefusal("percentage must be between 0 and 100", param="percentage")
    made = call.account.add(
        "tax_rate",
        active=call.get("active", True),
        country=call.get("country"),
        description=call.get("description"),
        display_name=call.get("display_name"),
        effective_percentage=percentage,
        inclusive=call.get("inclusive"),
        jurisdiction=call.get("jurisdiction"),
        metadata=merge_metadata({}, call.get("metadata")),
        percentage=percentage,
        rate_type="percentage",
        state=call.get("state"),
        tax_type=call.get("tax_type"),
    )
    call.account.emit("tax_rate.created", made)
    return made


@route("GET", "/v1/tax_rates/{id}", "TaxRateRetrieveParams")
def retrieve_tax_rate(call: Call) -> Object:
    """One tax rate."""
    return call.account.get("tax_rate", call.id)


@route("POST", "/v1/tax_rates/{id}", "TaxRateUpdateParams", RATE)
def update_tax_rate(call: Call) -> Object:
    """Never the percentage."""
    rate = call.account.get("tax_rate", call.id)
    with call.account.changing(rate, "tax_rate.updated"):
        for name in set(call.params) - {"metadata"}:
            rate[name] = None if call.get(name) == "" else call.get(name)
        rate["metadata"] = merge_metadata(rate["metadata"], call.get("metadata"))
    return rate


@route("GET", "/v1/tax_rates", "TaxRateListParams", f"active inclusive created {PAGES}")
def list_tax_rates(call: Call) -> Object:
    """Tax rates, newest first."""
    found = [
        raw
        for raw in call.account.all("tax_rate")
        if all(call.get(name) in (None, raw[name]) for name in ("active", "inclusive"))
        and in_range(raw, call.get("created"))
    ]
    return call.page("tax_rate", found)


def check_tax_rates(account: Account, identifiers: list[str] | str | None, param: str) -> list[str]:
    """The identifiers, each of an active rate."""
    for position, identifier in enumerate(identifiers or []):
        if not account.get("tax_rate", identifier, param=f"{param}[{position}]")["active"]:
            message = f"The tax rate {identifier} is inactive and cannot be used."
            raise StripeRefusal(message, param=f"{param}[{position}]")
    return list(identifiers or [])
