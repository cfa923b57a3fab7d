"""Weighings that come from tablets: late, twice, doubtful, wrong; what a tablet carries."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from app.audit.models import AuditEntry
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.shopfloor.models import DeviceAction
from app.stock.models import Carton, Weighing
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.app.shopfloor.conftest import BASE, action, send
from tests.app.stock.stage import Stage, level, require_agreement
from tests.app.stock.test_ledger import ago, backdate

__all__ = ["send"]
pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


@pytest.fixture
def stage(workshop: Workshop) -> Stage:
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=Feature.values, source=Source.PLAN, ends_at=None)
        stage = Stage(workshop)
        backdate(stage.receive(2), ago(days=3))
        return stage


def carton_of(stage: Stage) -> Carton:
    with workshop_scope(stage.workshop.pk):
        return Carton.objects.order_by("pk")[0]


def weighing(carton: Carton, gross: object, **more: Any) -> dict[str, Any]:
    at = more.pop("made_at", datetime.now(UTC).isoformat())
    return action("weigh", {"carton": carton.pk, "gross": gross, "confirmed": [], **more}, made_at=at)


@pytest.mark.spec("STK-14", "STK-02", "ACC-03")
def test_a_weighing_made_without_network_is_applied_at_its_own_time_and_once(
    operator_client: Client, stage: Stage, send: Send
) -> None:
    carton = carton_of(stage)
    with workshop_scope(stage.workshop.pk):
        stage.use("2", at=ago(hours=1))
    made = (datetime.now(UTC) - timedelta(hours=4)).isoformat()
    act = weighing(carton, "18.8", made_at=made)
    [first], [again] = send(operator_client, act), send(operator_client, act)
    assert first == again
    assert first["outcome"] == "applied"
    assert (first["result"]["net"], first["result"]["gap"]) == ("18.000", "-2.000")
    with workshop_scope(stage.workshop.pk):
        assert level(stage.item) == Decimal(36)  # 18 and 20, then 2 used
        held = Weighing.objects.get()
        assert held.user_name == "Omar Petit"
        assert held.is_late
        require_agreement()


@pytest.mark.spec("STK-14", "STK-03")
def test_a_late_weighing_is_compared_with_what_came_before_it_and_not_after(
    operator_client: Client, stage: Stage, send: Send
) -> None:
    """Weighed at eight without network, at noon by somebody else, who finds less: both are true."""
    carton = carton_of(stage)
    with workshop_scope(stage.workshop.pk):
        stage.weigh(carton, "14.8", at=ago(hours=6))
        stage.weigh(carton, "6.8", at=ago(hours=1))
    made = (datetime.now(UTC) - timedelta(hours=4)).isoformat()
    [answer] = send(operator_client, weighing(carton, "10.8", made_at=made))
    assert answer["outcome"] == "applied"
    with workshop_scope(stage.workshop.pk):
        held = Weighing.objects.get(pk=answer["result"]["weighing"])
        assert (held.previous_net, held.net) == (Decimal(14), Decimal(10))
        carton.refresh_from_db()
        assert carton.last_net_kg == Decimal(6)
        require_agreement()
    [more] = send(operator_client, weighing(carton, "12.8"))  # nobody pours powder back without a question
    assert more["outcome"] == "refused"


@pytest.mark.spec("STK-02")
@pytest.mark.parametrize(
    ("gross", "confirmed", "outcome"),
    [
        ("18600", [], "refused"),
        ("18600", ["unit"], "refused"),
        ("0.2", [], "refused"),
        ("0.2", ["below_tare"], "applied"),
        ("0.2", "below_tare", "refused"),
        ("25", ["above_full"], "applied"),
        ("3", [], "applied"),  # far from what is expected, which the tablet does not know
        ("NaN", ["unit"], "refused"),
        ("1e999999", [], "refused"),
        (None, [], "refused"),
        ([], {}, "refused"),
    ],
)
def test_what_was_not_asked_on_the_tablet_is_refused_and_kept(
    operator_client: Client, stage: Stage, send: Send, gross: object, confirmed: object, outcome: str
) -> None:
    [answer] = send(operator_client, weighing(carton_of(stage), gross, confirmed=confirmed))
    assert answer["outcome"] == outcome
    with workshop_scope(stage.workshop.pk):
        assert Weighing.objects.count() == (outcome == "applied")
        assert DeviceAction.objects.get().payload["gross"] == gross


@pytest.mark.spec("STK-02")
def test_a_wrong_tare_is_corrected_at_the_scale(operator_client: Client, stage: Stage, send: Send) -> None:
    carton = carton_of(stage)
    [answer] = send(operator_client, weighing(carton, "18", tare="1.5"))
    assert (answer["outcome"], answer["result"]["net"]) == ("applied", "16.500")
    with workshop_scope(stage.workshop.pk):
        assert Weighing.objects.get().tare == Decimal("1.5")
        assert carton_of(stage).tare_kg == Decimal("1.5")
        told = AuditEntry.objects.get(action="carton.tare_corrected")
        assert (told.actor, told.changes["tare"]) == ("Omar Petit", ["0.800", "1.500"])
        require_agreement()
    [answer] = send(operator_client, weighing(carton, "17", tare=None))
    assert answer["result"]["net"] == "15.500"  # kept for the next weighings


@pytest.mark.spec("STK-02", "STK-14")
def test_a_correction_of_the_tare_that_comes_late_does_not_take_the_place_of_a_newer_one(
    operator_client: Client, stage: Stage, send: Send
) -> None:
    carton = carton_of(stage)

    def corrected(gross: str, tare: str, hours: int) -> Any:
        made = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
        return send(operator_client, weighing(carton, gross, tare=tare, made_at=made))[0]

    corrected("17", "1.2", 2)
    late = corrected("18", "1.5", 4)
    assert (late["outcome"], late["result"]["net"]) == ("applied", "16.500")  # with its own
    assert carton_of(stage).tare_kg == Decimal("1.2")
    corrected("16", "1.3", 1)
    assert carton_of(stage).tare_kg == Decimal("1.3")
    with workshop_scope(stage.workshop.pk):
        told = AuditEntry.objects.filter(action="carton.tare_corrected").order_by("pk")
        assert [entry.changes["tare"] for entry in told] == [["0.800", "1.200"], ["1.200", "1.300"]]
        require_agreement()


@pytest.mark.parametrize("tare", ["-1", "20.001", "NaN", "1e999", "lourd", [], {}, True])
def test_a_tare_that_no_carton_has_is_refused(operator_client: Client, stage: Stage, send: Send, tare: object) -> None:
    [answer] = send(operator_client, weighing(carton_of(stage), "18", tare=tare))
    assert (answer["outcome"], bool(answer["reason"])) == ("refused", True)
    with workshop_scope(stage.workshop.pk):
        assert not Weighing.objects.exists()
        assert carton_of(stage).tare_kg == Decimal("0.8")


def test_a_carton_that_is_not_ours_or_of_another_powder_is_refused(
    operator_client: Client, stage: Stage, send: Send
) -> None:
    carton = carton_of(stage)
    foreign = weighing(carton, "18")
    foreign["payload"]["carton"] = 987654321
    answers = send(
        operator_client, foreign, weighing(carton, "18", powder=987654), weighing(carton, "18", powder=stage.powder.pk)
    )
    assert [answer["outcome"] for answer in answers] == ["refused", "refused", "applied"]


@pytest.mark.spec("STK-11")
def test_a_plan_without_stock_weighs_nothing_and_carries_nothing(
    operator_client: Client, workshop: Workshop, send: Send
) -> None:
    with workshop_scope(workshop.pk):
        carton = Stage(workshop).receive()[0]
    assert operator_client.get(f"{BASE}journee/").json()["stock"] is None
    [answer] = send(operator_client, weighing(carton, "18"))
    assert answer["outcome"] == "refused"


@pytest.mark.spec("STK-06")
def test_the_tablet_carries_the_list_of_the_day_and_its_cartons_without_price_or_level(
    operator_client: Client, stage: Stage
) -> None:
    body = operator_client.get(f"{BASE}journee/")
    stock = body.json()["stock"]
    assert [line["powder"]["pk"] for line in stock["list"]] == [stage.powder.pk]
    assert {carton["number"] for carton in stock["cartons"]} == {carton.number for carton in _cartons(stage)}
    assert set(stock["cartons"][0]) == {"pk", "number", "item", "powder", "lot", "full", "tare", "last", "open"}
    assert "price" not in body.content.decode()


def _cartons(stage: Stage) -> list[Carton]:
    with workshop_scope(stage.workshop.pk):
        return list(Carton.objects.all())
