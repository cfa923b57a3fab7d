"""A year of finished work behind the screens of the day: they ask as many questions, and read no more rows."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from app.powders.models import Powder
from app.projects.constants import ProjectStatus
from app.projects.models import Part, Project, Step
from app.projects.remembering import fold_changes
from app.projects.selectors import list_steps
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.batches.stage import project_of

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/app/atelier-vulcain/"
RUNNING, FINISHED, PARTS_EACH, PAGE = 6, 300, 2, 30
#: The day's page with its queue, the lists and their filters, the board, the floor's queue, the recommended batches.
#: What the planner does without: by what is wanted, in the order of the page, row by row.
WAYS = (("seqscan",), ("seqscan", "bitmapscan", "sort"), ("seqscan", "hashjoin", "mergejoin"))
SCREENS = ("", "projets/", "projets/?retard=1", "projets/tableau/", "atelier/", "series/")


def copy(workshop: Workshop, model: Project, count: int, status: str, powders: list[Powder]) -> None:
    """Projects like one, with their steps and parts: all to do, or all done long ago."""
    done = status == ProjectStatus.DELIVERED
    long_ago, today = timezone.now() - timedelta(days=200), timezone.localdate()
    projects = Project.objects.bulk_create(
        Project(
            workshop=workshop, number=f"{status}-{number}", customer_id=model.customer_id, site_id=model.site_id,
            title="Portail", status=status, current_step="" if done else model.current_step,
            promised_on=today - timedelta(days=200) if done else today + timedelta(days=number % 9 - 3),
            ready_at=long_ago if done else None, delivered_at=long_ago if done else None,
        )
        for number in range(count)
    )  # fmt: skip
    if done:
        Project.objects.filter(status=status).update(created_at=long_ago)
    Part.objects.bulk_create(
        Part(workshop=workshop, project=project, code=f"{project.pk}P{place}", designation="Panneau",
             powder=powders[(project.pk + place) % len(powders)], surface_m2="1.5", curing_celsius=180, curing_minutes=20)
        for project in projects for place in range(PARTS_EACH)
    )  # fmt: skip
    Step.objects.bulk_create(
        Step(workshop=workshop, project=project, name=step.name, position=step.position, rank=step.rank,
             lays_powder=step.lays_powder, done_at=long_ago if done else None)
        for project in projects for step in list_steps(model)
    )  # fmt: skip


def analyse() -> None:
    """What the server does by itself a while after many writes; only the owner of the tables may ask for it."""
    name = str(connection.settings_dict["NAME"])
    with psycopg.connect(settings.TEST_ADMIN_URL, dbname=name, autocommit=True) as admin:
        admin.execute("ANALYZE projects_project, projects_part, projects_step, powders_powder, crm_customer")


def rows_read(workshop: Workshop, statements: list[str]) -> int:
    """The rows that these statements take from the tables of the work, wanted or thrown away again.

    So few rows tempt the planner to read whole tables, to sort and to join them whole. What is proven is that indexes
    lead to the right ones, in one of the ways in which it goes when there are many. Without them, each reads all.
    """
    with workshop_scope(workshop.pk), connection.cursor() as cursor:
        return sum(_fewest(cursor, sql) for sql in statements if "projects_" in sql)


def _fewest(cursor: Any, sql: str) -> int:
    """The rows of the first way that reads about a page, or of the best one."""
    read = []
    for without in WAYS:
        read.append(_explained(cursor, sql, without))
        if read[-1] <= PAGE:
            break
    return min(read)


def _explained(cursor: Any, sql: str, without: tuple[str, ...]) -> int:
    for way in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
        cursor.execute(f"SET LOCAL enable_{way} = {'off' if way in without else 'on'}")
    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
    [[plan]] = cursor.fetchall()
    found = json.loads(plan) if isinstance(plan, str) else plan
    return sum(_read(node) for node in _nodes(found[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _read(node: dict[str, Any]) -> int:
    if not str(node.get("Relation Name", "")).startswith("projects_"):
        return 0
    thrown = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return round((node["Actual Rows"] + thrown) * node["Actual Loops"])


def asked(client: Client, address: str) -> list[str]:
    """The statements of a page."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [
        query["sql"]
        for query in captured
        if query["sql"].lstrip().startswith("SELECT") and "set_config" not in query["sql"]
    ]


@pytest.mark.spec("TEN-09")
def test_the_screens_of_the_day_do_not_grow_with_what_is_finished(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        powders = [factories.powder(workshop) for _number in range(20)]
        model = project_of(workshop, powders[0])
        copy(workshop, model, RUNNING, ProjectStatus.IN_PROGRESS, powders[:2])
    analyse()
    for screen in SCREENS:
        asked(owner_client, BASE + screen)  # what a first visit makes and remembers
    fold_changes()  # as every minute
    cache.clear()  # what is kept of the work is worked out anew
    new = {screen: asked(owner_client, BASE + screen) for screen in SCREENS}
    read = {screen: rows_read(workshop, statements) for screen, statements in new.items()}
    with workshop_scope(workshop.pk):
        copy(workshop, model, FINISHED, ProjectStatus.DELIVERED, powders)
    analyse()
    fold_changes()
    cache.clear()
    for screen in SCREENS:
        later = asked(owner_client, BASE + screen)
        assert len(later) == len(new[screen]), screen
        more = rows_read(workshop, later) - read[screen]
        assert more < FINISHED // 5, f"{screen or 'day'}: {more} rows more than {read[screen]}"
