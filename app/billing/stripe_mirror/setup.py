"""Setting up the publisher's account: products, prices, VAT, portal, webhook endpoint."""

from decimal import Decimal
from typing import Any

import stripe
from django.conf import settings
from djstripe.models import WebhookEndpoint

from ..remote import EUROS
from .events import EVENTS
from .speaking import asking, client, in_cents, once


def ensure_product(*, key: str, name: str) -> str:
    """The product of an offer, created or renamed; its identifier follows from the offer's key."""
    product_id = f"thermogestion_{key}"
    with asking():
        try:
            found = client().v1.products.retrieve(product_id)
        except stripe.InvalidRequestError as error:
            if error.http_status != 404:
                raise
            return client().v1.products.create({"id": product_id, "name": name}).id
        if found.name != name or not found.active:
            client().v1.products.update(product_id, {"name": name, "active": True})
        return found.id


def ensure_price(*, product_id: str, version: int, amount: Decimal) -> str:
    """The monthly price of one of our price versions; found again by its key, never created twice."""
    lookup_key = f"thermogestion_price_{version}"
    with asking():
        found = client().v1.prices.list({"lookup_keys": [lookup_key], "limit": 1}).data
        if found:
            return found[0].id
        params: Any = {
            "product": product_id,
            "currency": EUROS,
            "unit_amount": in_cents(amount),
            "recurring": {"interval": "month"},
            "tax_behavior": "exclusive",
            "lookup_key": lookup_key,
        }
        return client().v1.prices.create(params, once(lookup_key)).id


def ensure_tax_rate(*, percent: Decimal) -> str:
    """The French VAT rate."""
    with asking():
        for rate in client().v1.tax_rates.list({"active": True, "limit": 100}).auto_paging_iter():
            if Decimal(str(rate.percentage)) == percent and rate.country == "FR" and not rate.inclusive:
                return rate.id
        params: Any = {"display_name": "TVA", "percentage": float(percent), "inclusive": False, "country": "FR"}
        return client().v1.tax_rates.create(params).id


def ensure_portal(*, portal_id: str, back: str) -> str:
    """The billing portal: card, invoices, cancellation at the end of the period. Plans change in the product."""
    params: Any = {
        "default_return_url": back,
        "features": {
            "customer_update": {"enabled": False},
            "invoice_history": {"enabled": True},
            "payment_method_update": {"enabled": True},
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"},
        },
    }
    with asking():
        if portal_id:
            return client().v1.billing_portal.configurations.update(portal_id, params).id
        return client().v1.billing_portal.configurations.create(params).id


def ensure_webhook(*, base_url: str) -> str:
    """The webhook endpoint of this deploy; its address holds a secret part that dj-stripe chose."""
    kept = WebhookEndpoint.objects.filter(url__startswith=f"{base_url}/").order_by("djstripe_created").last()
    with asking():
        known = {endpoint.id for endpoint in client().v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter()}
        if kept and kept.id in known:
            renewed: Any = {"enabled_events": list(EVENTS), "disabled": False}
            client().v1.webhook_endpoints.update(kept.id, renewed)
            return str(kept.url)
        endpoint = WebhookEndpoint(livemode=settings.STRIPE_LIVE_MODE, api_version=settings.STRIPE_API_VERSION)
        endpoint.url = f"{base_url}/stripe/webhook/{endpoint.djstripe_uuid}/"
        params: Any = {
            "url": endpoint.url,
            "enabled_events": list(EVENTS),
            "api_version": settings.STRIPE_API_VERSION,
            "metadata": {"djstripe_uuid": str(endpoint.djstripe_uuid)},
        }
        created = client().v1.webhook_endpoints.create(params)
    endpoint.id, endpoint.secret, endpoint.status = created.id, created.secret, created.status
    endpoint.enabled_events = list(EVENTS)
    endpoint.save()
    return str(endpoint.url)
