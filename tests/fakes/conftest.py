"""A shop on the local Stripe server: two plans, an option, the French VAT, and an inbox for webhooks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from tests.fakes.loopback import Handler, listening
from tests.fakes.stripe import StripeServer

START = datetime(2026, 1, 31, 10, tzinfo=UTC)
SECRET = "whsec_of_the_inbox"


@dataclass
class Shop:
    """The server, the real package's client, and what is sold."""

    server: StripeServer
    client: stripe.StripeClient
    lite: str
    pro: str
    option: str
    vat: str

    def customer(self, card: str | None = "pm_card_visa", **values: Any) -> str:
        """A customer, with this card as its default."""
        params: Any = {"name": "Atelier Vulcain", "email": "contact@vulcain.test", **values}
        found = self.client.v1.customers.create(params)
        if card:
            self.server.use_card(found.id, card)
        return found.id

    def subscribe(self, customer: str, *prices: str, **values: Any) -> stripe.Subscription:
        """A subscription with the French VAT; its last invoice is expanded."""
        params: Any = {
            "customer": customer,
            "items": [{"price": price} for price in prices or (self.lite,)],
            "default_tax_rates": [self.vat],
            "expand": ["latest_invoice"],
            **values,
        }
        return self.client.v1.subscriptions.create(params)

    def read(self, subscription: str) -> stripe.Subscription:
        """The subscription as it is now, its last invoice expanded."""
        return self.client.v1.subscriptions.retrieve(subscription, {"expand": ["latest_invoice"]})

    def invoices(self, customer: str) -> list[stripe.Invoice]:
        """The invoices of a customer, oldest first."""
        return self.client.v1.invoices.list({"customer": customer, "limit": 100}).data[::-1]


def item_ids(subscription: stripe.Subscription) -> list[str]:
    """The items of a subscription (`items` is also a method of a dict)."""
    return [item.id for item in subscription["items"].data]


@pytest.fixture
def shop() -> Iterator[Shop]:
    """The clock is frozen on 31 January 2026, the day that no February has."""
    with StripeServer(now=START) as server:
        client = server.client()
        found = [
            client.v1.prices.create(
                {
                    "currency": "eur",
                    "unit_amount": amount,
                    "recurring": {"interval": "month"},
                    "tax_behavior": "exclusive",
                    "lookup_key": name.lower(),
                    "product_data": {"name": name},
                }
            ).id
            for name, amount in (("Lite", 4900), ("Pro", 9900), ("Stockage", 1000))
        ]
        vat = client.v1.tax_rates.create(
            {"display_name": "TVA", "percentage": 20.0, "inclusive": False, "country": "FR"}
        ).id
        lite, pro, option = found
        yield Shop(server, client, lite, pro, option, vat)


@dataclass
class Inbox:
    """An address that receives webhooks: each is verified by the package, then answered."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    events: list[stripe.Event] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def types(self) -> list[str]:
        """The types received, in the order of their arrival."""
        return [event.type for event in self.events]

    def take(self, body: bytes, signature: str) -> int:
        """The status of the answer: what was planned, else 200; 400 for a signature that does not hold."""
        try:
            event = stripe.Webhook.construct_event(body, signature, SECRET)
        except stripe.SignatureVerificationError as error:
            self.refused.append(str(error))
            return 400
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.events.append(event)
        return status


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    """An HTTP server on a free port that keeps what it is told."""
    box = Inbox()

    class Answering(Handler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(box.take(body, self.headers["Stripe-Signature"]))
            self.send_header("Content-Length", "0")
            self.end_headers()

    with listening(Answering) as port:
        box.url = f"http://127.0.0.1:{port}/hook"
        yield box
