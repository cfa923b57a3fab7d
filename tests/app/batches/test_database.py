"""The database holds the rule by itself: statements that no code of the product would write are refused."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from app.batches.constants import BatchState, Criterion
from app.batches.grouping import difference_told, differences, grouping_of, grouping_of_batch
from app.batches.models import Batch, BatchItem
from app.batches.services.batching import open_batch_of
from app.batches.services.launching import launch_batch
from app.kernel.errors import RuleError
from app.powders.models import Powder
from app.powders.services.powders import PowderData, update_powder
from app.projects.models import Part
from app.tenancy.models import Workshop
from app.workshops.services.sites import save_site
from tests import factories
from tests.app.batches.stage import parts_of, project_of, ready_project

OTHER: dict[Criterion, dict[str, Any]] = {
    Criterion.COATS: {"coats": 2},
    Criterion.PRIMER: {"primer": True},
    Criterion.VARNISH: {"varnish": True},
    Criterion.TEMPERATURE: {"curing_celsius": 200},
    Criterion.MINUTES: {"curing_minutes": 25},
}
POWDERS: dict[Criterion, dict[str, Any]] = {
    Criterion.REFERENCE: {"reference": "AUTRE"},
    Criterion.TYPE: {"type": "epoxy"},
    Criterion.FINISH: {"finish": "brillant"},
}
IDENTITY = {"reference": "TP-7016", "type": "polyester", "finish": "mat"}


@pytest.fixture
def powder(in_scope: Workshop) -> Powder:
    return factories.powder(in_scope, **IDENTITY)


@pytest.fixture
def part(in_scope: Workshop, powder: Powder) -> Part:
    return parts_of(ready_project(in_scope, powder))[0]


@pytest.fixture
def batch(in_scope: Workshop, part: Part) -> Batch:
    return open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=[part])


def put_in(batch: Batch, part: Part) -> None:
    """What a console would do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO batches_batchitem (workshop_id, batch_id, part_id, pass_number, is_held, lot) "
            "VALUES (%s, %s, %s, 1, false, '')",
            [batch.workshop_id, batch.pk, part.pk],
        )


def refusal(statement: Any, *arguments: Any) -> Any:
    """How the database refuses: its SQLSTATE and its detail."""
    with pytest.raises(DatabaseError) as told, transaction.atomic():
        statement(*arguments)
    return told.value.__cause__


def execute(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.mark.spec("BAT-03", "BAT-01", "BAT-17", "BAT-04")
@pytest.mark.parametrize("criterion", OTHER)
def test_each_criterion_is_refused_to_a_statement(
    in_scope: Workshop, powder: Powder, batch: Batch, criterion: Criterion
) -> None:
    [other] = parts_of(project_of(in_scope, powder, part=OTHER[criterion]))
    told = refusal(put_in, batch, other)
    assert told.sqlstate == "TG001"
    [known] = differences(grouping_of_batch(batch), grouping_of(other))
    assert difference_told(told.diag.message_detail) == known  # the database and the function say the same
    assert known.criterion == criterion


@pytest.mark.spec("BAT-03", "BAT-02", "ACC-02", "BAT-17")
@pytest.mark.parametrize("criterion", POWDERS)
def test_another_powder_is_refused_to_a_statement(in_scope: Workshop, batch: Batch, criterion: Criterion) -> None:
    powder = factories.powder(in_scope, **{**IDENTITY, **POWDERS[criterion]})
    [other] = parts_of(project_of(in_scope, powder))
    told = refusal(put_in, batch, other)
    assert (told.sqlstate, difference_told(told.diag.message_detail).criterion) == ("TG001", criterion)


@pytest.mark.spec("BAT-03", "BAT-18")
def test_a_part_without_powder_and_one_of_another_site_are_refused(
    in_scope: Workshop, powder: Powder, batch: Batch
) -> None:
    [bare] = parts_of(project_of(in_scope, None))
    assert refusal(put_in, batch, bare).sqlstate == "TG001"
    voiron = save_site(workshop=in_scope, actor=factories.ACTOR, name="Voiron")
    [far] = parts_of(project_of(in_scope, powder, site=voiron))
    assert difference_told(refusal(put_in, batch, far).diag.message_detail).criterion == Criterion.SITE


@pytest.mark.spec("BAT-04")
def test_the_tolerance_holds_between_all_the_parts(in_scope: Workshop, powder: Powder) -> None:
    low, middle, high = (
        parts_of(project_of(in_scope, powder, part={"curing_minutes": minutes}))[0] for minutes in (18, 20, 22)
    )
    batch = open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=[middle])
    # A wider batch cannot be had by changing it: what it was opened for does not change.
    assert (
        refusal(execute, "UPDATE batches_batch SET tolerance_minutes = 2 WHERE id = %s", batch.pk).sqlstate == "TG003"
    )
    wide = Batch.objects.create(workshop=in_scope, number="S-X", site=batch.site, powder=powder, celsius=180,
                                minutes=20, tolerance_minutes=2)  # fmt: skip
    put_in(wide, low)
    assert refusal(put_in, wide, high).sqlstate == "TG001"  # 2 from the batch, but 4 from the other part


@pytest.mark.spec("BAT-03", "BAT-07")
def test_a_part_is_in_one_batch_whatever_writes(in_scope: Workshop, part: Part, batch: Batch) -> None:
    second = Batch.objects.create(workshop=in_scope, number="S-X", site=batch.site, powder=part.powder, celsius=180,
                                  minutes=20)  # fmt: skip
    assert refusal(put_in, second, part).sqlstate == "23505"
    # A row that says that it is not held is held all the same.
    execute("UPDATE batches_batchitem SET is_held = false WHERE batch_id = %s", batch.pk)
    assert BatchItem.objects.get(batch=batch).is_held
    assert refusal(put_in, second, part).sqlstate == "23505"


