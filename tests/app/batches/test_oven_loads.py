"""What really happens at the ovens: loads in and out, the use of the ovens, what durations teach."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from app.batches.models import Oven, OvenDay, OvenLoad
from app.batches.oven_constants import LoadState
from app.batches.oven_durations import durations_of
from app.batches.oven_selectors import get_oven_settings, group_ovens, list_curable_parts, list_measured_loads
from app.batches.oven_usage import usage_of
from app.batches.services.curing import cancel_load, finish_load, record_load, start_load, take_back_start
from app.batches.services.occupancy import keep_days, keep_yesterday
from app.batches.services.ovens import archive_oven, correct_heat_up, save_oven, save_oven_settings
from app.kernel.errors import RuleError
from app.tenancy.models import Workshop
from tests import factories

from .ovens import ALWAYS, oven, part

ACTOR = factories.ACTOR
WANTED: dict[str, Any] = {
    "name": "Four 1", "length_mm": 3000, "width_mm": 1500, "height_mm": 2000, "max_load_kg": None, "gap_mm": 50,
    "wall_mm": 100, "floor_mm": 100, "hook_mm": 100, "one_level": True, "rails_y": [], "heat_up_minutes": 20,
    "changeover_minutes": 10, "cost_per_hour": Decimal(30), "week": ALWAYS,
}  # fmt: skip


def save(workshop: Workshop, held: Oven | None = None, **wanted: Any) -> Oven:
    return save_oven(workshop=workshop, actor=ACTOR, oven=held, wanted={**WANTED, **wanted})


@pytest.mark.spec("BAT-11")
def test_the_workshop_sets_its_ovens_and_what_plans_weigh(in_scope: Workshop) -> None:
    first = save(in_scope, rails_y=[600, 900])
    assert (first.site.is_main, first.rails_y) == (True, [600, 900])
    second = save(in_scope, name="Four 2", rails_y=[600, 900])
    third = save(in_scope, name="Four 3", length_mm=7000)
    assert group_ovens([first, second, third]) == [[first, second], [third]]
    assert save(in_scope, first, hook_mm=200, rails_y=[600, 900]).hook_mm == 200
    save_oven_settings(workshop=in_scope, actor=ACTOR, wanted={"load_cost": Decimal(5), "time_limit_s": 60})
    assert get_oven_settings(in_scope).load_cost == 5


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"wall_mm": 730}, "width_mm"), ({"hook_mm": 1900}, "height_mm"), ({"rails_y": [50]}, "rails"),
        ({"rails_y": [1450]}, "rails"), ({"rails_y": [700, 700]}, "rails"), ({"week": [[]] * 7}, "monday"),
        ({"name": "four DU fond"}, "name"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_oven_is_refused(in_scope: Workshop, wanted: dict[str, Any], field: str) -> None:
    oven(in_scope, name="Four du fond")
    with pytest.raises(RuleError) as refusal:
        save(in_scope, **wanted)
    assert refusal.value.field == field
    assert Oven.objects.count() == 1


def test_an_oven_with_a_load_is_not_put_away(in_scope: Workshop) -> None:
    held = oven(in_scope)
    load = record_load(workshop=in_scope, actor=ACTOR, oven=held, note="Radiateurs")
    with pytest.raises(RuleError):
        archive_oven(workshop=in_scope, actor=ACTOR, oven=held)
    finish_load(workshop=in_scope, actor=ACTOR, load=load)
    assert archive_oven(workshop=in_scope, actor=ACTOR, oven=held).archived_at
    assert oven(in_scope).name == held.name  # the name is free again


@pytest.mark.spec("BAT-15")
def test_a_load_by_hand_counts_in_the_use_of_its_oven(in_scope: Workshop) -> None:
    held, now = oven(in_scope), timezone.now()
    load = record_load(
        workshop=in_scope, actor=ACTOR, oven=held, powder=factories.powder(in_scope), fill_percent=50,
        started_at=now - timedelta(minutes=40),
    )  # fmt: skip
    assert (load.state, load.curing_minutes, load.fill) == (LoadState.IN_OVEN, 20, Decimal("0.5"))
    finished = finish_load(workshop=in_scope, actor=ACTOR, load=load)
    assert finished.minutes == 40
    days = OvenDay.objects.all()
    assert sum(day.used_minutes for day in days) == pytest.approx(40, abs=1)  # two days at midnight
    assert sum(day.filled_minutes for day in days) == pytest.approx(Decimal(20), abs=Decimal("0.1"))


def test_an_oven_holds_one_load_whatever_the_path(in_scope: Workshop) -> None:
    held = oven(in_scope)
    record_load(workshop=in_scope, actor=ACTOR, oven=held, note="Grilles")
    with pytest.raises(RuleError) as refusal:
        record_load(workshop=in_scope, actor=ACTOR, oven=held, note="Radiateurs")
    assert refusal.value.field == "oven"
    with pytest.raises(IntegrityError), transaction.atomic():
        OvenLoad.objects.create(workshop=in_scope, oven=held, number=99, state=LoadState.IN_OVEN)


def test_parts_that_differ_or_have_gone_do_not_share_a_load(in_scope: Workshop) -> None:
    held, grey = oven(in_scope), factories.powder(in_scope)
    first, second = part(in_scope, grey), part(in_scope, factories.powder(in_scope))
    for chosen in ([first.pk, second.pk], [first.pk, 10**9]):
        with pytest.raises(RuleError) as refusal:
            record_load(workshop=in_scope, actor=ACTOR, oven=held, part_pks=chosen)
        assert refusal.value.field == "parts"
    with pytest.raises(RuleError):
        record_load(workshop=in_scope, actor=ACTOR, oven=held)
    load = record_load(workshop=in_scope, actor=ACTOR, oven=held, part_pks=[first.pk])
    assert (load.powder, load.mass_kg) == (grey, Decimal(12))
    assert [waiting.part for waiting in list_curable_parts()] == [second]


def test_the_start_of_a_load_is_neither_old_nor_to_come(in_scope: Workshop) -> None:
    for started in (timezone.now() + timedelta(hours=1), timezone.now() - timedelta(days=8)):
        with pytest.raises(RuleError) as refusal:
            record_load(workshop=in_scope, actor=ACTOR, oven=oven(in_scope, name=str(started)), note="x",
                        started_at=started)  # fmt: skip
        assert refusal.value.field == "started_at"


def test_each_act_on_a_load_wants_its_state(in_scope: Workshop) -> None:
    held = oven(in_scope)
    load = OvenLoad.objects.create(workshop=in_scope, oven=held, number=1)
    for act in (finish_load, take_back_start):
        with pytest.raises(RuleError):
            act(workshop=in_scope, actor=ACTOR, load=load)
    start_load(workshop=in_scope, actor=ACTOR, load=load)
    for act in (start_load, cancel_load):
        with pytest.raises(RuleError):
            act(workshop=in_scope, actor=ACTOR, load=load)
    back = take_back_start(workshop=in_scope, actor=ACTOR, load=load)
    assert (back.state, back.started_at) == (LoadState.CANCELLED, None)  # by hand: it does not wait again


def cured(workshop: Workshop, held: Oven, start: datetime, minutes: int, **fields: Any) -> OvenLoad:
    number = OvenLoad.objects.count() + 1
    return OvenLoad.objects.create(
        workshop=workshop, oven=held, number=number, state=LoadState.DONE, started_at=start,
        finished_at=start + timedelta(minutes=minutes), **fields,
    )  # fmt: skip


@pytest.mark.spec("BAT-15", "REP-07")
def test_the_use_of_the_ovens_has_known_answers(in_scope: Workshop) -> None:
    held = oven(in_scope, week=[[[480, 1080]]] * 5 + [[], []])
    monday = datetime(2026, 11, 16, 8, 0, tzinfo=timezone.get_current_timezone())
    cured(in_scope, held, monday, 60, fill=Decimal("0.5"))
    cured(in_scope, held, monday + timedelta(hours=2), 120, fill=Decimal("0.75"))
    cured(in_scope, held, monday + timedelta(hours=5), 60)  # nobody said how full
    cured(in_scope, held, monday + timedelta(hours=15, minutes=30), 60, fill=Decimal(1))  # 23:30 to 00:30
    keep_days(workshop=in_scope, oven=held, first=monday.date(), last=monday.date() + timedelta(days=6))
    usage = usage_of(monday.date(), monday.date() + timedelta(days=6))
    first, second, *_rest = usage.days
    assert (first.use.open, first.use.used, first.use.filled, first.use.loads) == (600, 270, Decimal(150), 4)
    assert (second.use.used, second.use.filled, second.use.loads) == (30, Decimal(30), 0)
    assert (first.use.time_percent, first.use.capacity_percent, first.use.fill_percent) == (45, 25, 56)
    assert len(usage.days) == 5  # the closed days are left out
    assert (usage.whole.open, usage.whole.loads) == (3000, 4)
    assert usage.shares(monday.date(), monday.date() + timedelta(days=6))[:2] == [0.25, 0.05]


@pytest.mark.spec("BAT-15")
def test_new_opening_hours_do_not_change_the_days_that_are_kept(in_scope: Workshop) -> None:
    held, today = oven(in_scope), timezone.localdate()
    assert keep_yesterday(workshop=in_scope, today=today) == 2
    Oven.objects.update(week=[[[480, 540]]] * 7)
    assert usage_of(today - timedelta(days=2), today).whole.open == 2 * 1440
    keep_days(workshop=in_scope, oven=Oven.objects.get(pk=held.pk), first=today, last=today)
    assert usage_of(today, today).whole.open == 60


def test_real_durations_propose_a_heating_time_and_one_odd_load_does_not(in_scope: Workshop) -> None:
    held, start = oven(in_scope), timezone.now() - timedelta(days=30)
    curing = {"curing_celsius": 180, "curing_minutes": 20}
    for rank, minutes in enumerate([50, 51, 49, 52]):
        cured(in_scope, held, start + timedelta(hours=rank * 2), minutes, **curing)
    assert durations_of(held, list_measured_loads(held)).proposal is None  # too few
    cured(in_scope, held, start + timedelta(hours=20), 300, **curing)
    cured(in_scope, held, start + timedelta(hours=30), 5000, **curing)  # its end was noted days later
    durations = durations_of(held, list_measured_loads(held))
    [family] = durations.families
    assert (family.loads, family.median, family.planned, durations.proposal) == (5, 51, 40, 31)
    correct_heat_up(workshop=in_scope, actor=ACTOR, oven=held, minutes=31)
    held.refresh_from_db()
    assert durations_of(held, list_measured_loads(held)).proposal is None
