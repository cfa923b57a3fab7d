"""What is kept of the work that waits is what a reader would work out anew, whatever changed it and whoever reads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F

from app.batches import demand, recommending
from app.batches.demand import powder_demand
from app.batches.models import BatchItem, PowderShare
from app.batches.services.batching import open_batch_of, remove_parts
from app.batches.services.launching import Checked, close_batch, launch_batch
from app.powders.models import Powder
from app.projects import remembering, selectors
from app.projects.constants import Changed
from app.projects.models import Nonconformity, Part, Project, Step, WorkChange
from app.projects.remembering import MOST_NOTES, fold_changes, remembered
from app.projects.selectors import list_powder_choices
from app.quotes.models import Quote
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.workshops.services.sites import save_site
from tests import factories
from tests.app.batches.stage import parts_of, project_of, ready_project, to_powder
from tests.app.batches.test_recommending import _fill, told_now

#: What the answers are worked out from, with another value for each column.
COLUMNS: dict[Any, dict[str, list[Any]]] = {
    Project: {
        "promised_on": [None, "2031-05-01", "2031-06-01"], "status": ["open", "in_progress", "cancelled"],
        "current_step": ["Poudrage", "Sablage"],
    },
    Part: {
        "coats": [1, 2], "primer": [True, False], "varnish": [True, False], "curing_celsius": [None, 180, 210],
        "curing_minutes": [None, 20, 25], "surface_m2": [None, "2.5", "0.25"], "quantity": [1, 3],
    },
    Step: {"done_at": [None, "2031-05-02T10:00:00Z"], "lays_powder": [True, False], "name": ["Poudrage", "Autre"]},
    Nonconformity: {"lays_powder": [True, False], "declared_at": ["2031-05-02T09:00:00Z", "2031-05-02T11:00:00Z"],
                    "part_id": [None]},
    Powder: {
        "curing_temperature_c": [None, 180, 205], "curing_minutes": [None, 12], "consumption_g_per_m2": [None, 95, 130],
        "reference": ["ZZ-1", "ZZ-2"], "density": [None, "1.5"], "thickness_um": [None, 80],
    },
    Quote: {"transfer_loss_percent": [10, 35]},
}  # fmt: skip


def answers(workshop: Workshop) -> tuple[Any, ...]:
    """All that is kept of the work, as somebody reads it now."""
    powders = list(Powder.objects.order_by("pk").values_list("pk", flat=True))
    return told_now(workshop), list(powder_demand(workshop, powders)), list_powder_choices()


def state(*, with_steps: bool = True) -> str:
    """What names the state of the work that this transaction sees."""
    seen = remembering.read_state()
    return seen.with_steps if with_steps else seen.work


def told_anew(workshop: Workshop) -> tuple[Any, ...]:
    """The same with nothing kept."""
    cache.clear()
    return answers(workshop)


@pytest.mark.spec("PRF-04", "BAT-06")
@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_what_would_be_worked_out_whatever_changes(in_scope: Workshop, seed: int) -> None:
    random = Random(seed)
    _fill(in_scope, random)
    Project.objects.filter(pk=random.choice(parts_of(*Project.objects.all())).project_id).update(
        quote=factories.quote(in_scope)
    )
    acts = [
        (model, column, value)
        for model, columns in COLUMNS.items()
        for column, values in columns.items()
        for value in values
    ]
    random.shuffle(acts)
    before, different = answers(in_scope), 0
    for model, column, value in acts:
        _change(random, model, column, value)
        kept = answers(in_scope)
        assert kept == told_anew(in_scope), (model, column, value)
        different += kept != before
        before = kept
    assert different > len(acts) // 3


def _change(random: Random, model: Any, column: str, value: Any) -> None:
    """Another value in a column of some rows, whatever the product would say of it."""
    pks = list(model.objects.order_by("pk").values_list("pk", flat=True))
    some = random.sample(pks, 1 if column == "reference" else (len(pks) + 1) // 2)
    model.objects.filter(pk__in=some).update(**{column: value})


ACTS: dict[str, Callable[[Workshop, Any], object]] = {
    "a part comes": lambda workshop, part: project_of(workshop, part.powder),
    "a part goes": lambda _workshop, part: Part.objects.filter(pk=part.pk).delete(),
    "a part changes powder": lambda workshop, part: Part.objects.filter(pk=part.pk).update(
        powder=factories.powder(workshop)
    ),
    "a part enters a batch": lambda workshop, part: open_batch_of(
        workshop=workshop, actor=factories.ACTOR, parts=[part]
    ),
    "a project moves": lambda workshop, part: Project.objects.filter(pk=part.project_id).update(
        site=save_site(workshop=workshop, actor=factories.ACTOR, name="Voiron")
    ),
    "the powder is posted": lambda workshop, part: PowderShare.objects.create(
        workshop=workshop,
        part=part,
        powder_id=part.powder_id,
        surface_m2=1,
        kg=1,
        key="x",
        posted_at="2031-05-02T10:00Z",
    ),
    "the powder is laid": lambda _workshop, part: Step.objects.filter(project=part.project, lays_powder=True).update(
        done_at="2031-05-02T10:00Z"
    ),
    "the steps go": lambda _workshop, part: Step.objects.filter(project=part.project).delete(),
}


@pytest.mark.spec("PRF-04")
@pytest.mark.parametrize("act", ACTS)
def test_each_way_of_changing_the_work_is_seen_at_once(in_scope: Workshop, act: str) -> None:
    project = ready_project(in_scope, factories.powder(in_scope), parts=3)
    before = answers(in_scope)
    ACTS[act](in_scope, parts_of(project)[0])
    after = answers(in_scope)
    assert after != before
    assert after == told_anew(in_scope)


@pytest.mark.spec("PRF-04", "BAT-09")
def test_the_life_of_a_batch_is_seen_at_each_act(in_scope: Workshop) -> None:
    parts = parts_of(ready_project(in_scope, factories.powder(in_scope), parts=3))
    seen = [answers(in_scope)]

    def look() -> None:
        seen.append(answers(in_scope))
        assert seen[-1] == told_anew(in_scope)

    batch = open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=parts)
    look()
    remove_parts(workshop=in_scope, actor=factories.ACTOR, batch=batch, part_pks=[parts[0].pk])
    look()
    launch_batch(workshop=in_scope, actor=factories.ACTOR, batch=batch, lot="")
    look()
    close_batch(workshop=in_scope, actor=factories.ACTOR, batch=batch, checked=Checked())
    look()
    rest = open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=parts[:1])
    launch_batch(workshop=in_scope, actor=factories.ACTOR, batch=rest, lot="")
    close_batch(workshop=in_scope, actor=factories.ACTOR, batch=rest, checked=Checked())
    look()
    Step.objects.create(
        workshop=in_scope, project=parts[0].project, name="Seconde couche", position=80, lays_powder=True
    )
    look()
    assert [len(groups) for groups, _demand, _powders in seen] == [1, 0, 1, 1, 1, 0, 1]


def test_what_does_not_concern_the_waiting_work_leaves_it_kept(
    in_scope: Workshop, django_assert_num_queries: Any
) -> None:
    project = project_of(in_scope, factories.powder(in_scope))
    told_now(in_scope)
    Project.objects.update(title="Portillon", priority=2, note="Fragile")
    Part.objects.update(designation="Traverse")
    Step.objects.filter(project=project, lays_powder=False).update(comment="vu")
    with django_assert_num_queries(4):  # the state of the work, the powders, the sites, what is in stock
        assert told_now(in_scope)


def test_a_step_that_lays_no_powder_leaves_the_groups_as_they_are(in_scope: Workshop) -> None:
    project = project_of(in_scope, factories.powder(in_scope))
    [before] = told_now(in_scope)
    groups, all_of_it = state(with_steps=False), state()
    to_powder(in_scope, project)
    assert state(with_steps=False) == groups
    assert state() != all_of_it
    [after] = told_now(in_scope)
    assert (before[8], after[8]) == (0, 1)  # ready for the powder
    assert told_anew(in_scope)[0] == [after]


@pytest.fixture
def names_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each answer of the database to which powders are named, from now on."""
    read: list[str] = []
    plain = selectors._read_named

    def seen() -> str:
        read.append(plain())
        return read[-1]

    monkeypatch.setattr(selectors, "_read_named", seen)
    return read


