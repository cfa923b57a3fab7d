"""What the product does by itself: alerts once for each crossing, forecasts with demands, proposals from weighings."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.powders.models import PowderFormat
from app.stock.constants import Demand
from app.stock.figures import read_figures
from app.stock.history import last_months, level_by_day, usage_by_finish, usage_by_month
from app.stock.learning import read_yield
from app.stock.models import DailyPick
from app.stock.services.learning import accept_consumption
from app.stock.services.planning import draw_more, list_of_the_day
from app.stock.services.watching import WATCH_TASK, set_alert, watch_item, watch_items, watch_workshop
from app.stock.suggesting import suggest
from app.tenancy.models import Membership, Site, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.stock.stage import Stage
from tests.app.stock.test_ledger import ago, backdate

pytestmark = pytest.mark.django_db
DEMANDS: list[Demand] = []


def demands(workshop: Workshop, powder_pks: Collection[int]) -> Iterator[Demand]:
    """What a higher floor would say."""
    return iter(DEMANDS)


@pytest.fixture
def stage(in_scope: Workshop) -> Stage:
    grant(workshop=in_scope, features=Feature.values, source=Source.PLAN, ends_at=None)
    return Stage(in_scope)


def alerts() -> list[str]:
    return list(WorkshopEmail.objects.filter(kind="staff_event").values_list("subject", flat=True))


@pytest.mark.spec("STK-10")
def test_a_low_powder_is_told_once_for_each_crossing(stage: Stage, owner: Membership) -> None:
    stage.receive()
    set_alert(workshop=stage.workshop, actor=factories.ACTOR, item=stage.item, alert_below=Decimal(10), alert_days=None)
    assert not alerts()
    stage.use("11")
    stage.use("1")
    watch_workshop(workshop=stage.workshop)
    assert len(alerts()) == 1
    assert stage.powder.reference in alerts()[0]
    assert stage.item.low_since
    stage.receive()
    assert stage.item.low_since is None
    stage.use("25")
    assert len(alerts()) == 2


ASKED: list[int] = []


def counted(workshop: Workshop, powder_pks: Collection[int]) -> list[Demand]:
    ASKED.append(workshop.pk)
    return []


@pytest.mark.spec("STK-10", "STK-02")
def test_a_weighing_leaves_the_look_at_what_is_needed_to_a_worker(
    stage: Stage, owner: Membership, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    [carton] = stage.receive()
    set_alert(workshop=stage.workshop, actor=factories.ACTOR, item=stage.item, alert_below=Decimal(10), alert_days=None)
    settings.STOCK_DEMANDS = ["tests.app.stock.test_smart.counted"]
    ASKED.clear()
    with django_capture_on_commit_callbacks() as callbacks:
        stage.weigh(carton, "5")
    assert ASKED == []
    assert not alerts()
    sent = [one.args for one in callbacks if getattr(one, "args", ())]
    assert (WATCH_TASK, {"workshop_id": stage.workshop.pk, "item_pk": stage.item.pk}) in sent
    for _ in range(2):
        watch_item(workshop=stage.workshop, item_pk=stage.item.pk)
    assert len(alerts()) == 1
    assert ASKED


@pytest.mark.spec("STK-10")
def test_days_of_cover_count_what_is_promised(stage: Stage, owner: Membership, settings: object) -> None:
    stage.receive()
    settings.STOCK_DEMANDS = ["tests.app.stock.test_smart.demands"]  # type: ignore[attr-defined]
    DEMANDS[:] = [Demand(stage.powder.pk, stage.site.pk, Decimal(21), timezone.localdate() + timedelta(days=3))]
    watch_items(workshop=stage.workshop, actor=factories.ACTOR, items=[stage.item])
    [figures] = read_figures(stage.workshop, [stage.item])
    DEMANDS.clear()
    assert (figures.days_left, figures.promised, figures.is_low) == (3, Decimal(21), True)
    assert len(alerts()) == 1


@pytest.mark.spec("BEY-05")
def test_a_drift_is_told_once(stage: Stage, owner: Membership) -> None:
    carton = stage.receive()[0]
    backdate([carton], ago(days=9))
    for day, gross in ((8, "18.8"), (6, "16.8"), (4, "14.8"), (2, "12.8")):
        stage.weigh(carton, gross, at=ago(days=day))
        watch_item(workshop=stage.workshop, item_pk=stage.item.pk)  # what the worker does next
    assert stage.item.drifting_since
    [figures] = read_figures(stage.workshop, [stage.item])
    assert figures.drifts


@pytest.mark.spec("STK-09")
def test_what_runs_out_is_to_be_bought_in_packages_of_its_brand(stage: Stage) -> None:
    carton = stage.receive()
    backdate(carton, ago(days=60))
    stage.item.__class__.objects.update(created_at=ago(days=60))
    PowderFormat.objects.create(workshop=stage.workshop, brand="thermopoudre", net_kg=Decimal(20), tare_kg=Decimal(1))
    for day in range(1, 15):
        stage.use("1.3", at=ago(days=day))
    [found] = suggest(stage.workshop)
    assert found.figures.level == Decimal("1.8")
    assert found.packages_text in ("1 × 20 kg", "1 × 20,000 kg")
    assert found.total == 20


@pytest.mark.spec("STK-07")
def test_the_list_of_a_day_is_kept_and_what_is_added_is_new(stage: Stage) -> None:
    for _number in range(8):
        stage.receive(1, powder=factories.powder(stage.workshop))
    first = [pick.item_id for pick in list_of_the_day(workshop=stage.workshop)]
    stage.receive(1, powder=factories.powder(stage.workshop))
    assert [pick.item_id for pick in list_of_the_day(workshop=stage.workshop)] == first
    assert draw_more(workshop=stage.workshop) == 3
    assert DailyPick.objects.values("item").distinct().count() == 6


@pytest.mark.spec("BEY-05", "REP-03")
def test_weighings_propose_the_consumption_and_one_click_writes_it(stage: Stage, owner: Membership) -> None:
    carton = stage.receive()[0]
    backdate([carton], ago(days=20))
    for day, gross in ((18, "19.6"), (12, "18.4"), (6, "17.2")):  # each time 1 kg planned, 1.2 kg gone
        stage.use("1", at=ago(days=day + 1), source_name=f"PRJ-{day}")
        stage.weigh(carton, gross, at=ago(days=day))
    found = read_yield(stage.item)
    assert (found.planned, found.weighed, found.current) == (Decimal(3), Decimal("3.6"), Decimal(100))
    assert found.proposed == Decimal(120)
    assert [one.work.name for one in found.works] == ["PRJ-6", "PRJ-12", "PRJ-18"]
    with pytest.raises(RuleError):
        accept_consumption(workshop=stage.workshop, actor=factories.ACTOR, item=stage.item, proposed=Decimal(130))
    accept_consumption(workshop=stage.workshop, actor=factories.ACTOR, item=stage.item, proposed=Decimal(120))
    stage.powder.refresh_from_db()
    assert stage.powder.consumption_g_per_m2 == Decimal(120)


@pytest.mark.spec("REP-03", "REP-04", "STK-13")
def test_indicators_add_up_what_was_really_used_by_month_powder_and_site(stage: Stage) -> None:
    carton = stage.receive()[0]
    backdate([carton], ago(days=70))
    other = Site.objects.create(workshop=stage.workshop, name="Dépôt")
    today = timezone.localdate()
    months = last_months(today, 3)
    stage.use("2", at=ago(days=62))
    stage.use("1", at=ago(minutes=2))
    stage.use("4", at=ago(minutes=2), site=other)
    stage.weigh(carton, "17.3", at=ago(minutes=1))  # 16.5 where 17 was expected
    totals, [usage] = usage_by_month(months)
    assert (usage.used, usage.gaps) == (Decimal("7.5"), Decimal("-0.5"))
    assert sum(month.used for month in totals) == sum(usage.months) == Decimal("7.5")
    assert totals[-1].used == Decimal("5.5")
    assert [quantity for _finish, quantity in usage_by_finish([usage])] == [Decimal("7.5")]
    assert usage_by_month(months, stage.site)[1][0].used == Decimal("3.5")
    days = dict(level_by_day(stage.item, today))
    assert (days[today], days[today - timedelta(days=10)]) == (Decimal("12.5"), Decimal(18))
    assert days[today - timedelta(days=80)] == 0


def test_months_are_whole_and_in_order() -> None:
    assert [f"{month:%Y-%m}" for month in last_months(date(2026, 2, 28), 4)] == [
        "2025-11",
        "2025-12",
        "2026-01",
        "2026-02",
    ]


def test_nothing_is_told_by_a_workshop_that_may_not_write(workshop: Workshop, owner: Membership) -> None:
    with workshop_scope(workshop.pk):
        stage = Stage(workshop)
        stage.receive()
        stage.use("30")
        workshop.writable_until = timezone.now()
        stage.item.__class__.objects.update(low_since=None)
        before = len(alerts())
        watch_workshop(workshop=workshop)
        assert len(alerts()) == before
