"""The life of a batch: opened, filled, launched, closed, cancelled; what it does to its projects."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone

from app.audit.models import AuditEntry
from app.batches.constants import BatchState
from app.batches.consumption import exact_kg
from app.batches.figures import read_figures
from app.batches.grouping import grouping_of
from app.batches.models import Batch, BatchItem, PowderShare
from app.batches.selectors import list_compatible_parts, list_offered_parts, list_shown_items, list_waiting_parts
from app.batches.services.batching import add_parts, open_batch, open_batch_of, remove_parts
from app.batches.services.closing import Picture, close_with_photos
from app.batches.services.launching import Checked, cancel_batch, close_batch, launch_batch, take_out_unready
from app.batches.services.rules import save_batch_settings
from app.kernel.errors import RuleError
from app.numbering.services import set_pattern
from app.powders.models import Powder
from app.projects.constants import TermKind
from app.projects.models import Part, Photo, Project
from app.projects.selectors import list_steps, list_terms
from app.projects.services.finishing import cancel_project, halt_project
from app.projects.services.quality import declare_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.working import record_part, undo_step, validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.workshops.services.sites import save_site
from tests import factories
from tests.app.batches.stage import parts_of, project_of, ready_project
from tests.app.projects import pictures


@pytest.fixture
def powder(in_scope: Workshop) -> Powder:
    return factories.powder(in_scope, finish="mat")


def waiting(workshop: Workshop) -> set[int]:
    return set(list_waiting_parts(workshop).values_list("pk", flat=True))


@pytest.mark.spec("BAT-07", "BAT-16")
def test_a_batch_is_opened_with_parts_which_wait_no_longer(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    one, other = ready_project(in_scope, powder), ready_project(in_scope, powder)
    parts = parts_of(one, other)
    assert waiting(in_scope) == {part.pk for part in parts}
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts)
    assert batch.number.startswith("S-20") and batch.number.endswith("-0001")
    assert (batch.celsius, batch.minutes, batch.state) == (180, 20, BatchState.OPEN)
    assert waiting(in_scope) == set()
    remove_parts(workshop=in_scope, actor=actor, batch=batch, part_pks=[parts[0].pk])
    assert waiting(in_scope) == {parts[0].pk}
    assert list(list_compatible_parts(in_scope, batch)) == [parts[0]]
    add_parts(workshop=in_scope, actor=actor, batch=batch, parts=[parts[0], parts[1]])
    actions = AuditEntry.objects.filter(subject_kind="batch").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["batch.opened", "batch.emptied", "batch.filled"]


@pytest.mark.spec("BAT-07")
@pytest.mark.parametrize("end", ["close", "cancel"])
def test_a_batch_is_done_by_a_person_whose_name_is_as_long_as_a_name_may_be(
    in_scope: Workshop, powder: Powder, actor: Actor, end: str
) -> None:
    who = replace(actor, label="Marie-Élisabeth " + "d" * 150 + " " + "B" * 150)
    batch = open_batch_of(workshop=in_scope, actor=who, parts=parts_of(ready_project(in_scope, powder)))
    launch_batch(workshop=in_scope, actor=who, batch=batch)
    if end == "close":
        close_batch(workshop=in_scope, actor=who, batch=batch)
    else:
        cancel_batch(workshop=in_scope, actor=who, batch=batch, reason="Panne")
    batch.refresh_from_db()
    assert {batch.created_by_name, batch.launched_by_name, batch.ended_by_name} == {who.label}
    assert len(who.label) == 160 and who.label.startswith("Marie-Élisabeth ddd")


@pytest.mark.spec("BAT-07", "BAT-01")
def test_a_batch_is_opened_by_hand_and_takes_only_what_goes_with_it(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    [model] = parts_of(project_of(in_scope, powder))
    batch = open_batch(workshop=in_scope, actor=actor, grouping=grouping_of(model))
    [coated] = parts_of(project_of(in_scope, powder, part={"coats": 2}))
    with pytest.raises(RuleError) as refusal:
        add_parts(workshop=in_scope, actor=actor, batch=batch, parts=[model, coated])
    assert coated.code in refusal.value.message and "2" in refusal.value.message
    assert not BatchItem.objects.exists()  # all or none


@pytest.mark.spec("TEN-16")
def test_a_format_that_writes_what_a_former_one_wrote_repeats_no_number(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    grouping = grouping_of(parts_of(ready_project(in_scope, powder))[0])
    year = timezone.localdate().year
    given = []
    for pattern in (f"L-{year}-{{number:4}}", "L-{year}-{number:4}", f"L-{year}-{{number:4}}"):
        set_pattern(workshop=in_scope, actor=actor, series="batch", pattern=pattern)
        given += [open_batch(workshop=in_scope, actor=actor, grouping=grouping).number for _time in range(2)]
    assert given == [f"L-{year}-{rank:04}" for rank in range(1, 7)]


@pytest.mark.spec("ACC-02", "BAT-02", "BEY-01")
def test_one_ral_in_two_finishes_is_never_one_batch(in_scope: Workshop, actor: Actor) -> None:
    matt = factories.powder(in_scope, reference="7016", finish="mat", colour_code="RAL 7016")
    gloss = factories.powder(in_scope, reference="7016", finish="brillant", colour_code="RAL 7016")
    parts = parts_of(ready_project(in_scope, matt), ready_project(in_scope, gloss))
    with pytest.raises(RuleError) as refusal:
        open_batch_of(workshop=in_scope, actor=actor, parts=parts)
    assert "Mat" in refusal.value.message and "Brillant" in refusal.value.message
    assert not Batch.objects.exists()


@pytest.mark.spec("BAT-07")
def test_a_part_is_in_one_batch_and_needs_powder(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    parts = parts_of(ready_project(in_scope, powder))
    first = open_batch_of(workshop=in_scope, actor=actor, parts=parts)
    with pytest.raises(RuleError, match=first.number):
        open_batch_of(workshop=in_scope, actor=actor, parts=parts)
    [bare] = parts_of(project_of(in_scope, None))
    with pytest.raises(RuleError, match=bare.code):
        add_parts(workshop=in_scope, actor=actor, batch=first, parts=[bare])


@pytest.mark.spec("BAT-09")
def test_launch_and_close_move_every_project(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    projects = [ready_project(in_scope, powder, parts=2) for _number in range(3)]
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(*projects))
    for _twice in range(2):
        launch_batch(workshop=in_scope, actor=actor, batch=batch)
    assert set(Project.objects.values_list("batch_number", flat=True)) == {batch.number}
    with pytest.raises(RuleError):
        remove_parts(workshop=in_scope, actor=actor, batch=batch, part_pks=[parts_of(projects[0])[0].pk])
    for _twice in range(2):
        closed = close_batch(workshop=in_scope, actor=actor, batch=batch)
    assert closed.state == BatchState.CLOSED
    after = Project.objects.values_list("batch_number", "current_step")
    assert set(after) == {("", list_steps(projects[0])[4].name)}
    assert AuditEntry.objects.filter(action="project.batch_launched").count() == 3
    assert AuditEntry.objects.filter(action="batch.closed").count() == 1
    assert waiting(in_scope) == set()


@pytest.mark.spec("BAT-09")
def test_one_project_that_is_not_ready_keeps_the_batch_from_its_launch(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    ready, late = ready_project(in_scope, powder), project_of(in_scope, powder)
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(ready, late))
    with pytest.raises(RuleError, match=late.number) as refusal:
        launch_batch(workshop=in_scope, actor=actor, batch=batch)
    assert refusal.value.field == "unready" and ready.number not in refusal.value.message
    assert Batch.objects.get().state == BatchState.OPEN
    assert set(Project.objects.values_list("batch_number", flat=True)) == {""}
    take_out_unready(workshop=in_scope, actor=actor, batch=batch)
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    assert [item.part.project_id for item in BatchItem.objects.all()] == [ready.pk]


@pytest.mark.spec("BAT-09")
def test_a_project_in_two_batches_waits_for_both(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    project = ready_project(in_scope, powder, parts=2)
    parts = parts_of(project)
    batches = [open_batch_of(workshop=in_scope, actor=actor, parts=[part]) for part in parts]
    for batch in batches:
        launch_batch(workshop=in_scope, actor=actor, batch=batch)
    close_batch(workshop=in_scope, actor=actor, batch=batches[0])
    project.refresh_from_db()
    assert (project.current_step, project.batch_number) == (list_steps(project)[3].name, batches[1].number)
    close_batch(workshop=in_scope, actor=actor, batch=batches[1])
    project.refresh_from_db()
    assert project.current_step == list_steps(project)[4].name


@pytest.mark.spec("BAT-09")
def test_a_step_that_cannot_be_validated_keeps_the_whole_batch_launched(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    projects = [ready_project(in_scope, powder) for _number in range(2)]
    step = list_steps(projects[1])[3]
    step.needs_photo = True
    step.save()
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(*projects))
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    with pytest.raises(RuleError, match=projects[1].number):
        close_batch(workshop=in_scope, actor=actor, batch=batch)
    assert Batch.objects.get().state == BatchState.LAUNCHED
    assert not BatchItem.objects.filter(done_at__isnull=False).exists()
    assert not list_steps(projects[0])[3].is_done


@pytest.mark.spec("BAT-09")
def test_a_closing_sent_again_puts_no_photo_with_the_step_that_came_after(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    project = ready_project(in_scope, powder)
    steps = list_steps(project)[3:5]
    for step in steps:  # a primer and then the colour
        step.lays_powder = step.needs_photo = True
        step.save()
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(project))
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    given: dict[str, Any] = {"batch": batch, "checked": Checked(), "pictures": [Picture(pictures.photo(), "1.jpg")]}
    for _time in range(2):
        close_with_photos(workshop=in_scope, actor=actor, **given)
    assert [photo.step for photo in Photo.objects.all()] == steps[:1]


@pytest.mark.spec("BAT-05")
def test_a_part_that_changes_leaves_the_open_batch_only_by_choice(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    [part] = parts_of(ready_project(in_scope, powder))
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=[part])
    change = {"powder": powder, "coats": 2, "primer": False, "varnish": False, "curing_celsius": None,
              "curing_minutes": None}  # fmt: skip
    with pytest.raises(RuleError, match=batch.number) as refusal:
        record_part(workshop=in_scope, actor=actor, part=part, **change)
    assert refusal.value.field == "leave_batch"
    record_part(workshop=in_scope, actor=actor, part=part, leave_batch=True, **change)
    assert not BatchItem.objects.exists()
    entry = AuditEntry.objects.get(action="batch.emptied")
    assert entry.changes["parts"] == [part.code] and entry.changes["reason"]


@pytest.mark.spec("BAT-05")
def test_a_part_of_a_launched_batch_does_not_change(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    [part] = parts_of(ready_project(in_scope, powder))
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=[part])
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    with pytest.raises(RuleError, match=batch.number):
        record_part(workshop=in_scope, actor=actor, part=part, powder=powder, coats=2, primer=False, varnish=False,
                    curing_celsius=None, curing_minutes=None, leave_batch=True)  # fmt: skip
    assert BatchItem.objects.get().is_held


@pytest.mark.spec("BAT-05")
def test_a_project_that_stops_leaves_its_open_batch_and_not_a_launched_one(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    stopped, held = ready_project(in_scope, powder), ready_project(in_scope, powder)
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(stopped, held))
    cancel_project(workshop=in_scope, actor=actor, project=stopped, reason="Plus de budget")
    assert [item.part.project_id for item in BatchItem.objects.all()] == [held.pk]
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    with pytest.raises(RuleError, match=batch.number):
        cancel_project(workshop=in_scope, actor=actor, project=held, reason="Plus de budget")
    halt_project(workshop=in_scope, actor=actor, project=held)  # the customer has the right to
    close_batch(workshop=in_scope, actor=actor, batch=batch)
    held.refresh_from_db()
    assert (held.status, list_steps(held)[3].is_done) == ("cancelled", False)


@pytest.mark.spec("BAT-09")
def test_the_course_of_a_project_in_a_launched_batch_stays(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    supply_terms(workshop=in_scope)
    project = ready_project(in_scope, powder)
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(project))
    steps = list_steps(project)
    with pytest.raises(RuleError, match=batch.number):  # by hand, while a batch holds it
        validate_step(workshop=in_scope, actor=actor, step=steps[3])
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    with pytest.raises(RuleError, match=batch.number):
        undo_step(workshop=in_scope, actor=actor, step=steps[2], reason="Erreur")
    with pytest.raises(RuleError, match=batch.number):
        declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=steps[3],
                              defect=list_terms(TermKind.DEFECT)[0], return_to=steps[1])  # fmt: skip
    cancel_batch(workshop=in_scope, actor=actor, batch=batch, reason="Four en panne")
    project.refresh_from_db()
    assert project.batch_number == ""
    validate_step(workshop=in_scope, actor=actor, step=steps[3])


@pytest.mark.spec("BAT-07")
def test_a_part_that_is_sent_back_waits_for_another_pass(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    supply_terms(workshop=in_scope)
    project = ready_project(in_scope, powder, parts=2)
    parts = parts_of(project)
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts)
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    close_batch(workshop=in_scope, actor=actor, batch=batch)
    assert waiting(in_scope) == set()
    declare_nonconformity(workshop=in_scope, actor=actor, project=project, step=list_steps(project)[4],
                          defect=list_terms(TermKind.DEFECT)[0], return_to=list_steps(project)[2], part=parts[1])  # fmt: skip
    assert waiting(in_scope) == {parts[1].pk}
    to_powder_again(in_scope, project)
    again = open_batch_of(workshop=in_scope, actor=actor, parts=[parts[1]])
    assert BatchItem.objects.get(batch=again).pass_number == 2
    launch_batch(workshop=in_scope, actor=actor, batch=again)
    close_batch(workshop=in_scope, actor=actor, batch=again)
    assert waiting(in_scope) == set()
    project.refresh_from_db()
    assert project.current_step == list_steps(project)[-2].name


def test_the_powder_that_was_taken_is_told_once_the_batch_has_left(
    in_scope: Workshop, powder: Powder, actor: Actor
) -> None:
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(ready_project(in_scope, powder)))

    def posted() -> Decimal | None:
        batch.refresh_from_db()
        return read_figures(in_scope, batch, list_shown_items(batch), with_stock=True).posted_kg

    assert posted() is None
    launch_batch(workshop=in_scope, actor=actor, batch=batch)
    close_batch(workshop=in_scope, actor=actor, batch=batch)
    assert posted() == PowderShare.objects.aggregate(kg=Sum("kg"))["kg"] > 0


@pytest.mark.spec("BAT-06", "BAT-07")
def test_a_batch_is_offered_what_comes_back_of_its_powder_and_asks_of_no_other(
    in_scope: Workshop, powder: Powder, actor: Actor, django_assert_num_queries: Any
) -> None:
    supply_terms(workshop=in_scope)
    back, other = ready_project(in_scope, powder, parts=2), factories.powder(in_scope)
    done = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(back))
    launch_batch(workshop=in_scope, actor=actor, batch=done)
    close_batch(workshop=in_scope, actor=actor, batch=done)
    steps = list_steps(back)
    declare_nonconformity(workshop=in_scope, actor=actor, project=back, step=steps[4],
                          defect=list_terms(TermKind.DEFECT)[0], return_to=steps[2], part=parts_of(back)[0])  # fmt: skip
    same, another = (
        open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(ready_project(in_scope, one)))
        for one in (powder, other)
    )
    sent_back = parts_of(back)[:1]
    with django_assert_num_queries(3):  # which projects come back, their parts, all that wait
        assert list(list_compatible_parts(in_scope, same)) == sent_back
    with django_assert_num_queries(2):
        assert list(list_compatible_parts(in_scope, another)) == []
    assert (list_offered_parts(same), list_offered_parts(another)) == (sent_back, [])  # as the pages say it
    Part.objects.filter(pk=sent_back[0].pk).update(powder=other)
    assert list(list_compatible_parts(in_scope, another)) == sent_back


def to_powder_again(workshop: Workshop, project: Project) -> None:
    for step in list_steps(project):
        if not step.is_done and not step.lays_powder:
            validate_step(workshop=workshop, actor=factories.ACTOR, step=step)
        elif not step.is_done:
            return


@pytest.mark.spec("BEY-01")
def test_a_workshop_that_wants_one_lot_is_asked_for_it(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    save_batch_settings(
        workshop=in_scope, actor=actor, wanted={"tolerance_minutes": 0, "same_lot": True, "posting": "closing"}
    )
    project = ready_project(in_scope, powder)
    batch = open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(project))
    with pytest.raises(RuleError) as refusal:
        launch_batch(workshop=in_scope, actor=actor, batch=batch)
    assert refusal.value.field == "lot"
    launched = launch_batch(workshop=in_scope, actor=actor, batch=batch, lot=" L-2231 ")
    assert launched.lot == "L-2231"


@pytest.mark.spec("BAT-18")
def test_parts_of_two_sites_are_never_one_batch(in_scope: Workshop, powder: Powder, actor: Actor) -> None:
    here = ready_project(in_scope, powder)
    there = ready_project(in_scope, powder, site=save_site(workshop=in_scope, actor=actor, name="Voiron"))
    with pytest.raises(RuleError, match="Voiron"):
        open_batch_of(workshop=in_scope, actor=actor, parts=parts_of(here, there))


def test_nothing_is_reckoned_for_a_part_without_a_surface(in_scope: Workshop, powder: Powder) -> None:
    [part] = parts_of(project_of(in_scope, powder, part={"surface_m2": None}))
    assert exact_kg(part) is None
    [known] = parts_of(project_of(in_scope, powder))
    assert exact_kg(known) == Decimal("0.3")
