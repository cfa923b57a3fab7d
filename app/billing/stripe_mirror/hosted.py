"""The pages that Stripe hosts: payment, portal."""

from collections.abc import Sequence
from typing import Any

from .speaking import asking, client, once


def open_checkout(*, customer_id: str, prices: Sequence[str], tax_rate: str, success: str, back: str, key: str) -> str:
    """The address of a payment page that starts a subscription to these prices."""
    data: Any = {"default_tax_rates": [tax_rate]} if tax_rate else {}
    params: Any = {
        "mode": "subscription",
        "customer": customer_id,
        "line_items": [{"price": price, "quantity": 1} for price in prices],
        "success_url": success,
        "cancel_url": back,
        "locale": "fr",
        **({"subscription_data": data} if data else {}),
    }
    with asking():
        return str(client().v1.checkout.sessions.create(params, once(key)).url)


def open_portal(*, customer_id: str, portal_id: str, back: str, only_card: bool, key: str) -> str:
    """The address of the billing portal, or of its page that changes the card."""
    params: Any = {"customer": customer_id, "return_url": back, "locale": "fr"}
    if portal_id:
        params["configuration"] = portal_id
    if only_card:
        params["flow_data"] = {"type": "payment_method_update"}
    with asking():
        return client().v1.billing_portal.sessions.create(params, once(key)).url
