"""The answers that are kept by powder: what a change touches is worked out anew, whoever changes the work meanwhile."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from django.db import connection

from app.batches import groups
from app.batches.groups import Group, first_groups, read_groups
from app.batches.models import BatchItem
from app.batches.selectors import list_waiting_again
from app.batches.services.batching import open_batch_of
from app.projects import remembering
from app.projects.models import Part, Project, Step
from app.quotes.models import Quote
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import parts_of, project_of, to_powder
from tests.app.batches.test_recommending import _fill, told_now
from tests.app.batches.test_remembering import _asked_of, told_anew


def _lay_again(workshop: Workshop, project: Project) -> None:
    """The powder of the project is laid, and is to be laid once more."""
    Step.objects.filter(project=project, lays_powder=True).update(done_at="2031-05-02T10:00Z")
    Step.objects.create(workshop=workshop, project=project, name="Seconde couche", position=80, lays_powder=True)


def _groups_of(pks: Any) -> dict[int, list[Group]]:
    """The groups of each powder, in their order."""
    return {pk: first_groups([kept], 1_000) for pk, kept in read_groups(pks).items()}


@pytest.mark.spec("BAT-06", "PRF-04")
@pytest.mark.parametrize("few", [0, 2])
def test_some_powders_have_the_groups_that_they_have_among_all_however_they_are_looked_up(
    in_scope: Workshop, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(in_scope, Random(few))
    assert list_waiting_again()  # some of it comes back
    monkeypatch.setattr(groups, "FEW", few)
    of_all = _groups_of(None)
    pks = sorted(of_all)
    assert len(pks) > 2
    for some in ([pks[0]], pks[1:3], pks[:3]):
        assert _groups_of(some) == {pk: of_all[pk] for pk in some}


@pytest.mark.parametrize("seed", range(2))
def test_the_first_groups_are_those_of_all_put_in_order(in_scope: Workshop, seed: int) -> None:
    _fill(in_scope, Random(seed))
    kept = read_groups(None)
    in_order = sorted(group for pk in kept for group in first_groups([kept[pk]], 1_000))
    assert len(in_order) > 25
    for most in (0, 1, 7, 1_000):
        assert first_groups(kept.values(), most) == in_order[:most]
    site_pk = in_order[0].site_pk
    here = [group for group in in_order if group.site_pk == site_pk]
    assert len(here) < len(in_order)
    assert first_groups(kept.values(), 5, site_pk) == here[:5]


def test_what_comes_back_is_asked_for_only_when_the_powder_has_some(
    in_scope: Workshop, django_assert_num_queries: Any
) -> None:
    red, blue = factories.powder(in_scope), factories.powder(in_scope)
    project_of(in_scope, red)
    back = project_of(in_scope, blue)
    _lay_again(in_scope, back)
    with django_assert_num_queries(1):
        [[group]] = _groups_of([red.pk]).values()
    assert group.powder_pk == red.pk
    [[group]] = _groups_of([blue.pk]).values()
    assert group.first_project == back.pk
    open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=parts_of(back))
    assert _groups_of([blue.pk]) == {}


@pytest.mark.spec("PRF-04")
def test_each_note_is_about_the_powders_that_its_row_touches_and_each_of_them_once(in_scope: Workshop) -> None:
    red, blue, green = (factories.powder(in_scope) for _number in range(3))
    project = project_of(in_scope, red, parts=2)  # two parts of one powder: a mark told twice would be told not at all
    Part.objects.create(workshop=in_scope, project=project, code="X1", designation="Panneau", powder=blue)
    Part.objects.create(workshop=in_scope, project=project, code="X2", designation="Panneau")
    Project.objects.filter(pk=project.pk).update(quote=factories.quote(in_scope))
    project_of(in_scope, green)
    red_part = parts_of(project)[0]
    batch = open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=[parts_of(project)[1]])
    acts: list[tuple[Callable[[], object], set[int]]] = [
        (lambda: Project.objects.filter(pk=project.pk).update(promised_on="2031-05-01"), {red.pk, blue.pk}),
        (lambda: Quote.objects.update(transfer_loss_percent=41), {red.pk, blue.pk}),
        (lambda: BatchItem.objects.create(workshop=in_scope, batch=batch, part=red_part), {red.pk}),
        (lambda: Part.objects.filter(code="X2").update(quantity=9), set()),
    ]
    for act, touched in acts:
        before = remembering._read_states(True)
        act()
        after = remembering._read_states(True)
        assert {powder for powder, _state in before.items() ^ after.items()} == touched


def test_a_step_alone_changes_no_answer_that_steps_do_not_change(in_scope: Workshop) -> None:
    project = project_of(in_scope, factories.powder(in_scope))
    before, with_steps = remembering._read_states(False), remembering._read_states(True)
    to_powder(in_scope, project)
    assert remembering._read_states(False) == before
    assert remembering._read_states(True) != with_steps


@pytest.mark.spec("PRF-04")
@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_are_each_seen_when_they_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is seen before its end, and neither hides the other, though both are of one project's powders."""
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        red, blue = (factories.powder(workshop) for _number in range(2))
        mine = project_of(workshop, red)
        Part.objects.create(workshop=workshop, project=mine, code="X1", designation="Panneau", powder=blue)
        yours = project_of(workshop, red)
        first = told_now(workshop)
    asked = _asked_of(monkeypatch)

    def read() -> list[Any]:
        def call() -> list[Any]:
            try:
                with workshop_scope(workshop.pk):
                    return told_now(workshop)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(call).result()

    def change_yours() -> None:
        with workshop_scope(workshop.pk):
            Project.objects.filter(pk=yours.pk).update(promised_on="2031-05-01")
        connection.close()

    with workshop_scope(workshop.pk):
        Project.objects.filter(pk=mine.pk).update(promised_on="2031-06-01")
        assert read() == first
        with ThreadPoolExecutor(1) as pool:
            pool.submit(change_yours).result()
        between = read()
        assert [str(row[12]) for row in between if row[12]] == ["2031-05-01"]
    after = read()
    assert sorted(str(row[12]) for row in after) == ["2031-05-01", "2031-06-01"]
    assert asked == [{red.pk}, {red.pk, blue.pk}]
    with workshop_scope(workshop.pk):
        assert told_anew(workshop)[0] == after


