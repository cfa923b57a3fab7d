"""A whole life told in any order, late, twice or not at all: what the workshop holds and may do stays the same.

The life is played once at the payment service, which remembers each of its stages; every example goes back to the
first one, and hears of what follows as hypothesis wishes.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from djstripe.models import WebhookEndpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from app.billing import stripe_mirror
from app.billing.models import PriceVersion, SaasInvoice, SubscribedItem, Subscription
from app.entitlements.selectors import get_entitlements
from app.notify.models import WorkshopEmail
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope

from .conftest import Life

pytestmark = [pytest.mark.django_db, pytest.mark.spec("SUB-01")]
#: subscribed, upgraded, a payment refused, paid, ended
STATES = ("active", "active", "past_due", "active", "canceled")
#: A message of the whole life, and the stage before which it does not arrive.
Arrival = tuple[int, int]


@dataclass(frozen=True)
class Stage:
    """The payment service at a moment, and what it has to say since the one before."""

    at: datetime
    memory: Path
    messages: Sequence[Any]


@pytest.fixture
def stages(life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Stage]:
    """Subscribe, upgrade, fail, pay and end, at the payment service alone: the product hears nothing of it yet."""
    monkeypatch.setattr(stripe_mirror, "download_pdf", lambda url: b"%PDF-1.7\n")  # drawing it took most of the time
    played: list[Stage] = []

    def remember() -> None:
        memory = tmp_path / f"{len(played)}.json"
        messages = life.stripe.webhooks.take()
        life.stripe.account.save(memory)
        played.append(Stage(life.stripe.now, memory, messages))

    api = life.stripe.client().v1
    life.post("choisir/", {"plan": "lite"})
    customer = life.held().stripe_customer_id
    life.stripe.fill_in(life.order().result["url"])
    remember()
    [subscription] = api.subscriptions.list({"customer": customer}).data
    life.stripe.advance(days=9)
    wanted = {"id": subscription["items"].data[0].id, "price": _price(life, "pro")}
    api.subscriptions.update(subscription.id, {"items": [wanted], "proration_behavior": "always_invoice"})
    remember()
    life.stripe.use_card(customer, "pm_card_chargeCustomerFail")
    life.stripe.advance(days=24)
    remember()
    life.stripe.use_card(customer, "pm_card_visa")
    [unpaid] = api.invoices.list({"customer": customer, "status": "open"}).data
    api.invoices.pay(unpaid.id)
    remember()
    life.stripe.advance(days=3)
    api.subscriptions.cancel(subscription.id)
    remember()
    return played


def _price(life: Life, plan: str) -> str:
    with workshop_scope(life.workshop.pk):
        return str(PriceVersion.objects.filter(offer__key=plan).latest("starts_at").stripe_price_id)


def test_whatever_is_late_doubled_or_lost_the_night_brings_the_same_rights(life: Life, stages: list[Stage]) -> None:
    truth = [_told(life, stages[: last + 1], _one_each(stages[: last + 1])) for last in range(len(stages))]
    assert [facts["subscription"]["status"] for facts in truth] == list(STATES)
    assert [bool(facts["rights"]["features"]) for facts in truth] == [True, True, True, True, False]
    assert truth[0]["rights"] != truth[1]["rights"]
    count = sum(len(stage.messages) for stage in stages)
    arrivals = st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, len(stages) - 1)), max_size=7)

    @settings(max_examples=10)
    @given(last=st.integers(0, len(stages) - 1), arrivals=arrivals)
    def same_end(last: int, arrivals: list[Arrival]) -> None:
        assert _told(life, stages[: last + 1], arrivals) == truth[last]

    same_end()


def test_as_long_as_each_stage_is_told_even_the_mails_and_the_past_are_the_same(
    life: Life, stages: list[Stage]
) -> None:
    heard = stages[:3]
    truth = _told(life, heard, _one_each(heard), with_past=True)
    assert "saas_failed" in truth["mails"] and len(truth["past"]) == 2
    ends = [sum(len(stage.messages) for stage in heard[: rank + 1]) for rank in range(len(heard))]
    starts = [0, *ends[:-1]]
    told = [
        st.lists(st.integers(start, end - 1), min_size=1, max_size=3) for start, end in zip(starts, ends, strict=True)
    ]

    @settings(max_examples=4)
    @given(told=st.tuples(*told))
    def same_story(told: tuple[list[int], ...]) -> None:
        arrivals = [(index, 0) for indexes in told for index in indexes]
        assert _told(life, heard, arrivals, with_past=True) == truth

    same_story()


def _one_each(stages: Sequence[Stage]) -> list[Arrival]:
    """The last message of each stage, when it happens."""
    return [(sum(len(stage.messages) for stage in stages[: rank + 1]) - 1, 0) for rank in range(len(stages))]


def _told(life: Life, stages: Sequence[Stage], arrivals: Sequence[Arrival], *, with_past: bool = False) -> Any:
    """What the product holds after these stages and a night, having heard these messages; then it forgets them."""
    numbered = [(rank, message) for rank, stage in enumerate(stages) for message in stage.messages]
    known = [(*numbered[index], earliest) for index, earliest in arrivals if index < len(numbered)]
    with _forgotten():
        for rank, stage in enumerate(stages):
            life.stripe.account.load(stage.memory)
            life.clock.move_to(stage.at)
            for message in (message for born, message, earliest in known if max(born, earliest) == rank):
                assert _deliver(life, message) == 200
            life.tick()
        assert life.night()["failed"] == 0
        return _facts(life, with_past=with_past)


def _deliver(life: Life, message: Any) -> int:
    """As the service does at each attempt: signed anew."""
    secret = WebhookEndpoint.objects.get().secret
    return life.deliver(life.stripe.webhooks.forged(json.loads(message.body), url=message.url, secret=secret))


@contextmanager
def _forgotten() -> Iterator[None]:
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _facts(life: Life, *, with_past: bool) -> dict[str, Any]:
    """The projection and the rights; with the past, also what was held before and what was mailed."""
    subscription = ("status", "plan__key", "period_end", "cancel_at", "past_due_since", "ended_at", "card")
    invoice = ("number", "status", "issued_at", "due_at", "paid_at", "total_incl_tax", "amount_due", "attempts")
    with workshop_scope(life.workshop.pk):
        workshop = Workshop.objects.get()
        items = SubscribedItem.objects.order_by("pk").values_list("offer__key", "quantity", "unit_price")
        facts = {
            "subscription": Subscription.objects.values(*subscription).get(),
            "items": list(items.filter(ends_at=None)),
            "invoices": list(SaasInvoice.objects.order_by("number").values(*invoice)),
            "state": workshop.access_state,
            "closing": (workshop.writable_until, workshop.suspended_at),
            "rights": {**asdict(get_entitlements(workshop)), "until": None},
        }
        if with_past:
            facts["past"] = list(items.values_list("offer__key", "starts_at", "ends_at"))
            facts["mails"] = sorted(WorkshopEmail.objects.values_list("kind", flat=True))
        return facts
