"""The job of labels, from the rows to the stored file: five hundred parts beside fifty, each with its own code."""

from time import perf_counter
from typing import Any

import pytest

from app.documents.labels import Marks, Size
from app.kernel.codes import code_of
from app.projects.models import LabelPrint, Part, Project
from app.projects.services.labelling import ask_labels, make_labels
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories

FEW, MANY, MOST_TIMES_LONGER = 50, 500, 5
#: The quickest of them is the least disturbed one.
ROUNDS = 25


def project_of(workshop: Workshop, parts: int, first_code: int) -> Project:
    project = factories.project(workshop)
    model = Part.objects.get(project=project)
    Part.objects.bulk_create(
        Part(
            workshop=workshop, project=project, code=code_of(first_code + rank), position=rank, quantity=1,
            designation=f"Panneau n° {rank}", powder=model.powder, surface_m2=model.surface_m2,
        )
        for rank in range(1, parts)
    )  # fmt: skip
    return project


def seconds(workshop: Workshop, actor: Actor, project: Project) -> float:
    """From the click to the kept file."""
    started = perf_counter()
    asked = ask_labels(
        workshop=workshop, actor=actor, project=project, part=None, size=Size.SHEET_24, marks=Marks.BOTH,
        per_piece=False, skipped=0,
    )  # fmt: skip
    make_labels(workshop=workshop, print_pk=asked.pk)
    return perf_counter() - started


@pytest.mark.spec("LAB-02")
def test_five_hundred_labels_beside_fifty(benchmark: Any, in_scope: Workshop, actor: Actor) -> None:
    few, many = project_of(in_scope, FEW, 100_000), project_of(in_scope, MANY, 200_000)
    times: dict[int, list[float]] = {FEW: [], MANY: []}

    def both() -> None:
        times[FEW].append(seconds(in_scope, actor, few))
        times[MANY].append(seconds(in_scope, actor, many))

    benchmark.pedantic(both, rounds=ROUNDS, warmup_rounds=1)
    assert set(LabelPrint.objects.exclude(file_id=None).values_list("labels", flat=True)) == {FEW, MANY}
    few_ms, many_ms = (1000 * min(times[count]) for count in (FEW, MANY))
    benchmark.extra_info.update(few_ms=round(few_ms, 1), many_ms=round(many_ms, 1), times=round(many_ms / few_ms, 2))
    assert many_ms < MOST_TIMES_LONGER * few_ms