@pytest.mark.spec("PRF-04")
@pytest.mark.django_db(transaction=True)
def test_who_has_read_the_notes_is_told_what_somebody_newer_has_kept_since(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the notes and the answer that is kept the work changes, and who sees it keeps a newer answer."""
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        project = project_of(workshop, factories.powder(workshop))
        told_now(workshop)
        Project.objects.filter(pk=project.pk).update(promised_on="2031-05-01")
    plain, left = remembering._read_states, [1]

    def meanwhile() -> None:
        with workshop_scope(workshop.pk):
            Project.objects.filter(pk=project.pk).update(promised_on="2031-06-01")
        with workshop_scope(workshop.pk):
            told_now(workshop)
        connection.close()

    def slow(with_steps: bool) -> dict[int, int]:
        seen = plain(with_steps)
        if left:
            left.clear()
            with ThreadPoolExecutor(1) as pool:
                pool.submit(meanwhile).result()
        return seen

    monkeypatch.setattr(remembering, "_read_states", slow)
    with workshop_scope(workshop.pk):
        [group] = told_now(workshop)
    assert (str(group[12]), left) == ("2031-06-01", [])
    monkeypatch.setattr(remembering, "_read_states", plain)
    with workshop_scope(workshop.pk):
        assert told_now(workshop) == [group]
        Project.objects.filter(pk=project.pk).update(promised_on="2031-07-01")
        assert [str(row[12]) for row in told_now(workshop)] == ["2031-07-01"]
        assert told_anew(workshop)[0] == told_now(workshop)


@pytest.mark.spec("PRF-04")
@pytest.mark.django_db(transaction=True)
def test_a_part_batched_while_what_comes_back_is_asked_for_waits_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two statements: one that sees that a project comes back, one that knows which of its parts wait."""
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        project = project_of(workshop, factories.powder(workshop), parts=2)
        told_now(workshop)
        _lay_again(workshop, project)
        part = parts_of(project)[0]
    plain = groups.list_waiting_again

    def batch_meanwhile() -> None:
        with workshop_scope(workshop.pk):
            open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=[part])
        connection.close()

    def late() -> list[int]:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(batch_meanwhile).result()
        return plain()

    monkeypatch.setattr(groups, "list_waiting_again", late)
    with workshop_scope(workshop.pk):
        [group] = told_now(workshop)
    assert group[9] == 1
    monkeypatch.setattr(groups, "list_waiting_again", plain)
    with workshop_scope(workshop.pk):
        assert told_now(workshop) == [group]
        assert told_anew(workshop)[0] == [group]
