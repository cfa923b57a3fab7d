"""The recommended batches are what the rule says of each pair of parts, whatever the query that groups them."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from app.batches.constants import Criterion
from app.batches.grouping import COLUMNS, Grouping, differences, grouping_of
from app.batches.recommending import GROUPED_BY, PAGE_SIZE, Recommendation, kilograms, list_group, recommended
from app.batches.selectors import find_holding
from app.batches.services.batching import open_batch_of
from app.powders.models import Powder
from app.projects.constants import RUNNING, ProjectStatus, TermKind
from app.projects.models import Nonconformity, Part, Project, QualityTerm, Step
from app.tenancy.models import Site, Workshop
from app.workshops.services.sites import main_site, save_site
from tests import factories
from tests.app.batches.stage import parts_of, project_of

LAID = datetime(2031, 5, 2, 10, tzinfo=UTC)
#: What the query groups by in place of each value that the rule compares; a lot is chosen at launch.
GROUPED = {
    "powder_pk": "powder_id", "reference": "powder_id", "type": "powder_id", "finish": "powder_id", "coats": "coats",
    "primer": "primer", "varnish": "varnish", "celsius": "celsius", "minutes": "minutes",
    "site_pk": "project__site_id", "lot": None,
}  # fmt: skip


@pytest.mark.spec("BAT-01")
def test_the_query_groups_by_every_criterion_of_the_rule() -> None:
    assert set(COLUMNS) == set(Criterion)
    compared = [one.name for one in fields(Grouping) if one.compare]
    assert compared == list(GROUPED)
    assert list(dict.fromkeys(GROUPED[name] for name in compared if GROUPED[name])) == list(GROUPED_BY)


@pytest.mark.spec("BAT-01", "BAT-06")
@pytest.mark.parametrize("seed", range(4))
def test_recommended_batches_are_those_of_the_rule(in_scope: Workshop, seed: int) -> None:
    random = Random(seed)
    _fill(in_scope, random)
    expected = _expected(_waiting())
    assert _told(_all_pages(in_scope)) == expected
    assert len(expected) > PAGE_SIZE
    chosen = random.choice(_all_pages(in_scope))
    parts = list(list_group(in_scope, chosen.key))
    assert len(parts) == chosen.parts
    open_batch_of(workshop=in_scope, actor=factories.ACTOR, parts=parts)
    left = _expected(_waiting())
    assert len(left) == len(expected) - 1
    assert _told(_all_pages(in_scope)) == left


@pytest.mark.spec("BAT-06")
def test_a_page_of_recommendations_reads_as_often_whatever_waits(
    in_scope: Workshop, django_assert_num_queries: Any
) -> None:
    powder = factories.powder(in_scope)
    for coats in (1, 2):
        project_of(in_scope, powder, part={"coats": coats})
        # The state of the work, that of each powder, the projects that come back (before the groups of all powders), the
        # groups, their powders, their sites; asked again, the state, the powders and the sites.
        for queries in (6 if coats == 1 else 5, 3):
            with django_assert_num_queries(queries):
                assert len(recommended(in_scope, with_stock=False).rows) == coats


def _fill(workshop: Workshop, random: Random) -> None:
    """Projects of every state: before the powder, after it, sent back whole or for one part, stopped."""
    powders = [
        factories.powder(workshop, curing_temperature_c=celsius, curing_minutes=minutes, consumption_g_per_m2=grams)
        for celsius, minutes, grams in ((180, 20, 100), (200, None, 120), (None, 10, 90), (180, 20, 100))
    ]
    sites = [main_site(workshop=workshop), save_site(workshop=workshop, actor=factories.ACTOR, name="Voiron")]
    model = project_of(workshop, powders[0])
    defect = QualityTerm.objects.create(workshop=workshop, kind=TermKind.DEFECT, name="Coulure")
    for number in range(36):
        project = _project(workshop, random, model, sites, number)
        parts = [_part(workshop, random, project, powders, place) for place in range(random.randint(1, 4))]
        _course(workshop, random, project, parts, defect)


def _project(workshop: Workshop, random: Random, model: Project, sites: list[Site], number: int) -> Project:
    return Project.objects.create(
        workshop=workshop, number=f"R-{number}", customer_id=model.customer_id, title="Portail",
        site=random.choice(sites), current_step=random.choice(["Poudrage", "Sablage"]),
        status=random.choice([*RUNNING, *RUNNING, ProjectStatus.CANCELLED, ProjectStatus.READY]),
        promised_on=random.choice([None, date(2031, 5, 12) + timedelta(days=random.randint(0, 4))]),
    )  # fmt: skip


def _part(workshop: Workshop, random: Random, project: Project, powders: list[Powder], place: int) -> Part:
    return Part.objects.create(
        workshop=workshop, project=project, code=f"{project.number}P{place}", position=place, designation="Panneau",
        quantity=random.randint(1, 5), surface_m2=random.choice([None, Decimal("1.5"), Decimal("0.3333")]),
        powder=random.choice([None, *powders, *powders]), coats=random.choice([1, 1, 2]),
        primer=random.random() < 0.2, varnish=random.random() < 0.2,
        curing_celsius=random.choice([None, None, 180, 200]), curing_minutes=random.choice([None, None, 20, 10]),
    )  # fmt: skip


def _course(workshop: Workshop, random: Random, project: Project, parts: list[Part], defect: QualityTerm) -> None:
    course = random.choice(["before", "before", "after", "again"])
    passes = {"before": [None], "after": [LAID], "again": [LAID, None]}[course]
    for position, done_at in enumerate([LAID, *passes]):
        Step.objects.create(
            workshop=workshop, project=project, name="Poudrage" if position else "Sablage", position=position,
            rank=position, lays_powder=position > 0, done_at=done_at,
        )  # fmt: skip
    if course == "again":
        for _number in range(random.randint(0, 2)):
            Nonconformity.objects.create(
                workshop=workshop, project=project, part=random.choice([None, *parts]), step_name="Contrôle",
                defect=defect, returned_to="Poudrage", lays_powder=random.random() < 0.8, declared_by_name="Omar",
                declared_at=LAID + timedelta(hours=random.choice([-1, 0, 1])),
            )  # fmt: skip


def _waiting() -> list[Part]:
    parts = parts_of(*Project.objects.all())
    held = find_holding(part.pk for part in parts)
    return [part for part in parts if part.powder_id and part.pk not in held and _is_due(part)]


def _is_due(part: Part) -> bool:
    laying = list(Step.objects.filter(project=part.project, lays_powder=True))
    done = [step.done_at for step in laying if step.done_at]
    if part.project.status not in RUNNING or len(done) == len(laying):
        return False
    rows = Nonconformity.objects.filter(project=part.project, lays_powder=True)
    since = [row.part_id for row in rows if done and row.declared_at >= max(done)]
    return not since or None in since or part.pk in since


def _expected(parts: Iterable[Part]) -> list[tuple[Any, ...]]:
    """The parts put together two by two with the rule, the most urgent group first."""
    groups: list[list[Part]] = []
    for part in parts:
        mine = [group for group in groups if not differences(grouping_of(group[0]), grouping_of(part))]
        assert len(mine) < 2
        if mine:
            mine[0].append(part)
        else:
            groups.append([part])
    return sorted((_figures(group) for group in groups), key=_place)


def _figures(group: list[Part]) -> tuple[Any, ...]:
    same, powder = grouping_of(group[0]), group[0].powder
    projects = {part.project for part in group}
    ready = [
        one for one in projects if one.current_step == "Poudrage" and one.steps.filter(lays_powder=True, done_at=None)
    ]
    surfaces = [((part.surface_m2 or 0) * part.quantity, part.coats) for part in group]
    assert powder
    return (
        same.powder_pk, same.coats, same.primer, same.varnish, same.celsius, same.minutes, same.site_pk,
        len(projects), len(ready), len(group), sum(surface for surface, _coats in surfaces),
        sum(part.surface_m2 is None for part in group),
        min((one.promised_on for one in projects if one.promised_on), default=None),
        kilograms(powder.use, Decimal(sum(surface * coats for surface, coats in surfaces))),
        min(one.pk for one in projects),
    )  # fmt: skip


def _place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    promised_on, parts, same = row[12], row[9], row[:7]
    return (promised_on is None, promised_on, -parts, *((value is None, value) for value in same))


def _told(rows: Iterable[Recommendation]) -> list[tuple[Any, ...]]:
    return [
        (
            row.powder.pk, row.coats, row.primer, row.varnish, row.celsius, row.minutes, row.site.pk, row.projects,
            row.ready, row.parts, row.surface_m2, row.without_surface, row.promised_on, row.kg, row.first_project,
        )
        for row in rows
    ]  # fmt: skip


def told_now(workshop: Workshop) -> list[tuple[Any, ...]]:
    """Every recommendation of the workshop, as its page tells it."""
    return _told(_all_pages(workshop))


def _all_pages(workshop: Workshop) -> list[Recommendation]:
    page = recommended(workshop)
    rows: list[Recommendation] = list(page.rows)
    while page.next_cursor:
        page = recommended(workshop, cursor=page.next_cursor)
        rows += page.rows
    return rows
