"""Movements and levels, weighings in any order, and a month of a workshop's life, to the gram."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from app.kernel.errors import RuleError
from app.stock.constants import Source
from app.stock.models import Carton, Item, Level, Movement, Posting, Transfer, Weighing
from app.stock.replay import replay
from app.stock.selectors import levels
from app.stock.services.ledger import events_since, state_before
from app.stock.services.moving import send_carton, send_quantity
from app.stock.services.posting import correct_stock, reverse_consumption
from app.stock.services.weighing import count_loose
from app.tenancy.models import Site, Workshop
from tests import factories
from tests.app.stock.stage import Stage, level, require_agreement

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(in_scope: Workshop) -> Stage:
    return Stage(in_scope)


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)


def backdate(cartons: list[Carton], at: datetime) -> None:
    """Let cartons have come earlier, as if the test had begun then."""
    with factories.as_publisher(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_movement SET happened_at = %s WHERE carton_id = ANY(%s)", [at, [c.pk for c in cartons]]
        )
        cursor.execute("UPDATE stock_carton SET received_at = %s WHERE id = ANY(%s)", [at, [c.pk for c in cartons]])


@pytest.mark.spec("STK-01")
def test_a_consumption_is_posted_once_for_a_key_and_says_where_it_comes_from(stage: Stage) -> None:
    stage.receive(2)
    assert stage.use("1.2344", key="project:7")
    assert not stage.use("9", key="project:7")
    movement = Movement.objects.get(source=Source.PROJECT)
    assert (movement.quantity, movement.source_pk, movement.source_name) == (Decimal("-1.234"), 7, "PRJ-7")
    assert (movement.user_name, movement.happened_at <= timezone.now()) == (factories.ACTOR.label, True)
    assert levels(stage.workshop, [stage.powder.pk, 987654321]) == {stage.powder.pk: Decimal("38.766"), 987654321: 0}
    require_agreement()


@pytest.mark.spec("STK-01")
def test_a_consumption_is_reversed_once_and_only_if_it_was_posted(stage: Stage) -> None:
    stage.receive()
    stage.use("3", key="batch:1")
    undo = {"workshop": stage.workshop, "actor": factories.ACTOR, "reason": "Série annulée"}
    assert not reverse_consumption(key="batch:2", **undo)
    assert reverse_consumption(key="batch:1", **undo)
    assert not reverse_consumption(key="batch:1", **undo)
    assert level(stage.item) == Decimal(20)
    assert Movement.objects.filter(source=Source.PROJECT).count() == 2
    require_agreement()


@pytest.mark.spec("STK-01")
def test_theory_may_go_below_zero_and_work_is_never_refused_for_it(stage: Stage) -> None:
    assert stage.use("4.5")
    assert level(stage.item) == Decimal("-4.5")


@pytest.mark.spec("STK-01", "STK-03")
@pytest.mark.parametrize("model", [Movement, Posting, Transfer, Weighing])
def test_the_application_can_neither_change_nor_remove_what_was_written(stage: Stage, model: type) -> None:
    carton = stage.receive()[0]
    stage.use("1", key="x")
    stage.weigh(carton, "15")
    send_carton(workshop=stage.workshop, actor=factories.ACTOR, carton=carton, to_site=_second(stage), key=uuid4())
    before = model.objects.count()
    assert before
    for sentence in ("UPDATE {} SET workshop_id = workshop_id", "DELETE FROM {}"):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sentence.format(model._meta.db_table))
    assert model.objects.count() == before


@pytest.mark.spec("STK-02", "STK-04")
def test_a_weighing_makes_the_net_weight_real_and_posts_the_gap_with_its_reason(stage: Stage) -> None:
    carton = stage.receive()[0]
    stage.use("5")
    weighing = stage.weigh(carton, "15.3", reason="Reprise hors affaire")
    carton.refresh_from_db()
    assert (weighing.net, weighing.theory, weighing.gap) == (Decimal("14.5"), Decimal(15), Decimal("-0.5"))
    assert (carton.book_kg, carton.last_net_kg) == (Decimal("14.5"), Decimal("14.5"))
    gap = Movement.objects.get(source=Source.WEIGHING)
    assert (gap.quantity, gap.reason, gap.weighing) == (Decimal("-0.5"), "Reprise hors affaire", weighing)
    assert level(stage.item) == Decimal("14.5")
    assert Level.objects.get(item=stage.item).loose == 0
    require_agreement()


@pytest.mark.spec("STK-04")
def test_consumption_goes_to_the_open_carton_first_then_to_the_oldest(stage: Stage) -> None:
    first, second, third = stage.receive(3)
    stage.weigh(second, "15.8")  # open, 15 kg left
    stage.use("17")  # 15 from the open one, 2 from the oldest of the others
    assert stage.weigh(third, "20.8").gap == 0
    assert stage.weigh(first, "18.8").gap == 0
    assert stage.weigh(second, "0.8").gap == 0
    assert level(stage.item) == Decimal(38)
    require_agreement()


@pytest.mark.spec("STK-14")
def test_weighings_and_uses_that_arrive_in_any_order_give_the_same_stock(stage: Stage) -> None:
    """Orders of six acts, two weighings of one carton and one of another among them: all those of the weighings."""
    orders = list(permutations(range(6)))
    facts = set()
    for order in [orders[0], *orders[1::24], orders[-1]]:
        with transaction.atomic():
            facts.add(_played(stage, order))
            transaction.set_rollback(True)
    assert len(facts) == 1


def _played(stage: Stage, order: tuple[int, ...]) -> tuple[object, ...]:
    cartons = stage.receive(2)
    backdate(cartons, ago(days=10))
    keys = [UUID(int=number) for number in range(1, 5)]
    acts: list[Callable[[], object]] = [
        lambda: stage.use("3", at=ago(days=9), key="a"),
        lambda: stage.weigh(cartons[0], "17.1", at=ago(days=8), key=keys[0]),
        lambda: stage.use("4", at=ago(days=7), key="b"),
        lambda: stage.weigh(cartons[1], "18", at=ago(days=6), key=keys[1]),
        lambda: stage.weigh(cartons[0], "13.2", at=ago(days=5), key=keys[2]),
        lambda: stage.use("1.5", at=ago(days=4), key="c"),
    ]
    for number in order:
        acts[number]()
    require_agreement()
    gaps = {
        str(weighing.key): sum(row.quantity for row in weighing.movements.filter(source=Source.WEIGHING))
        for weighing in Weighing.objects.all()
    }
    first, second = (Carton.objects.get(pk=carton.pk) for carton in cartons)
    row = Level.objects.get(item=stage.item)
    opened = [carton.opened_at.date() for carton in (first, second) if carton.opened_at]
    return row.quantity, row.loose, first.book_kg, second.book_kg, first.last_net_kg, *sorted(gaps.items()), *opened


@pytest.mark.spec("STK-14")
def test_a_late_weighing_is_applied_at_its_own_time_under_what_came_after(stage: Stage) -> None:
    cartons = stage.receive()
    backdate(cartons, ago(days=3))
    stage.use("2", at=ago(hours=1))
    late = stage.weigh(cartons[0], "18.8", at=ago(hours=5))
    assert (late.net, late.gap) == (Decimal(18), Decimal(-2))
    assert level(stage.item) == Decimal(16)  # 18 weighed, then 2 used
    stage.use("1", at=ago(hours=8))  # known later still, and already gone when it was weighed
    assert level(stage.item) == Decimal(16)
    assert sum(row.quantity for row in late.movements.filter(source=Source.WEIGHING)) == Decimal(-1)
    require_agreement()


def test_the_same_weighing_sent_twice_is_written_once(stage: Stage) -> None:
    carton, key = stage.receive()[0], uuid4()
    first = stage.weigh(carton, "12", key=key)
    assert stage.weigh(carton, "19", key=key) == first
    assert Weighing.objects.count() == 1
    assert level(stage.item) == Decimal("11.2")


@pytest.mark.spec("STK-13")
def test_a_carton_takes_its_stock_to_another_site_even_if_it_is_weighed_late(stage: Stage) -> None:
    carton, other = stage.receive()[0], _second(stage)
    backdate([carton], ago(days=2))
    stage.use("4", at=ago(days=1))
    key = uuid4()
    send_carton(workshop=stage.workshop, actor=factories.ACTOR, carton=carton, to_site=other, key=key)
    send_carton(workshop=stage.workshop, actor=factories.ACTOR, carton=carton, to_site=other, key=key)
    assert (level(stage.item, stage.site), level(stage.item, other)) == (0, Decimal(16))
    require_agreement()
    late = stage.weigh(carton, "15.8", at=ago(hours=1))  # before it left: 15 kg went, not 16
    assert (late.site, stage.weigh(carton, "15.8").site) == (stage.site, other)
    assert (level(stage.item, stage.site), level(stage.item, other)) == (0, Decimal(15))
    require_agreement()
    carton.refresh_from_db()
    with pytest.raises(RuleError):
        send_carton(workshop=stage.workshop, actor=factories.ACTOR, carton=carton, to_site=other, key=uuid4())


@pytest.mark.spec("STK-13", "STK-14")
def test_a_carton_sent_meanwhile_is_corrected_where_it_stands(stage: Stage) -> None:
    [read_before] = stage.receive()
    other, carton = _second(stage), Carton.objects.get(pk=read_before.pk)
    send_carton(workshop=stage.workshop, actor=factories.ACTOR, carton=carton, to_site=other, key=uuid4())
    correct_stock(
        workshop=stage.workshop, actor=factories.ACTOR, item=stage.item, site=stage.site, quantity=Decimal(-3),
        reason="Sac percé", carton=read_before, key=uuid4(),
    )  # fmt: skip
    assert (level(stage.item, stage.site), level(stage.item, other)) == (0, 17)
    require_agreement()


@pytest.mark.spec("STK-12", "STK-13")
def test_what_is_in_no_carton_is_counted_and_sent_by_quantity(stage: Stage) -> None:
    hooks = Item.objects.create(workshop=stage.workshop, name="Crochets", unit="pièces")
    common = {"workshop": stage.workshop, "actor": factories.ACTOR, "item": hooks}
    counted = count_loose(site=stage.site, quantity=Decimal(500), key=uuid4(), **common)
    assert counted.gap == Decimal(500)
    correct_stock(site=stage.site, quantity=Decimal(-120), reason="Semaine", source=Source.CONSUMABLE, **common)
    other = _second(stage)
    send_quantity(from_site=stage.site, to_site=other, quantity=Decimal(80), key=uuid4(), **common)
    assert (level(hooks, stage.site), level(hooks, other)) == (Decimal(300), Decimal(80))
    again = count_loose(site=stage.site, quantity=Decimal(290), key=uuid4(), **common)
    assert (again.gap, level(hooks)) == (Decimal(-10), Decimal(370))
    require_agreement()


def test_a_correction_wants_a_reason_and_a_possible_quantity(stage: Stage) -> None:
    stage.receive()
    common = {"workshop": stage.workshop, "actor": factories.ACTOR, "item": stage.item, "site": stage.site}
    for quantity, reason in ((Decimal(1), "  "), (Decimal(0), "x"), (Decimal(2001), "x")):
        with pytest.raises(RuleError):
            correct_stock(quantity=quantity, reason=reason, **common)
    assert level(stage.item) == Decimal(20)


class Month:
    """Thirty days of which the test alone knows what really is in each carton (`truth`, in kg of powder)."""

    def __init__(self, stage: Stage, seed: int) -> None:
        self.stage, self.chance, self.start = stage, random.Random(seed), ago(days=31)
        self.truth: dict[int, Decimal] = {}
        self.delayed: list[Callable[[], object]] = []

    def at(self, day: int, hour: int) -> datetime:
        return self.start + timedelta(days=day, hours=hour)

    def deliver(self, day: int) -> None:
        cartons = self.stage.receive(self.chance.randint(1, 2))
        backdate(cartons, self.at(day, 6))
        self.truth |= {carton.pk: Decimal(20) for carton in cartons}

    def work(self, day: int) -> None:
        """What was used, and what the estimate says of it, which is not the same."""
        used = self._take(sorted(self.truth), self._grams(100, 3000))
        planned = (used * Decimal(self.chance.choice(["0.9", "1", "1.08"]))).quantize(Decimal("0.001"))
        self.stage.use(f"{planned}", at=self.at(day, 9))

    def spill(self, day: int) -> None:
        lost = self._take(sorted(self.truth), self._grams(50, 400))
        if lost:
            with time_machine.travel(self.at(day, 12)):
                correct_stock(
                    workshop=self.stage.workshop, actor=factories.ACTOR, item=self.stage.item, site=self.stage.site,
                    quantity=-lost, reason="Renversé", source=Source.LOSS,
                )  # fmt: skip

    def weigh(self, day: int) -> None:
        """Some weighings wait in a tablet for days, and leave it in any order."""
        pk = self.chance.choice(sorted(self.truth))
        gross, moment = f"{self.truth[pk] + Decimal('0.8')}", self.at(day, 17)
        self.delayed.append(lambda: self.stage.weigh(Carton.objects.get(pk=pk), gross, at=moment))

    def send(self, share: float) -> None:
        self.chance.shuffle(self.delayed)
        while self.delayed and self.chance.random() < share:
            self.delayed.pop()()

    def _take(self, cartons: list[int], wanted: Decimal) -> Decimal:
        taken = Decimal(0)
        for pk in cartons:
            some = min(self.truth[pk], wanted - taken)
            self.truth[pk] -= some
            taken += some
        return taken

    def _grams(self, least: int, most: int) -> Decimal:
        return Decimal(self.chance.randint(least, most)) / 1000


@pytest.mark.spec("STK-01", "STK-04", "STK-13", "STK-14")
@pytest.mark.parametrize("seed", [3, 20, 77])
def test_a_month_of_a_workshop_agrees_to_the_gram(stage: Stage, seed: int) -> None:
    month, other = Month(stage, seed), _second(stage)
    month.deliver(0)
    for day in range(1, 31):
        acts = [month.deliver] * (month.chance.random() < 0.2) + [month.work] * month.chance.randint(0, 3)
        acts += [month.spill] * (month.chance.random() < 0.1) + [month.weigh] * (month.chance.random() < 0.5)
        for act in acts:
            act(day)
        month.send(0.4)
    month.send(1.1)
    travels = Carton.objects.filter(emptied_at=None).latest("pk")
    send_carton(workshop=stage.workshop, actor=factories.ACTOR, carton=travels, to_site=other, key=uuid4())
    require_agreement()
    assert level(stage.item) != sum(month.truth.values())  # estimates are not the truth
    for pk, left in month.truth.items():  # and every carton on the scale on the last evening
        stage.weigh(Carton.objects.get(pk=pk), f"{left + Decimal('0.8')}")
    require_agreement()
    assert {carton.pk: carton.book_kg for carton in Carton.objects.all()} == month.truth
    assert {carton.pk: carton.last_net_kg for carton in Carton.objects.all()} == month.truth
    assert level(stage.item) == sum(month.truth.values())
    assert level(stage.item, other) == month.truth[travels.pk]


@pytest.mark.spec("STK-01", "STK-13", "STK-14")
@pytest.mark.parametrize("seed", [2, 10])
def test_what_is_kept_is_what_a_replay_from_the_first_day_finds(stage: Stage, seed: int) -> None:
    """Late uses and weighings, uses taken back, cartons that travel in between: the sums beside the movements hold."""
    chance, other, start = random.Random(seed), _second(stage), ago(days=20)
    backdate(stage.receive(3), start)
    for number in range(40):
        moment = start + timedelta(minutes=chance.randint(1, 20 * 1440 - 60)) if chance.random() < 0.8 else None
        carton = chance.choice(list(Carton.objects.order_by("pk")))
        match chance.choice(["use", "use", "weigh", "weigh", "back", "travel"]):
            case "use":
                site = chance.choice([stage.site, other])
                stage.use(f"{chance.randint(1, 9000) / 1000}", at=moment, key=f"use:{number}", site=site)
            case "weigh":
                stage.weigh(carton, f"{chance.randint(1, 20800) / 1000}", at=moment)
            case "back":
                key = f"use:{chance.randint(0, number)}"
                reverse_consumption(workshop=stage.workshop, actor=factories.ACTOR, key=key, reason="Erreur")
            case "travel":
                to_site = other if carton.site_id == stage.site.pk else stage.site
                send_carton(workshop=stage.workshop, actor=factories.ACTOR, carton=carton, to_site=to_site, key=uuid4())
    require_agreement()
    before = start - timedelta(days=1)
    state = state_before(stage.item.pk, before, also=Carton.objects.values_list("pk", flat=True))
    assert not any(state.loose.values()) and not any(carton.book for carton in state.cartons.values())
    replay(state, events_since(stage.item.pk, before))
    kept = {carton.pk: (carton.book_kg, carton.site_id) for carton in Carton.objects.all()}
    assert {pk: (carton.book, carton.site) for pk, carton in state.cartons.items()} == kept
    assert all(state.loose[row.site_id] == row.loose for row in Level.objects.filter(item=stage.item))


def _second(stage: Stage) -> Site:
    return Site.objects.get_or_create(workshop=stage.workshop, name="Dépôt")[0]
