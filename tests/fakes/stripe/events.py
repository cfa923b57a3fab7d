"""The event log and the addresses that are told of it."""

from typing import Any

from .errors import StripeRefusal, unsupported
from .routes import PAGES, Call, in_range, merge_metadata, route
from .settings import API_VERSION
from .state import Account, Object


@route("GET", "/v1/events/{id}", "EventRetrieveParams")
def retrieve_event(call: Call) -> Object:
    """One event, with the object as it was then."""
    return call.account.get("event", call.id)


@route("GET", "/v1/events", "EventListParams", f"type types created {PAGES}")
def list_events(call: Call) -> Object:
    """Events, newest first."""
    found = [
        raw
        for raw in call.account.all("event")
        if call.get("type") in (None, raw["type"])
        and (not call.has("types") or raw["type"] in call.get("types"))
        and in_range(raw, call.get("created"))
    ]
    return call.page("event", found)


@route(
    "POST",
    "/v1/webhook_endpoints",
    "WebhookEndpointCreateParams",
    "url enabled_events api_version description metadata connect",
)
def create_endpoint(call: Call) -> Object:
    """An address to tell; its secret is shown this once."""
    if call.get("connect"):
        raise unsupported("endpoints for connected accounts", "connect")
    if call.get("api_version", API_VERSION) != API_VERSION:
        raise unsupported(f"the API version {call.get('api_version')}", "api_version")
    made = add_endpoint(
        call.account,
        call.get("url"),
        call.get("enabled_events"),
        api_version=call.get("api_version"),
        description=call.get("description") or None,
        metadata=merge_metadata({}, call.get("metadata")),
    )
    return {**made, "secret": made["_secret"]}


def add_endpoint(
    account: Account, url: str, enabled_events: list[str], *, secret: str | None = None, **values: Any
) -> Object:
    """Keep an address; the secret may be chosen by the one who starts the server."""
    if not url.startswith(("http://", "https://")):
        message = "Invalid URL: An explicit scheme (such as https) must be provided."
        raise StripeRefusal(message, code="url_invalid", param="url")
    values.setdefault("metadata", {})
    return account.add(
        "webhook_endpoint",
        enabled_events=enabled_events,
        status="enabled",
        url=url,
        _secret=secret or account.new_id("whsec_", 32),
        **values,
    )


@route("GET", "/v1/webhook_endpoints/{id}", "WebhookEndpointRetrieveParams")
def retrieve_endpoint(call: Call) -> Object:
    """One address."""
    return call.account.get("webhook_endpoint", call.id)


@route("GET", "/v1/webhook_endpoints", "WebhookEndpointListParams", PAGES)
def list_endpoints(call: Call) -> Object:
    """The addresses, newest first."""
    return call.page("webhook_endpoint", call.account.all("webhook_endpoint"))


@route(
    "POST",
    "/v1/webhook_endpoints/{id}",
    "WebhookEndpointUpdateParams",
    "url enabled_events description metadata disabled",
)
def update_endpoint(call: Call) -> Object:
    """Change an address, or stop telling it."""
    endpoint = call.account.get("webhook_endpoint", call.id)
    for name in ("url", "enabled_events", "description"):
        if call.has(name):
            endpoint[name] = call.get(name) or None
    if call.has("disabled"):
        endpoint["status"] = "disabled" if call.get("disabled") else "enabled"
    endpoint["metadata"] = merge_metadata(endpoint["metadata"], call.get("metadata"))
    return endpoint


@route("DELETE", "/v1/webhook_endpoints/{id}", "WebhookEndpointDeleteParams")
def delete_endpoint(call: Call) -> Object:
    """Tell this address nothing more."""
    call.account.get("webhook_endpoint", call.id)
    return call.account.remove("webhook_endpoint", call.id)


def wants(endpoint: Object, type: str) -> bool:
    """Whether the address asked for this type of event."""
    return endpoint["status"] == "enabled" and bool({"*", type} & set(endpoint["enabled_events"]))
