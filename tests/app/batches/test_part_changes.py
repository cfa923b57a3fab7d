"""A part that changes after its load was planned: marked wherever it is seen, and taken out by hand."""

from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from app.audit.models import AuditEntry
from app.batches.models import Batch, Oven, OvenLoad, OvenLoadPart, OvenPlan
from app.batches.oven_constants import LoadState
from app.batches.oven_pdf import sheets_pdf
from app.batches.oven_selectors import get_load, list_curable_parts
from app.batches.part_changes import changes_in, changes_of, loads_of_another_oven
from app.batches.services.adopting import adopt_plan, ask_sheets, make_sheets
from app.batches.services.batching import open_batch_of
from app.batches.services.curing import start_load
from app.batches.services.unhanging import take_out_pieces
from app.kernel.errors import RuleError
from app.projects.constants import ProjectStatus, TermKind
from app.projects.models import Part, Project
from app.projects.selectors import list_steps, list_terms
from app.projects.services.quality import declare_nonconformity
from app.projects.services.terms import supply_terms
from app.projects.services.working import validate_step
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

from .ovens import found_plan, open_planning, oven, part

ACTOR = factories.ACTOR
BASE = "/app/atelier-vulcain/series"


def pdf_text(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


def adopted(workshop: Workshop, *parts: Part) -> OvenLoad:
    [load] = adopt_plan(workshop=workshop, actor=ACTOR, plan=found_plan(workshop, [oven(workshop)], list(parts)))
    return load


CHANGES: list[tuple[dict[str, Any], str, bool]] = [
    ({"curing_celsius": 200}, "200 °C", True),
    ({"coats": 2}, "2", True),
    ({"quantity": Decimal(1)}, "2", True),
    ({"length_mm": 1400}, "1400 × 200 × 800", False),
    ({"mass_kg": Decimal(40)}, "40.0 kg", False),
    ({"carry": "flat"}, "", False),
]


@pytest.mark.spec("BAT-14", "BEY-02")
@pytest.mark.parametrize(("change", "words", "stops"), CHANGES)
def test_a_part_that_changes_marks_its_load_at_once(
    in_scope: Workshop, change: dict[str, Any], words: str, stops: bool
) -> None:
    changing, other = part(in_scope, powder := factories.powder(in_scope), pieces=2), part(in_scope, powder)
    load = adopted(in_scope, changing, other)
    assert changes_in([load]) == {}
    Part.objects.filter(pk=changing.pk).update(**change)
    [[found]] = changes_in([load]).values()
    assert (found.part, found.stops) == (changing, stops)
    assert words in found.words
    [told] = changes_of(OvenPlan.objects.get())
    assert str(told) == str(found)
    if stops:
        with pytest.raises(RuleError, match=changing.project.number):
            start_load(workshop=in_scope, actor=ACTOR, load=load)


@pytest.mark.spec("BAT-14")
def test_what_is_delivered_or_past_its_curing_marks_its_load(in_scope: Workshop) -> None:
    powder = factories.powder(in_scope)
    gone, cured = part(in_scope, powder), part(in_scope, powder)
    load = adopted(in_scope, gone, cured)
    Project.objects.filter(pk=gone.project_id).update(status=ProjectStatus.DELIVERED)
    for step in list_steps(cured.project)[:-1]:
        validate_step(workshop=in_scope, actor=ACTOR, step=step, answers=["pass"] * len(step.checklist))
    found = {change.part: change for change in changes_in([load])[load.pk]}
    assert {one: change.stops for one, change in found.items()} == {gone: True, cured: False}
    with pytest.raises(RuleError, match=gone.project.number):
        start_load(workshop=in_scope, actor=ACTOR, load=load)
    take_out_pieces(workshop=in_scope, actor=ACTOR, load=load, part_pk=gone.pk)
    assert start_load(workshop=in_scope, actor=ACTOR, load=load).state == LoadState.IN_OVEN
    assert changes_in([get_load(load.pk)]) == {}  # what is in the oven is not judged any more


@pytest.mark.spec("BAT-14", "QUA-03")
def test_a_part_that_is_sent_back_to_the_powder_marks_its_load(in_scope: Workshop) -> None:
    held = part(in_scope, factories.powder(in_scope))
    steps = list_steps(held.project)
    laying = next(rank for rank, step in enumerate(steps) if step.lays_powder)
    for step in steps[: laying + 1]:
        validate_step(workshop=in_scope, actor=ACTOR, step=step, answers=["pass"] * len(step.checklist))
    load = adopted(in_scope, held)
    assert changes_in([load]) == {}
    supply_terms(workshop=in_scope)
    declare_nonconformity(
        workshop=in_scope, actor=ACTOR, project=held.project, step=steps[laying], return_to=steps[laying],
        defect=list_terms(TermKind.DEFECT)[0],
    )  # fmt: skip
    [[told]] = changes_in([load]).values()
    assert (told.part, told.stops) == (held, False)
    [again] = [step for step in list_steps(held.project) if step.lays_powder and not step.is_done]
    validate_step(workshop=in_scope, actor=ACTOR, step=again, answers=["pass"] * len(again.checklist))
    assert changes_in([load]) == {}  # powdered again: it may be cured as planned


@pytest.mark.spec("BAT-07", "BAT-16")
def test_pieces_leave_a_planned_load_and_wait_again(in_scope: Workshop) -> None:
    bent, other = part(in_scope, powder := factories.powder(in_scope), pieces=3), part(in_scope, powder)
    load = adopted(in_scope, bent, other)
    before = get_load(load.pk)
    left = take_out_pieces(workshop=in_scope, actor=ACTOR, load=load, part_pk=bent.pk, pieces=1)
    assert [(row.part, row.pieces) for row in OvenLoadPart.objects.order_by("part")] == [(bent, 2), (other, 1)]
    assert [(held.part, held.pieces) for held in list_curable_parts()] == [(bent, 1)]
    assert sorted(item["part"] for item in left.layout) == sorted([bent.code, bent.code, other.code])
    assert left.fill is not None and before.fill is not None and left.fill < before.fill
    assert left.mass_kg == Decimal(36)
    entry = AuditEntry.objects.get(action="oven_load.emptied")
    assert entry.changes == {"part": bent.code, "pieces": 1}
    for wrong in (3, 0, -1):
        with pytest.raises(RuleError):
            take_out_pieces(workshop=in_scope, actor=ACTOR, load=load, part_pk=bent.pk, pieces=wrong)
    with pytest.raises(RuleError):
        take_out_pieces(workshop=in_scope, actor=ACTOR, load=load, part_pk=10**9)
    take_out_pieces(workshop=in_scope, actor=ACTOR, load=load, part_pk=bent.pk)
    last = take_out_pieces(workshop=in_scope, actor=ACTOR, load=load, part_pk=other.pk)
    assert (last.state, last.layout) == (LoadState.CANCELLED, [])
    assert len(list_curable_parts()) == 2


@pytest.mark.spec("BAT-07")
def test_nothing_leaves_a_load_that_is_started(in_scope: Workshop) -> None:
    held = part(in_scope, factories.powder(in_scope))
    load = adopted(in_scope, held)
    start_load(workshop=in_scope, actor=ACTOR, load=load)
    with pytest.raises(RuleError):
        take_out_pieces(workshop=in_scope, actor=ACTOR, load=load, part_pk=held.pk)
    assert OvenLoadPart.objects.get().pieces == 1


def test_the_sheets_of_a_load_show_what_still_hangs_in_it(in_scope: Workshop) -> None:
    bent, other = part(in_scope, powder := factories.powder(in_scope)), part(in_scope, powder)
    Part.objects.filter(pk=bent.pk).update(designation="Volet tordu")
    bent.refresh_from_db()
    load = adopted(in_scope, bent, other)
    plan = OvenPlan.objects.get()
    assert "Volet tordu" in pdf_text(sheets_pdf(in_scope, plan))
    ask_sheets(workshop=in_scope, plan=plan)
    make_sheets(workshop=in_scope, plan_pk=plan.pk)
    take_out_pieces(workshop=in_scope, actor=ACTOR, load=load, part_pk=bent.pk)
    plan.refresh_from_db()
    assert plan.sheets_file_id is None  # the former ones are not offered any more
    assert "Volet tordu" not in pdf_text(sheets_pdf(in_scope, plan))


@pytest.mark.spec("BAT-14", "BAT-07")
def test_the_pages_mark_the_load_and_let_the_part_out(operator_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        open_planning(workshop)
        changing, other = part(workshop, powder := factories.powder(workshop)), part(workshop, powder)
        load = adopted(workshop, changing, other)
        open_batch_of(workshop=workshop, actor=ACTOR, parts=[changing])
        batch_pk = Batch.objects.get().pk
        Part.objects.filter(pk=changing.pk).update(height_mm=900)
        plan = OvenPlan.objects.get()
    pages = [f"{BASE}/fours/", f"{BASE}/fours/fournees/{load.pk}/", f"{BASE}/cuisson/{plan.pk}/", f"{BASE}/{batch_pk}/"]
    for page in pages:
        assert "1000 × 200 × 900" in operator_client.get(page).content.decode(), page
    out = f"{BASE}/fours/fournees/{load.pk}/pieces/{changing.pk}/retirer/"
    assert operator_client.post(out, {"pieces": "x"}).status_code == 302
    assert operator_client.post(out.replace(str(changing.pk), "9999999")).status_code == 404
    assert operator_client.post(out).status_code == 302
    with workshop_scope(workshop.pk):
        assert [row.part for row in OvenLoadPart.objects.all()] == [other]
    for page in pages:
        assert "1000 × 200 × 900" not in operator_client.get(page).content.decode(), page


@pytest.mark.spec("BAT-11", "BAT-14")
@pytest.mark.parametrize("change", [{"height_mm": 1500}, {"rails_y": [750]}, {"max_load_kg": 90}, {"gap_mm": 80}])
def test_a_load_is_marked_when_its_oven_is_another_inside(
    owner_client: Client, workshop: Workshop, change: dict[str, Any]
) -> None:
    with workshop_scope(workshop.pk):
        open_planning(workshop)
        load = adopted(workshop, part(workshop, factories.powder(workshop)))
        Oven.objects.update(name="Four du fond", week=[[[0, 720]]] * 7)
        assert loads_of_another_oven([get_load(load.pk)]) == set()
        Oven.objects.update(**change)
        assert loads_of_another_oven([get_load(load.pk)]) == {load.pk}
    plain = owner_client.get(f"{BASE}/fours/fournees/{load.pk}/").content.decode()
    assert plain.count('role="alert"') == 1
    assert owner_client.get(f"{BASE}/fours/").status_code == 200
    with workshop_scope(workshop.pk):
        start_load(workshop=workshop, actor=ACTOR, load=load)
        assert loads_of_another_oven([get_load(load.pk)]) == set()


def test_a_viewer_takes_nothing_out(viewer_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        open_planning(workshop)
        held = part(workshop, factories.powder(workshop))
        load = adopted(workshop, held)
    out = f"{BASE}/fours/fournees/{load.pk}/pieces/{held.pk}/retirer/"
    assert viewer_client.post(out).status_code == 403
    with workshop_scope(workshop.pk):
        assert OvenLoadPart.objects.count() == 1


def test_many_loads_are_judged_in_a_few_queries(in_scope: Workshop) -> None:
    held = part(in_scope, factories.powder(in_scope), pieces=40)
    loads = adopt_plan(workshop=in_scope, actor=ACTOR, plan=found_plan(in_scope, [oven(in_scope)], [held]))
    assert len(loads) > 2
    Part.objects.filter(pk=held.pk).update(coats=3)
    with at_most(8):
        assert len(changes_in(loads)) == len(loads)
