"""A payment service to speak with, and the life of a subscription played against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import stripe as stripe_package
import time_machine
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from app.billing.models import BillingOrder, SaasInvoice, Subscription
from app.billing.services.catalogue import load_plans
from app.billing.services.daily import mind, run_daily
from app.billing.services.trial import start_trial
from app.notify.models import WorkshopEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests.conftest import signed_in
from tests.fakes.stripe import StripeServer

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


@dataclass
class Life:
    """A workshop's subscription: what its Owner clicks, what Stripe sends, what time brings."""

    workshop: Workshop
    owner: Membership
    stripe: StripeServer
    clock: Any
    capture: DjangoCaptureOnCommitCallbacks

    @property
    def base(self) -> str:
        return f"/app/{self.workshop.slug}/reglages/abonnement/"

    @property
    def browser(self) -> Client:
        """The Owner, signed in today."""
        return signed_in(self.owner)

    def post(self, path: str, data: dict[str, Any] | None = None) -> Any:
        """Post as the Owner; the jobs that it asks for are done."""
        with self.capture(execute=True):
            return self.browser.post(self.base + path, data or {})

    def order(self) -> BillingOrder:
        """The last thing asked of the payment service."""
        with workshop_scope(self.workshop.pk):
            return BillingOrder.objects.latest("pk")

    def subscribe(self, *keys: str, number: str = "4242424242424242") -> str | None:
        """Choose, pay on the hosted page, receive the last of its events: each brings the same reading.

        What all of them bring, in every order, is held by test_webhooks and test_event_orders.
        """
        plan, *options = keys
        self.post("choisir/", {"plan": plan, "options": options})
        led = self.stripe.fill_in(self.order().result["url"], number)
        for message in self.stripe.webhooks.take()[-1:]:
            self.deliver(message)
        return led

    def change(self, *keys: str) -> BillingOrder:
        """Ask what a change costs; the preview."""
        plan, *options = keys
        self.post("choisir/", {"plan": plan, "options": options})
        return self.order()

    def receive(self) -> list[int]:
        """The events waiting at Stripe reach the product; the answers."""
        return [self.deliver(message) for message in self.stripe.webhooks.take()]

    def deliver(self, message: Any) -> int:
        with self.capture(execute=True):
            answer = Client().post(
                urlsplit(message.url).path, message.body, content_type="application/json", headers=message.headers
            )
        return answer.status_code

    def wait(self, **delta: float) -> None:
        """Time passes at Stripe and here; its events arrive, our hourly job runs."""
        self.stripe.advance(**delta)
        self.clock.move_to(self.stripe.now)
        self.receive()
        self.tick()

    def tick(self) -> None:
        with self.capture(execute=True):
            mind(workshop_id=self.workshop.pk, at=self.stripe.now)

    def night(self) -> dict[str, int]:
        with self.capture(execute=True):
            return run_daily(self.stripe.now)

    def held(self) -> Subscription:
        with workshop_scope(self.workshop.pk):
            return Subscription.objects.select_related("plan").get()

    def state(self) -> str:
        with workshop_scope(self.workshop.pk):
            return Workshop.objects.get(pk=self.workshop.pk).access_state

    def invoices(self) -> list[SaasInvoice]:
        with workshop_scope(self.workshop.pk):
            return list(SaasInvoice.objects.order_by("issued_at", "pk"))

    def mails(self) -> list[str]:
        """The kinds of the messages queued so far."""
        with workshop_scope(self.workshop.pk):
            return list(WorkshopEmail.objects.order_by("pk").values_list("kind", flat=True))

    def page(self) -> str:
        return self.browser.get(self.base).content.decode()


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def stripe(clock: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeServer]:
    """The local server, its clock on the test's; events wait until the test lets them reach the product."""
    with StripeServer(now=NOW) as server:
        server.webhooks.hold()
        server.settings.after_retries = "past_due"
        settings.STRIPE_SECRET_KEY = server.secret_key
        settings.STRIPE_API_BASE = server.url
        monkeypatch.setattr(stripe_package, "api_base", server.url)
        yield server


@pytest.fixture
def life(
    workshop: Workshop,
    owner: Membership,
    stripe: StripeServer,
    clock: Any,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Life:
    """A workshop in trial, and a payment service set up with the catalogue."""
    load_plans()
    with workshop_scope(workshop.pk):
        start_trial(workshop=workshop)
    call_command("billing_setup", verbosity=0)
    stripe.webhooks.take()
    return Life(workshop, owner, stripe, clock, django_capture_on_commit_callbacks)
