"""The billing portal: its configurations, and the sessions that open its pages."""

from typing import Any

from .customers import customer_of
from .errors import StripeRefusal, missing_param, unsupported
from .routes import PAGES, Call, merge_metadata, route
from .settings import HOUR
from .state import Account, Object

FEATURES = (
    "features.payment_method_update.enabled features.invoice_history.enabled features.subscription_cancel "
    "features.customer_update features.subscription_update"
)
CONFIGURATION = f"business_profile default_return_url metadata name login_page.enabled {FEATURES}"
#: A link to the portal can be opened for this long.
SESSION_SECONDS = HOUR


@route("POST", "/v1/billing_portal/configurations", "billing_portal.ConfigurationCreateParams", CONFIGURATION)
def create_configuration(call: Call) -> Object:
    """What the portal offers; the first one is the default."""
    made = call.account.add(
        "billing_portal.configuration",
        active=True,
        business_profile=call.get("business_profile") or {},
        default_return_url=call.get("default_return_url") or None,
        features=_features(call.get("features", {}), {}),
        is_default=not call.account.tables["billing_portal.configuration"],
        login_page={"enabled": False, "url": None},
        metadata=merge_metadata({}, call.get("metadata")),
        name=call.get("name") or None,
        updated=call.account.now,
    )
    call.account.emit("billing_portal.configuration.created", made)
    return made


def _features(given: Object, current: Object) -> Object:
    """Everything that is not opened is closed."""
    if given.get("subscription_update", {}).get("enabled"):
        raise unsupported("changes of plan in the portal", "features[subscription_update][enabled]")
    if given.get("customer_update", {}).get("enabled"):
        raise unsupported("changes of the customer in the portal", "features[customer_update][enabled]")
    cancel = given.get("subscription_cancel", {})
    before: Object = current.get("subscription_cancel", {})
    return {
        "customer_update": {"allowed_updates": [], "enabled": False},
        "invoice_history": {"enabled": _enabled(given, current, "invoice_history")},
        "payment_method_update": {"enabled": _enabled(given, current, "payment_method_update")}
        | {"payment_method_configuration": None},
        "subscription_cancel": {
            "cancellation_reason": {
                "enabled": cancel.get("cancellation_reason", {}).get("enabled", False),
                "options": cancel.get("cancellation_reason", {}).get("options", []) or [],
            },
            "enabled": cancel.get("enabled", before.get("enabled", False)),
            "mode": cancel.get("mode", before.get("mode", "at_period_end")),
            "proration_behavior": cancel.get("proration_behavior", before.get("proration_behavior", "none")),
        },
        "subscription_update": {
            "billing_cycle_anchor": None,
            "default_allowed_updates": [],
            "enabled": False,
            "products": [],
            "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": []},
            "trial_update_behavior": "end_trial",
        },
    }


def _enabled(given: Object, current: Object, name: str) -> bool:
    chosen: Object = given.get(name) or current.get(name) or {}
    return bool(chosen.get("enabled", False))


@route("GET", "/v1/billing_portal/configurations/{id}", "billing_portal.ConfigurationRetrieveParams")
def retrieve_configuration(call: Call) -> Object:
    """One configuration."""
    return call.account.get("billing_portal.configuration", call.id)


@route(
    "GET",
    "/v1/billing_portal/configurations",
    "billing_portal.ConfigurationListParams",
    f"active is_default {PAGES}",
)
def list_configurations(call: Call) -> Object:
    """Configurations, newest first."""
    found = [
        raw
        for raw in call.account.all("billing_portal.configuration")
        if all(call.get(name) in (None, raw[name]) for name in ("active", "is_default"))
    ]
    return call.page("billing_portal.configuration", found)


@route(
    "POST",
    "/v1/billing_portal/configurations/{id}",
    "billing_portal.ConfigurationUpdateParams",
    f"active {CONFIGURATION}",
)
def update_configuration(call: Call) -> Object:
    """Change what the portal offers."""
    found = call.account.get("billing_portal.configuration", call.id)
    with call.account.changing(found, "billing_portal.configuration.updated"):
        for name in ("active", "default_return_url", "name"):
            if call.has(name):
                found[name] = None if call.get(name) == "" else call.get(name)
        found["business_profile"] = {**found["business_profile"], **call.get("business_profile", {})}
        found["features"] = _features(call.get("features", {}), found["features"])
        found["metadata"] = merge_metadata(found["metadata"], call.get("metadata"))
        found["updated"] = call.account.now
    return found


@route(
    "POST",
    "/v1/billing_portal/sessions",
    "billing_portal.SessionCreateParams",
    "customer configuration return_url locale flow_data.type flow_data.subscription_cancel.subscription "
    "flow_data.after_completion.type flow_data.after_completion.redirect.return_url",
)
def create_portal_session(call: Call) -> Object:
    """A link to the customer's portal, or straight to one of its pages (`flow_data`)."""
    account = call.account
    customer = customer_of(account, call.get("customer"))
    configuration = _configuration(account, call.get("configuration"))
    session = account.add(
        "billing_portal.session",
        configuration=configuration["id"],
        customer=customer["id"],
        flow=_flow(account, customer, call.get("flow_data")),
        locale=call.get("locale"),
        return_url=call.get("return_url") or configuration["default_return_url"],
        url="",
        _expires=account.now + SESSION_SECONDS,
    )
    session["url"] = f"{account.base_url}/p/session/{session['id']}"
    account.emit("billing_portal.session.created", session)
    return session


def _configuration(account: Account, identifier: str | None) -> Object:
    if identifier:
        return account.get("billing_portal.configuration", identifier, param="configuration")
    for found in account.all("billing_portal.configuration", is_default=True):
        return found
    message = (
        "You can’t create a portal session in test mode until you save your customer portal settings in test mode at "
        "https://dashboard.stripe.com/test/settings/billing/portal."
    )
    raise StripeRefusal(message)


def _flow(account: Account, customer: Object, given: Any) -> Object | None:
    if not given:
        return None
    kind = given["type"]
    if kind not in ("payment_method_update", "subscription_cancel"):
        raise unsupported(f"the flow {kind}", "flow_data[type]")
    cancels = None
    if kind == "subscription_cancel":
        identifier = given.get("subscription_cancel", {}).get("subscription")
        if not identifier:
            raise missing_param("flow_data[subscription_cancel]")
        found = account.get("subscription", identifier, param="flow_data[subscription_cancel][subscription]")
        if found["customer"] != customer["id"] or found["ended_at"] is not None:
            message = f"The subscription `{identifier}` cannot be cancelled by this customer."
            raise StripeRefusal(message, param="flow_data[subscription_cancel][subscription]")
        cancels = {"retention": None, "subscription": identifier}
    after = given.get("after_completion", {"type": "portal_homepage"})
    return {
        "after_completion": {"hosted_confirmation": None, "redirect": after.get("redirect"), "type": after["type"]},
        "customer_update": None,
        "subscription_cancel": cancels,
        "subscription_update": None,
        "subscription_update_confirm": None,
        "type": kind,
    }
