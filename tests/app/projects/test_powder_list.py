"""The projects of a powder are found among their parts, in the order of the list, without reading the others."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from app.kernel import pagination
from app.powders.models import Powder
from app.projects.models import Part, Project
from app.projects.selectors import list_projects, page_of_projects
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import project_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def powder(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> Powder:
    """Seven projects take it, some by several parts, made in another order than they were written; others do not."""
    monkeypatch.setattr(pagination.keyset_page, "__kwdefaults__", {**pagination.keyset_page.__kwdefaults__, "size": 3})
    with workshop_scope(workshop.pk):
        powder, other, now = factories.powder(workshop), factories.powder(workshop), timezone.now()
        for number in range(7):
            project = project_of(workshop, powder, parts=1 + number % 3)
            project_of(workshop, other)
            Project.objects.filter(pk=project.pk).update(created_at=now - timedelta(hours=number * 3 % 7))
    return powder


@pytest.mark.spec("PRJ-01", "PRF-02")
def test_pages_of_a_powder_go_through_its_projects_there_and_back(in_scope: Workshop, powder: Powder) -> None:
    whole = list(list_projects(powder_pk=powder.pk))
    assert len(whole) == 7
    pages = [page_of_projects(powder_pk=powder.pk)]
    while pages[-1].next_cursor:
        pages.append(page_of_projects(powder_pk=powder.pk, cursor=pages[-1].next_cursor))
    assert [len(page.rows) for page in pages] == [3, 3, 1]
    assert [row for page in pages for row in page.rows] == whole
    for before, page in pairwise(pages):
        assert page_of_projects(powder_pk=powder.pk, cursor=page.previous_cursor).rows == before.rows


@pytest.mark.spec("PRJ-01")
def test_a_powder_goes_with_the_other_filters(in_scope: Workshop, powder: Powder) -> None:
    first = list_projects(powder_pk=powder.pk)[0]
    assert page_of_projects(powder_pk=powder.pk, search=first.number).rows == [first]
    assert page_of_projects(powder_pk=powder.pk, customer_pk=first.customer_id).rows == [first]
    assert page_of_projects(powder_pk=powder.pk, status="delivered").rows == []


@pytest.mark.spec("TEN-02")
def test_the_projects_of_another_workshop_are_not_among_them(powder: Powder, other_workshop: Workshop) -> None:
    with workshop_scope(other_workshop.pk):
        assert page_of_projects(powder_pk=powder.pk).rows == []


@pytest.mark.spec("PRJ-01", "PRF-02")
def test_only_the_projects_of_the_page_are_read(in_scope: Workshop, powder: Powder) -> None:
    with CaptureQueriesContext(connection) as caught:
        page_of_projects(powder_pk=powder.pk)
    [asked] = [query["sql"] for query in caught.captured_queries if query["sql"].startswith("SELECT")]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked}")
        [([told],)] = cursor.fetchall()
    found: list[float] = []
    look_through(told["Plan"], found)
    assert found == [4]


def look_through(plan: dict[str, object], found: list[float]) -> None:
    """How many projects each part of a plan reads."""
    if plan.get("Relation Name") == Project._meta.db_table:
        found.append(plan["Actual Rows"])  # type: ignore[arg-type]
    for part in plan.get("Plans", ()):  # type: ignore[attr-defined]
        look_through(part, found)


def test_a_part_is_dated_by_its_project_whatever_writes_it(in_scope: Workshop, powder: Powder) -> None:
    part = Part.objects.filter(powder=powder).select_related("project")[0]
    assert part.project_created_at == part.project.created_at
    part.project_created_at = timezone.now() + timedelta(days=9)
    part.save()
    Part.objects.filter(pk=part.pk).update(project_created_at=timezone.now())
    part.refresh_from_db()
    assert part.project_created_at == part.project.created_at


@pytest.mark.parametrize("cursor", ["WyJhIiwgNSwgM10", "WyJhIiwgIngiLCAieSJd", "WyJhIiwgTmFOLCAxXQ", "abc"])
def test_a_place_made_by_hand_is_the_first_page(owner_client: Client, powder: Powder, cursor: str) -> None:
    answer = owner_client.get(f"/app/atelier-vulcain/projets/?poudre={powder.pk}&apres={cursor}")
    assert answer.status_code == 200
    assert len(answer.context["page"].rows) == 3
