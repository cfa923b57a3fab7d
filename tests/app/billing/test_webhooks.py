"""Events of the payment service: whatever their number, order and truth, the state is the one read at the source."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from djstripe.models import Customer as MirroredCustomer
from djstripe.models import Event, WebhookEndpoint, WebhookEventTrigger
from structlog.testing import capture_logs

from app.billing.models import SaasInvoice, SubscribedItem, Subscription
from app.billing.remote import RemoteSubscription
from app.billing.services.subscription import project
from app.billing.stripe_mirror import list_waiting_events, read_account
from app.billing.tasks import LOST_AFTER, sweep
from app.notify.models import WorkshopEmail
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope

from .conftest import Life

pytestmark = [pytest.mark.django_db, pytest.mark.spec("SUB-01")]


def _facts(life: Life) -> dict[str, Any]:
    """Everything that an event may change, without the moments of reading."""
    with workshop_scope(life.workshop.pk):
        subscription = Subscription.objects.values("status", "plan__key", "period_end", "cancel_at", "past_due_since")
        items = SubscribedItem.objects.order_by("pk").values_list("offer__key", "quantity", "unit_price", "ends_at")
        invoices = SaasInvoice.objects.order_by("pk").values_list("number", "status", "total_incl_tax")
        return {
            "subscription": subscription.get(),
            "items": list(items),
            "invoices": list(invoices),
            "mails": WorkshopEmail.objects.count(),
            "state": life.state(),
        }


def _paid(life: Life) -> list[Any]:
    """The workshop has paid on the hosted page; the events that tell it, not yet delivered."""
    life.post("choisir/", {"plan": "pro"})
    life.stripe.fill_in(life.order().result["url"])
    messages: list[Any] = life.stripe.webhooks.take()
    assert len(messages) >= 5
    return messages


def test_every_order_of_the_same_events_gives_the_same_state(life: Life) -> None:
    messages = _paid(life)
    assert life.held().status == "none"
    first, last = messages[0], messages[-1]
    for message in (last, first, first):
        assert life.deliver(message) == 200
    known = _facts(life)
    assert known["subscription"]["status"] == "active"
    for order in list(permutations(messages[:4]))[::5]:
        for message in (*order, *reversed(messages)):
            assert life.deliver(message) == 200
        assert _facts(life) == known


def test_an_event_told_twice_is_kept_once(life: Life) -> None:
    message = _paid(life)[0]
    life.deliver(message)
    life.deliver(message)
    assert Event.objects.filter(id=json.loads(message.body)["id"]).count() == 1
    assert not WebhookEventTrigger.objects.filter(processed=False, valid=True).exists()


def test_the_mirror_of_the_account_knows_whose_customer_it_is(life: Life) -> None:
    for message in _paid(life):
        life.deliver(message)
    with platform_scope():
        mirrored = MirroredCustomer.objects.get(id=life.held().stripe_customer_id)
        assert mirrored.subscriber_id == life.workshop.pk
    assert not WebhookEventTrigger.objects.exclude(exception="").exists()


@pytest.mark.parametrize("lie", ["forged", "stale", "unsigned", "nowhere"])
def test_what_is_not_signed_by_stripe_changes_nothing(life: Life, lie: str) -> None:
    message = _paid(life)[0]
    path, headers = urlsplit(message.url).path, dict(message.headers)
    event = json.loads(message.body)
    if lie == "forged":
        wrong = life.stripe.webhooks.forged(event, url=message.url, secret="whsec_autre")
        path, headers = urlsplit(wrong.url).path, dict(wrong.headers)
    if lie == "stale":
        secret = WebhookEndpoint.objects.get().secret
        headers = dict(life.stripe.webhooks.forged(event, url=message.url, secret=secret, age=3600).headers)
    if lie == "unsigned":
        headers = {}
    if lie == "nowhere":
        path = "/stripe/webhook/00000000-0000-0000-0000-000000000000/"
    before = _facts(life)
    answer = Client().post(path, message.body, content_type="application/json", headers=headers)
    assert answer.status_code == (404 if lie == "nowhere" else 400)
    assert _facts(life) == before
    assert not Event.objects.filter(id=event["id"]).exists()


@pytest.mark.parametrize(
    "change", [{"account": "acct_autre"}, {"livemode": True}, {"type": "radar.early_fraud_warning"}]
)
def test_an_event_of_another_account_or_of_an_unknown_type_changes_nothing(life: Life, change: dict[str, Any]) -> None:
    message = _paid(life)[0]
    event = json.loads(message.body) | change | {"id": "evt_autre"}
    if "type" in change:
        event["data"] = {"object": {"id": "issfr_1", "object": "radar.early_fraud_warning"}}
    before = _facts(life)
    secret = WebhookEndpoint.objects.get().secret
    assert life.deliver(life.stripe.webhooks.forged(event, url=message.url, secret=secret)) == 200
    assert _facts(life) == before


def test_the_answer_leaves_before_any_call_and_a_lost_task_is_found_again(life: Life) -> None:
    message = _paid(life)[-1]
    calls = len(life.stripe.calls)
    answer = Client().post(
        urlsplit(message.url).path, message.body, content_type="application/json", headers=message.headers
    )
    assert answer.status_code == 200
    assert len(life.stripe.calls) == calls
    assert life.held().status == "none"
    life.clock.shift(LOST_AFTER.total_seconds() + 5)
    assert len(list_waiting_events(LOST_AFTER)) == 1
    with life.capture(execute=True):
        sweep()
    assert life.held().status == "active"


def test_while_stripe_does_not_answer_the_event_waits(life: Life) -> None:
    message = _paid(life)[-1]
    with life.stripe.down():
        assert life.deliver(message) == 200
    assert life.held().status == "none"
    life.clock.shift(60)
    with life.capture(execute=True):
        sweep()
    assert life.held().status == "active"


@pytest.mark.parametrize("strange", ["price in dollars", "invoice in dollars", "price made by hand"])
def test_what_cannot_be_read_is_logged_and_changes_no_right(life: Life, strange: str) -> None:
    life.subscribe("lite")
    before, tables = _facts(life), life.stripe.account.tables
    prices, invoices = tables["price"].values(), tables["invoice"].values()
    if strange == "price made by hand":
        held = next(iter(tables["subscription_item"].values()))
        held["price"] = life.stripe.account.add("price", **{**tables["price"][held["price"]], "id": "price_by_hand"})[
            "id"
        ]
    for found in prices if strange == "price in dollars" else invoices if strange == "invoice in dollars" else ():
        found["currency"] = "usd"
    life.stripe.account.emit("customer.updated", tables["customer"][life.held().stripe_customer_id])
    with capture_logs() as lines:
        assert life.receive() == [200]
    assert "event_not_usable" in [line["event"] for line in lines]
    assert _facts(life) == before
    assert life.night() == {"workshops": 0, "failed": 1}
    assert _facts(life) == before and life.state() == "active"


def test_a_night_repairs_what_no_event_told(life: Life) -> None:
    _paid(life)
    assert life.night() == {"workshops": 1, "failed": 0}
    assert life.held().status == "active"


def test_a_reading_older_than_the_last_one_is_dropped(life: Life) -> None:
    """Two workers read, the second one writes first: what the slower one holds is the past."""
    before = read_account(_customer(life))
    for message in _paid(life):
        life.deliver(message)
    known = _facts(life)
    with workshop_scope(life.workshop.pk):
        workshop = Workshop.objects.get()
        left = replace(read_account(before.customer_id), subscription=_ended(before.customer_id), invoices=())
        project(workshop=workshop, account=left, asked_at=life.stripe.now - timedelta(seconds=1))
        assert _facts(life) == known
        project(workshop=workshop, account=left, asked_at=life.stripe.now + timedelta(seconds=1))
    assert _facts(life) != known


def _customer(life: Life) -> str:
    """The workshop's customer, made by a first payment page."""
    life.post("choisir/", {"plan": "pro"})
    return life.held().stripe_customer_id


def _ended(customer_id: str) -> RemoteSubscription:
    """The subscription of this customer, as it would be once it has ended."""
    found = read_account(customer_id).subscription
    assert found is not None
    return replace(found, status="canceled", ended_at=found.started_at)
