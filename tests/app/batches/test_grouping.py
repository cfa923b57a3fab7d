"""What two parts of one batch share: each criterion alone, with all the others equal."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from app.batches.constants import Criterion
from app.batches.grouping import Grouping, differences, grouping_of
from app.projects.models import Part
from app.tenancy.models import Workshop
from tests import factories

GREY = Grouping(7, "TP-7016", "polyester", "mat", 1, False, False, 180, 20)
DIFFERENT: dict[Criterion, dict[str, Any]] = {
    Criterion.REFERENCE: {"reference": "TP-7016-B"},
    Criterion.TYPE: {"type": "epoxy"},
    Criterion.FINISH: {"finish": "brillant"},
    Criterion.COATS: {"coats": 2},
    Criterion.PRIMER: {"primer": True},
    Criterion.VARNISH: {"varnish": True},
    Criterion.TEMPERATURE: {"celsius": 200},
    Criterion.MINUTES: {"minutes": 21},
    Criterion.SITE: {"site_pk": 3},
}


@pytest.mark.spec("BAT-01", "BAT-17", "BAT-04", "BAT-18")
@pytest.mark.parametrize("criterion", DIFFERENT)
def test_one_criterion_that_differs_keeps_two_parts_apart(criterion: Criterion) -> None:
    other = replace(GREY, **DIFFERENT[criterion])
    [found] = differences(GREY, other)
    assert found.criterion == criterion
    if criterion != Criterion.SITE:  # told by its name
        [field] = DIFFERENT[criterion]
        assert (found.first, found.second) == (getattr(GREY, field), getattr(other, field))


@pytest.mark.spec("BAT-01")
def test_nothing_differs_between_equals_and_several_differences_are_all_told() -> None:
    assert differences(GREY, replace(GREY)) == []
    found = differences(GREY, replace(GREY, finish="brillant", coats=2, varnish=True))
    assert [one.criterion for one in found] == [Criterion.FINISH, Criterion.COATS, Criterion.VARNISH]


@pytest.mark.spec("BAT-02")
def test_two_powders_of_the_same_words_are_two_powders() -> None:
    [found] = differences(GREY, replace(GREY, powder_pk=8))
    assert found.criterion == Criterion.REFERENCE


@pytest.mark.spec("BAT-04")
@pytest.mark.parametrize(("minutes", "tolerance", "together"), [
    (20, 0, True), (22, 0, False), (22, 2, True), (18, 2, True), (23, 2, False), (None, 60, False),
])  # fmt: skip
def test_curing_times_are_near_enough(minutes: int | None, tolerance: int, together: bool) -> None:
    assert (differences(GREY, replace(GREY, minutes=minutes), tolerance) == []) is together


@pytest.mark.spec("BAT-04")
def test_a_temperature_has_no_tolerance() -> None:
    assert differences(GREY, replace(GREY, celsius=181), 60)


@pytest.mark.spec("BEY-01")
def test_lots_are_compared_when_both_are_known() -> None:
    assert differences(replace(GREY, lot="A1"), GREY) == []
    [found] = differences(replace(GREY, lot="A1"), replace(GREY, lot="B2"))
    assert found.criterion == Criterion.LOT


@pytest.mark.spec("BEY-01")
def test_a_difference_is_told_with_both_values_in_the_language_of_the_reader() -> None:
    with translation.override("en"):
        words = {one: differences(GREY, replace(GREY, **fields))[0].words() for one, fields in DIFFERENT.items()}
    assert words[Criterion.FINISH] == "Finish: Matt in the batch, Gloss on the part."
    assert words[Criterion.TEMPERATURE] == "Curing temperature: 180 °C in the batch, 200 °C on the part."
    assert words[Criterion.COATS] == "Coats: 1 coat in the batch, 2 coats on the part."
    assert words[Criterion.PRIMER] == "Primer: without in the batch, with on the part."


@pytest.mark.spec("BAT-04", "BAT-02")
def test_an_adjusted_curing_leaves_the_group_of_its_powder(in_scope: Workshop) -> None:
    powder = factories.powder(in_scope, curing_temperature_c=180, curing_minutes=20)
    project = factories.project(in_scope)
    usual = Part(project=project, powder=powder)
    adjusted = Part(project=project, powder=powder, curing_celsius=180, curing_minutes=25)
    said = Part(project=project, powder=powder, curing_celsius=180, curing_minutes=20)
    assert differences(grouping_of(usual), grouping_of(said)) == []
    assert [one.criterion for one in differences(grouping_of(usual), grouping_of(adjusted))] == [Criterion.MINUTES]