def test_what_leaves_the_names_of_powders_leaves_the_filter(in_scope: Workshop, names_read: list[str]) -> None:
    powder = factories.powder(in_scope)
    project = project_of(in_scope, powder)
    [(_pk, name)] = list_powder_choices()
    Project.objects.filter(pk=project.pk).update(promised_on="2031-05-02")
    Part.objects.filter(project=project).update(quantity=3, curing_celsius=210)
    project_of(in_scope, powder)
    assert [one for _pk, one in list_powder_choices()] == [name]
    assert len(names_read) == 1


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (lambda workshop, _red: project_of(workshop, factories.powder(workshop)), 3),
        (lambda _workshop, red: Part.objects.filter(powder=red).delete(), 1),
        (lambda workshop, red: Part.objects.filter(powder=red).update(powder=factories.powder(workshop)), 2),
        (lambda _workshop, red: Part.objects.filter(powder=red).update(powder=None), 1),
        (lambda _workshop, red: Powder.objects.filter(pk=red.pk).update(reference="ZZ-9"), 2),
    ],
    ids=["another comes", "its parts go", "they take another", "they take none", "it is called otherwise"],
)
def test_what_changes_the_names_of_powders_is_told_once(
    in_scope: Workshop, names_read: list[str], act: Callable[[Workshop, Powder], object], named: int
) -> None:
    red, blue = factories.powder(in_scope), factories.powder(in_scope)
    for powder in (red, blue):
        project_of(in_scope, powder)
    before = list_powder_choices()
    names_read.clear()
    act(in_scope, red)
    after = list_powder_choices()
    assert (len(after), after != before) == (named, True)
    assert list_powder_choices() == after
    assert len(names_read) == 1
    Part.objects.filter(powder=blue).update(quantity=3)
    assert list_powder_choices() == after


