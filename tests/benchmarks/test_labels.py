"""The job of labels, from the rows to the stored file: fifty and five hundred."""

from decimal import Decimal
from typing import Any

import pytest

from app.documents.labels import Marks, Size
from app.projects.models import LabelPrint, Part
from app.projects.services.labelling import ask_labels, make_labels
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories


@pytest.mark.parametrize("many", [50, 500])
def test_labels(benchmark: Any, in_scope: Workshop, actor: Actor, many: int) -> None:
    project = factories.project(in_scope)
    Part.objects.filter(project=project).update(quantity=Decimal(many))

    def ask() -> tuple[tuple[()], dict[str, Any]]:
        asked = ask_labels(
            workshop=in_scope, actor=actor, project=project, part=None, size=Size.SHEET_24, marks=Marks.BOTH,
            per_piece=True, skipped=0,
        )  # fmt: skip
        return (), {"workshop": in_scope, "print_pk": asked.pk}

    benchmark.pedantic(make_labels, setup=ask, rounds=5, warmup_rounds=1)
    assert LabelPrint.objects.exclude(file_id=None).exists()
