"""The payment service's objects as the product reads them: values, without the service's own classes."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from .constants import BillingStatus

EUROS = "eur"
UNPAID = frozenset({BillingStatus.PAST_DUE, BillingStatus.UNPAID})


@dataclass(frozen=True)
class RemoteItem:
    """One line of a subscription; `unit_price` in EUR per month, excluding tax."""

    item_id: str
    price_id: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True)
class RemotePending:
    """A change that waits, until `until` at most, for its invoice to be paid; nothing is owed for it."""

    invoice_id: str
    until: datetime


@dataclass(frozen=True)
class RemoteSubscription:
    """A subscription; `period_end` is the end of what is paid."""

    subscription_id: str
    status: str
    started_at: datetime
    period_end: datetime | None
    cancel_at: datetime | None
    ended_at: datetime | None
    items: tuple[RemoteItem, ...]
    pending: RemotePending | None = None


@dataclass(frozen=True)
class RemoteInvoice:
    """An invoice; amounts in EUR."""

    invoice_id: str
    number: str
    status: str
    issued_at: datetime
    due_at: datetime | None
    paid_at: datetime | None
    total_excl_tax: Decimal
    tax: Decimal
    total_incl_tax: Decimal
    amount_due: Decimal
    attempts: int
    pay_url: str
    pdf_url: str

    @property
    def is_unpaid(self) -> bool:
        """Whether a payment was tried and failed, and money is still owed."""
        return self.status == "open" and self.attempts > 0 and self.amount_due > 0


@dataclass(frozen=True)
class RemoteAccount:
    """Everything read of one customer, in one go."""

    customer_id: str
    card: str
    subscription: RemoteSubscription | None
    invoices: tuple[RemoteInvoice, ...]

    @property
    def past_due_since(self) -> datetime | None:
        """Since when a subscription is unpaid: the oldest invoice whose payment failed; None when nothing is owed."""
        if self.subscription is None or self.subscription.status not in UNPAID | {BillingStatus.CANCELED}:
            return None
        waiting = self.subscription.pending.invoice_id if self.subscription.pending else ""
        owed = (invoice for invoice in self.invoices if invoice.is_unpaid and invoice.invoice_id != waiting)
        return min((invoice.issued_at for invoice in owed), default=None)


@dataclass(frozen=True)
class Customer:
    """What the payment service must know of a workshop."""

    workshop_id: int
    name: str
    email: str
    street: str
    postcode: str
    city: str
    country: str
    vat_number: str
    tax_exempt: str


@dataclass(frozen=True)
class PreviewLine:
    """A line of the invoice that a change would produce, excluding tax."""

    text: str
    amount: Decimal


@dataclass(frozen=True)
class Preview:
    """The invoice that a change would produce at `at`, to the cent; `total` may be negative (a credit)."""

    at: datetime
    lines: tuple[PreviewLine, ...]
    total_excl_tax: Decimal
    tax: Decimal
    total: Decimal
    amount_due: Decimal


@dataclass(frozen=True)
class WantedItem:
    """A line of the subscription as it should become; quantity 0 removes it."""

    price_id: str
    quantity: int = 1
    item_id: str = ""