@pytest.mark.spec("BAT-03", "BAT-05")
@pytest.mark.parametrize("change", [
    "coats = 2", "primer = true", "varnish = true", "curing_celsius = 200", "curing_minutes = 5", "powder_id = NULL",
])  # fmt: skip
@pytest.mark.parametrize("launched", [False, True])
def test_a_part_that_a_batch_holds_does_not_change(
    in_scope: Workshop, part: Part, batch: Batch, change: str, launched: bool
) -> None:
    if launched:
        launch_batch(workshop=in_scope, actor=factories.ACTOR, batch=batch)
    assert refusal(execute, f"UPDATE projects_part SET {change} WHERE id = %s", part.pk).sqlstate == "TG003"
    execute("UPDATE projects_part SET designation = 'Autre' WHERE id = %s", part.pk)


@pytest.mark.spec("BAT-03")
@pytest.mark.parametrize("change", [
    "finish = 'brillant'", "type = 'epoxy'", "reference = 'X'", "curing_temperature_c = 200", "curing_minutes = 5",
])  # fmt: skip
def test_a_powder_that_a_batch_holds_does_not_change(batch: Batch, change: str) -> None:
    assert refusal(execute, f"UPDATE powders_powder SET {change} WHERE id = %s", batch.powder_id).sqlstate == "TG003"
    execute("UPDATE powders_powder SET notes = 'Sèche', density = 1.4 WHERE id = %s", batch.powder_id)


@pytest.mark.spec("BAT-03")
def test_the_screen_of_powders_says_why(in_scope: Workshop, batch: Batch, powder: Powder) -> None:
    data = PowderData(
        brand="Thermopoudre", **{**IDENTITY, "finish": "brillant"}, curing_temperature_c=180, curing_minutes=20
    )
    with pytest.raises(RuleError):
        update_powder(workshop=in_scope, actor=factories.ACTOR, powder=powder, data=data)
    assert Powder.objects.get(pk=powder.pk).finish == "mat"


@pytest.mark.spec("BAT-03")
def test_a_batch_does_not_change_what_it_was_opened_for(in_scope: Workshop, batch: Batch, part: Part) -> None:
    gloss = factories.powder(in_scope, **{**IDENTITY, "finish": "brillant"})
    for change in (f"powder_id = {gloss.pk}", "coats = 2", "celsius = 200", "minutes = NULL", "primer = true"):
        assert refusal(execute, f"UPDATE batches_batch SET {change} WHERE id = %s", batch.pk).sqlstate == "TG003"
    [other] = parts_of(project_of(in_scope, gloss))
    moved = refusal(execute, "UPDATE batches_batchitem SET part_id = %s WHERE batch_id = %s", other.pk, batch.pk)
    assert moved.sqlstate == "TG002"


@pytest.mark.spec("BAT-03")
def test_a_batch_that_is_launched_or_over_takes_no_part_and_does_not_open_again(
    in_scope: Workshop, powder: Powder, batch: Batch, part: Part
) -> None:
    [other] = parts_of(project_of(in_scope, powder))
    for state in (BatchState.LAUNCHED, BatchState.CLOSED):
        execute("UPDATE batches_batch SET state = %s WHERE id = %s", state.value, batch.pk)
        assert refusal(put_in, batch, other).sqlstate == "TG002"
    assert not BatchItem.objects.get(batch=batch).is_held
    assert refusal(execute, "UPDATE batches_batch SET state = 'open' WHERE id = %s", batch.pk).sqlstate == "TG002"


@pytest.mark.spec("BAT-03", "BAT-18")
def test_a_part_that_a_batch_holds_stays_in_its_project(
    in_scope: Workshop, powder: Powder, part: Part, batch: Batch
) -> None:
    voiron = save_site(workshop=in_scope, actor=factories.ACTOR, name="Voiron")
    elsewhere = project_of(in_scope, powder, site=voiron)
    moved = refusal(execute, "UPDATE projects_part SET project_id = %s WHERE id = %s", elsewhere.pk, part.pk)
    assert moved.sqlstate == "TG003"


@pytest.mark.spec("BAT-18")
def test_a_project_with_a_held_part_stays_at_its_site(in_scope: Workshop, batch: Batch, part: Part) -> None:
    voiron = save_site(workshop=in_scope, actor=factories.ACTOR, name="Voiron")
    moved = refusal(execute, "UPDATE projects_project SET site_id = %s WHERE id = %s", voiron.pk, part.project_id)
    assert moved.sqlstate == "TG003"


@pytest.mark.spec("BEY-01")
def test_parts_of_two_lots_are_never_one_batch(in_scope: Workshop, powder: Powder, part: Part) -> None:
    [other] = parts_of(ready_project(in_scope, powder))
    said = {"site": part.project.site, "powder": powder, "celsius": 180, "minutes": 20, "same_lot": True}
    for number, (piece, lot) in enumerate([(part, "A"), (other, "B")]):
        former = Batch.objects.create(workshop=in_scope, number=f"S-{number}", lot=lot, **said)
        put_in(former, piece)
        execute("UPDATE batches_batch SET state = 'closed' WHERE id = %s", former.pk)
    batch = Batch.objects.create(workshop=in_scope, number="S-X", **said)
    put_in(batch, part)
    assert difference_told(refusal(put_in, batch, other).diag.message_detail).criterion == Criterion.LOT
    assert refusal(execute, "UPDATE batches_batch SET lot = 'B' WHERE id = %s", batch.pk).sqlstate == "TG003"
    execute("UPDATE batches_batch SET lot = 'A' WHERE id = %s", batch.pk)