@pytest.mark.spec("PRF-04")
@pytest.mark.django_db(transaction=True)
def test_a_powder_whose_last_part_goes_while_another_comes_stays_named() -> None:
    """Neither sees the other's part, and somebody reads between them."""
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        powder = factories.powder(workshop)
        part = parts_of(project_of(workshop, powder))[0]
        assert len(list_powder_choices()) == 1

    def leave() -> None:
        with workshop_scope(workshop.pk):
            Part.objects.filter(pk=part.pk).delete()
        with workshop_scope(workshop.pk):
            assert list_powder_choices() == ()
        connection.close()

    with workshop_scope(workshop.pk):
        project_of(workshop, powder)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(leave).result()
    with workshop_scope(workshop.pk):
        assert [pk for pk, _name in list_powder_choices()] == [powder.pk]


def test_a_change_works_out_the_demand_of_its_powder_alone(in_scope: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    changed, other = factories.powder(in_scope), factories.powder(in_scope)
    project_of(in_scope, other)
    project = project_of(in_scope, changed)
    asked, plain = [], demand._reckoned
    monkeypatch.setattr(demand, "_reckoned", lambda pks: asked.append(list(pks)) or plain(pks))
    before = list(powder_demand(in_scope, [changed.pk, other.pk]))
    Part.objects.filter(project=project).update(quantity=F("quantity") * 2)
    after = list(powder_demand(in_scope, [changed.pk, other.pk]))
    assert asked == [sorted([changed.pk, other.pk]), [changed.pk]]
    kilos = [{one.powder_pk: one.kg for one in told} for told in (before, after)]
    assert kilos[1] == {changed.pk: 2 * kilos[0][changed.pk], other.pk: kilos[0][other.pk]}


def _asked_of(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Which powders the groups are worked out for, from now on."""
    asked: list[Any] = []
    plain = recommending.read_groups

    def seen(powder_pks: Any) -> Any:
        asked.append(powder_pks)
        return plain(powder_pks)

    monkeypatch.setattr(recommending, "read_groups", seen)
    return asked


@pytest.mark.spec("BAT-06", "PRF-04")
def test_a_change_is_worked_out_for_the_powders_that_it_touches_and_for_no_other(
    in_scope: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    red, blue, green = (factories.powder(in_scope) for _number in range(3))
    project, other = project_of(in_scope, red), project_of(in_scope, blue)
    part = parts_of(other)[0]
    Project.objects.filter(pk=other.pk).update(quote=factories.quote(in_scope))
    told_now(in_scope)
    asked = _asked_of(monkeypatch)
    acts: list[tuple[Callable[[], object], set[int]]] = [
        (lambda: Project.objects.filter(pk=project.pk).update(promised_on="2031-05-01"), {red.pk}),
        (lambda: to_powder(in_scope, project), {red.pk}),
        (lambda: Step.objects.filter(project=other, lays_powder=True).update(name="Autre"), {blue.pk}),
        (lambda: Powder.objects.filter(pk=blue.pk).update(curing_minutes=33), {blue.pk}),
        (lambda: Quote.objects.update(transfer_loss_percent=41), {blue.pk}),
        (lambda: Part.objects.filter(pk=part.pk).update(powder=green), {blue.pk, green.pk}),
        (lambda: open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=parts_of(other)), {green.pk}),
        (lambda: project_of(in_scope, red), {red.pk}),
    ]
    for act, touched in acts:
        act()
        kept = told_now(in_scope)
        assert asked == [touched]
        assert kept == told_anew(in_scope)[0]
        asked.clear()


@pytest.mark.spec("PRF-04")
@pytest.mark.django_db(transaction=True)
def test_a_part_that_changes_powder_while_its_project_changes_is_told_as_both_left_it() -> None:
    """The note of the project is written while its part is still of the first powder, and seen when it is not."""
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        red, blue = (factories.powder(workshop) for _number in range(2))
        part = parts_of(project_of(workshop, red))[0]
        told_now(workshop)

    def repaint() -> None:
        with workshop_scope(workshop.pk):
            Part.objects.filter(pk=part.pk).update(powder=blue)
        with workshop_scope(workshop.pk):
            told_now(workshop)  # of the new powder, with the promise of before
        connection.close()

    with workshop_scope(workshop.pk):
        Project.objects.filter(pk=part.project_id).update(promised_on="2031-05-01")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(repaint).result()
    with workshop_scope(workshop.pk):
        [group] = told_now(workshop)
        assert (group[0], str(group[12])) == (blue.pk, "2031-05-01")
        assert told_anew(workshop)[0] == [group]


@pytest.mark.django_db(transaction=True)
def test_folding_leaves_what_is_kept_of_each_powder(monkeypatch: pytest.MonkeyPatch) -> None:
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        project = project_of(workshop, factories.powder(workshop))
        Part.objects.create(
            workshop=workshop, project=project, code="X1", designation="Panneau", powder=factories.powder(workshop)
        )
        for turn in range(MOST_NOTES + 1):
            Project.objects.filter(pk=project.pk).update(promised_on=f"20{31 + turn % 2}-05-01")
        before, states = told_now(workshop), remembering._read_states(True)
    assert fold_changes() == 1
    asked = _asked_of(monkeypatch)
    with workshop_scope(workshop.pk):
        assert remembering._read_states(True) == states
        assert (told_now(workshop), asked) == (before, [])
        Project.objects.filter(pk=project.pk).update(promised_on=None)
        assert told_now(workshop) != before
        assert [len(powders) for powders in asked] == [2]


def test_the_work_of_another_workshop_changes_nothing_here(workshop: Workshop, other_workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        before = state()
    with workshop_scope(other_workshop.pk):
        project_of(other_workshop, factories.powder(other_workshop))
    with workshop_scope(workshop.pk):
        assert state() == before
        assert remembered(("x",), lambda: "mine") == "mine"
    with workshop_scope(other_workshop.pk):
        assert remembered(("x",), lambda: "theirs") == "theirs"


def test_what_is_undone_is_not_kept_for_anybody(in_scope: Workshop) -> None:
    part = parts_of(project_of(in_scope, factories.powder(in_scope)))[0]
    before = told_now(in_scope)
    with transaction.atomic():
        open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=[part])
        assert told_now(in_scope) == []
        transaction.set_rollback(True)
    assert told_now(in_scope) == before


@pytest.mark.django_db(transaction=True)
def test_folding_leaves_one_new_note_in_the_workshops_that_have_many() -> None:
    busy, calm = factories.workshop(), factories.workshop(name="Calme", slug="calme")
    for workshop in (busy, calm):
        with workshop_scope(workshop.pk):
            project_of(workshop, factories.powder(workshop))
    with workshop_scope(busy.pk):
        states = {state()}
        for _turn in range(MOST_NOTES):
            Part.objects.update(quantity=F("quantity") + 1)
            states.add(state())
    with workshop_scope(calm.pk):
        unchanged = state()
    assert fold_changes() == 1
    assert fold_changes() == 0
    with workshop_scope(busy.pk):
        assert WorkChange.objects.count() == 1 + WorkChange.objects.filter(what=Changed.STEP).exists()
        assert state() not in states
        assert answers(busy) == told_anew(busy)
    with workshop_scope(calm.pk):
        assert state() == unchanged


@pytest.mark.spec("PRF-04")
@pytest.mark.django_db(transaction=True)
def test_an_answer_worked_out_during_a_change_is_not_told_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst moment: somebody batches a part after the reader has taken the state, before and after it reads."""
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        parts = parts_of(project_of(workshop, factories.powder(workshop), parts=2))
    plain = recommending.read_groups
    waiting = list(parts)

    def batch_meanwhile() -> None:
        with workshop_scope(workshop.pk):
            open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=[waiting.pop()])
        connection.close()

    def elsewhere() -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(batch_meanwhile).result()

    def slow(*asked: Any) -> Any:
        if len(waiting) == 2:
            elsewhere()
        found = plain(*asked)
        if len(waiting) == 1:
            elsewhere()
        return found

    monkeypatch.setattr(recommending, "read_groups", slow)
    with workshop_scope(workshop.pk):
        told_now(workshop)
    monkeypatch.setattr(recommending, "read_groups", plain)
    with workshop_scope(workshop.pk):
        assert BatchItem.objects.count() == 2
        assert told_now(workshop) == []


@pytest.mark.spec("PRF-04", "BAT-07")
@pytest.mark.django_db(transaction=True)
def test_who_fills_batches_at_once_waits_for_nobody_and_everybody_is_told() -> None:
    workshop, people = factories.workshop(), 6
    with workshop_scope(workshop.pk):
        powder = factories.powder(workshop)
        parts = [parts_of(project_of(workshop, powder))[0] for _number in range(people)]
        opened = {
            part.pk: open_batch_of(
                workshop=workshop, actor=factories.ACTOR, parts=parts_of(project_of(workshop, powder))
            )
            for part in parts
        }
        told_now(workshop)
    together = Barrier(people)

    def fill(part: Part) -> int:
        try:
            with workshop_scope(workshop.pk):
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL lock_timeout = '8s'")
                BatchItem.objects.create(workshop=workshop, batch=opened[part.pk], part=part)
                together.wait(timeout=20)  # all have written, none has committed
            with workshop_scope(workshop.pk):
                return sum(row.parts for row in recommending.recommended(workshop, with_stock=False).rows)
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        left = list(pool.map(fill, parts))
    assert max(left) < people
    with workshop_scope(workshop.pk):
        assert told_now(workshop) == []
        assert answers(workshop) == told_anew(workshop)
