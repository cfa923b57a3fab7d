"""Projects seen at a glance: by step on a board, by promised date on a calendar."""

from calendar import MONDAY, Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Case, CharField, Count, F, OrderBy, OuterRef, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import RowNumber

from .constants import RUNNING, ProjectStatus
from .models import Project, Step
from .selectors import list_step_names

PER_COLUMN = 30
PER_DAY = 4
#: What stands on the calendar: all that was promised but what was given up.
PROMISED = (*RUNNING, ProjectStatus.READY, ProjectStatus.DELIVERED)


@dataclass(frozen=True)
class Card:
    """A project on the board and the step that it waits for; None once it is ready."""

    project: Project
    step: Step | None

    @property
    def can_advance(self) -> bool:
        """Whether one gesture validates the step: nothing must be checked or photographed first."""
        return self.step is not None and not self.step.checklist and not self.step.needs_photo


@dataclass(frozen=True)
class Column:
    """A step with the most urgent of its projects, and how many it has; the last column has no name: ready."""

    name: str
    cards: Sequence[Card]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.cards)


@dataclass(frozen=True)
class Day:
    """A day of the calendar with its most urgent projects, and how many it has."""

    day: date
    in_month: bool
    projects: Sequence[Project]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.projects)


def build_board() -> list[Column]:
    """The steps of the workflows in use, in order, then any other that a project stands at, then what is ready."""
    step = Case(When(status=ProjectStatus.READY, then=Value("")), default=F("current_step"), output_field=CharField())
    running = Project.objects.filter(status__in=(*RUNNING, ProjectStatus.READY)).annotate(column=step)
    shown = list(_most_urgent(running, "column", PER_COLUMN))
    waiting = _waiting_steps(shown)
    held = {
        name: Column(name, [Card(project, waiting.get(project.pk)) for project in projects], projects[0].size)
        for name, projects in _grouped(shown, "column").items()
    }
    names = [*list_step_names(), *sorted(name for name in held if name)]
    return [held.get(name, Column(name, [], 0)) for name in [*dict.fromkeys(names), ""]]


def build_month(first: date) -> list[list[Day]]:
    """The weeks of a month, from Monday to Sunday, with what is promised on each of their days."""
    weeks = Calendar(MONDAY).monthdatescalendar(first.year, first.month)
    span = (weeks[0][0], weeks[-1][-1])
    promised = Project.objects.filter(status__in=PROMISED, promised_on__range=span)
    held = _grouped(list(_most_urgent(promised, "promised_on", PER_DAY)), "promised_on")
    return [[_day(day, first, held.get(day, [])) for day in week] for week in weeks]


def _day(day: date, first: date, projects: list[Any]) -> Day:
    return Day(day, day.month == first.month, projects, projects[0].size if projects else 0)


def _most_urgent(projects: "QuerySet[Project]", group: str, most: int) -> "QuerySet[Any]":
    """The first rows of each group with the size of the group, in one query."""
    urgency: list[OrderBy] = [F("promised_on").asc(nulls_last=True), F("priority").desc(), F("pk").asc()]
    ranked = projects.select_related("customer").annotate(
        place=Window(RowNumber(), partition_by=F(group), order_by=urgency),
        size=Window(Count("pk"), partition_by=F(group)),
    )
    return ranked.filter(place__lte=most).order_by(group, "place")


def _grouped(projects: list[Any], group: str) -> dict[Any, list[Any]]:
    """The rows by group; each has the annotations `place` and `size` (how many its group has)."""
    return {name: list(rows) for name, rows in groupby(projects, key=lambda project: getattr(project, group))}


def _waiting_steps(projects: list[Project]) -> dict[int, Step]:
    """The first step not done of each project, with the name of the one after it (`following`)."""
    after = Step.objects.filter(project=OuterRef("project"), position__gt=OuterRef("position"), done_at=None)
    steps = Step.objects.filter(project__in=[project.pk for project in projects], done_at=None)
    first = steps.order_by("project_id", "position").distinct("project_id")
    named = first.annotate(following=Subquery(after.order_by("position").values("name")[:1]))
    return {step.project_id: step for step in named}
