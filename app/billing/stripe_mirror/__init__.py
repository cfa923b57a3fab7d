"""The one door to Stripe: nothing else in the product imports its package or dj-stripe's.

Calls take and give values of remote.py. Stripe's errors come out as those of errors.py. dj-stripe keeps the events
received (signature checked, one row an event) and a mirror of the publisher's own account; rights are decided from
our own rows (services/subscription.py), which are written from objects fetched anew: the order, the number and the
content of the events that announce them do not matter.
"""

from .changing import (
    add_credit,
    cancel_at_period_end,
    change_items,
    drop_pending,
    move_price,
    preview_change,
    set_tax,
)
from .events import (
    TAKE_EVENT,
    EventCounts,
    count_events,
    customer_of_event,
    finish_event,
    forget_old_triggers,
    keep_event,
    list_waiting_events,
)
from .hosted import open_checkout, open_portal
from .reading import download_pdf, read_account, save_customer
from .setup import ensure_portal, ensure_price, ensure_product, ensure_tax_rate, ensure_webhook
from .speaking import is_connected

__all__ = [
    "TAKE_EVENT",
    "EventCounts",
    "add_credit",
    "cancel_at_period_end",
    "change_items",
    "count_events",
    "customer_of_event",
    "download_pdf",
    "drop_pending",
    "ensure_portal",
    "ensure_price",
    "ensure_product",
    "ensure_tax_rate",
    "ensure_webhook",
    "finish_event",
    "forget_old_triggers",
    "is_connected",
    "keep_event",
    "list_waiting_events",
    "move_price",
    "open_checkout",
    "open_portal",
    "preview_change",
    "read_account",
    "save_customer",
    "set_tax",
]
