"""Reads of projects; every queryset wants a workshop's scope."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import get_language

from app.crm.selectors import CUSTOMER_NAME
from app.kernel.codes import CodeError, read_code
from app.kernel.pagination import Narrowed, Page, keyset_page
from app.powders.models import Powder, powder_name
from app.search.selectors import first_found, matching
from app.tenancy.questions import the_one, written_once
from app.tenancy.scope import current_workshop_id, platform_scope
from app.tenancy.written import workshop_rows

from .constants import RUNNING, ProjectStatus, TermKind
from .models import LabelPrint, Nonconformity, Part, Project, QualityTerm, Step, Workflow, WorkflowStep
from .remembering import WorkState, remembered_names

SEARCH_KIND = "project"
QUEUE_SIZE = 10
LATE = "late"
#: What a list of projects shows.
SHOWN = ("number", "title", "promised_on", "priority", "status", "current_step", "batch_number", "created_at",
         *CUSTOMER_NAME)  # fmt: skip


def list_projects(
    *,
    search: str = "",
    status: str = "",
    step: str = "",
    priority: str = "",
    powder_pk: int | None = None,
    customer_pk: int | None = None,
    late: bool = False,
    promised: date | None = None,
) -> "QuerySet[Project]":
    """Projects with their customer, the newest first, filtered."""
    projects = Project.objects.select_related("customer").order_by("-created_at", "-pk")
    found = matching(SEARCH_KIND, search)
    if found is not None:
        projects = projects.filter(found)
    exact = {"status": status, "current_step": step, "priority": priority, "customer_id": customer_pk,
             "promised_on": promised}  # fmt: skip
    projects = projects.filter(**{name: value for name, value in exact.items() if value})
    if powder_pk:
        values = [current_workshop_id(), powder_pk]
        projects = projects.filter(RawSQL(_HAS_POWDER, values, output_field=BooleanField()))  # noqa: S611  values apart
    return projects.filter(status__in=RUNNING, promised_on__lt=timezone.localdate()) if late else projects


#: Whether a part of a project takes a powder. Written once, as what each page of a filter asks.
_HAS_POWDER = f"""
EXISTS (
    SELECT 1 FROM {Part._meta.db_table} AS part
    WHERE part.workshop_id = %s AND part.project_id = {Project._meta.db_table}.id AND part.powder_id = %s
)
"""


#: The first projects of a powder in the order of the list, from the index of their parts alone.
_FIRST_OF_POWDER = f"""
{Project._meta.db_table}.id = ANY (ARRAY (
    SELECT project_id FROM (
        SELECT DISTINCT part.project_created_at, part.project_id FROM {Part._meta.db_table} AS part
        WHERE part.workshop_id = %s AND part.powder_id = %s {{beyond}}
        ORDER BY part.project_created_at {{way}}, part.project_id {{way}} LIMIT %s
    ) AS first
))
"""


def page_of_projects(
    *, search: str = "", powder_pk: int | None = None, cursor: str | None = None, **filters: Any
) -> Page[Project]:
    """A page of the same projects, with what a list shows of each; a search or a powder alone reads no project that it
    does not show."""
    narrowed: Narrowed | None = None
    if not any(filters.values()):
        if search and not powder_pk:
            narrowed, search = first_found(SEARCH_KIND, search), ""
        elif powder_pk and not search:
            narrowed, powder_pk = partial(_first_of_powder, powder_pk), None
    projects = list_projects(search=search, powder_pk=powder_pk, **filters)
    return keyset_page(projects.only(*SHOWN), keys=("-created_at", "-id"), cursor=cursor, narrowed=narrowed)


def _first_of_powder(powder_pk: int, beyond: Sequence[Any] | None, descending: bool, size: int) -> RawSQL:
    values, place = [current_workshop_id(), powder_pk], ""
    if beyond is not None:
        place = f"AND (part.project_created_at, part.project_id) {'<' if descending else '>'} (%s::timestamptz, %s)"
        values += beyond
    sql = _FIRST_OF_POWDER.format(beyond=place, way="DESC" if descending else "ASC")
    return RawSQL(sql, [*values, size], output_field=BooleanField())  # noqa: S611  values apart


def get_project(project_pk: int) -> Project:
    """One project with its customer and quote; Project.DoesNotExist when it is not in this workshop."""
    return the_one(Project, _project(project_pk))


@written_once
def _project(project_pk: int) -> "QuerySet[Project]":
    return Project.objects.select_related("customer", "quote", "workflow").filter(pk=project_pk)


def list_parts(project: Project) -> list[Part]:
    """The parts of a project, in order, with their powder."""
    return _parts(project.pk)


@written_once
def _parts(project_pk: int) -> "QuerySet[Part]":
    return Part.objects.filter(project_id=project_pk).select_related("powder").order_by("position", "pk")


def list_steps(project: Project) -> list[Step]:
    """The steps of a project, in order."""
    return workshop_rows(Step, "AND project_id = %s ORDER BY position", [project.pk])


def get_step(project: Project, step_pk: int) -> Step:
    """One step of a project; Step.DoesNotExist for another project's."""
    return Step.objects.get(project=project, pk=step_pk)


def get_part(project: Project, part_pk: int) -> Part:
    """One part of a project; Part.DoesNotExist for another project's."""
    return Part.objects.select_related("powder").get(project=project, pk=part_pk)


def find_part_by_code(text: str) -> Part | None:
    """The part of this workshop that bears a number, with its project, or None; CodeError for what is no number."""
    return Part.objects.select_related("project", "powder").filter(code=read_code(text)).first()


def list_parts_by_code(text: str) -> "QuerySet[Part]":
    """What a search finds by a part's number: that part, or nothing."""
    parts = Part.objects.select_related("project", "project__customer")
    try:
        return parts.filter(code=read_code(text))
    except CodeError:
        return parts.none()


def list_nonconformities(project: Project) -> list[Nonconformity]:
    """The non-conformities of a project in the order in which they were found, with their words."""
    return _nonconformities(project.pk)


@written_once
def _nonconformities(project_pk: int) -> "QuerySet[Nonconformity]":
    return Nonconformity.objects.filter(project_id=project_pk).select_related("defect", "cause", "part")


def get_nonconformity(project: Project, nonconformity_pk: int) -> Nonconformity:
    """One non-conformity of a project; Nonconformity.DoesNotExist for another project's."""
    rows = Nonconformity.objects.select_related("defect", "cause", "part")
    return rows.get(project=project, pk=nonconformity_pk)


def list_terms(kind: TermKind) -> "QuerySet[QualityTerm]":
    """The workshop's words for defects or causes that are in use, in order."""
    return QualityTerm.objects.filter(kind=kind, archived_at=None)


def get_term(term_pk: int) -> QualityTerm:
    """A word in use; QualityTerm.DoesNotExist when it is not in this workshop, or was put away."""
    return QualityTerm.objects.get(pk=term_pk, archived_at=None)


def is_number_taken(number: str) -> bool:
    """Whether a project of the workshop in scope bears this number."""
    return Project.objects.filter(number=number).exists()


def find_project_of(quote_pk: int) -> Project | None:
    """The project born of a quote, or None."""
    return Project.objects.filter(quote_id=quote_pk).first()


def list_workflows() -> "QuerySet[Workflow]":
    """The workflows in use, the default one first, with how many steps they have."""
    return (
        Workflow.objects.filter(archived_at=None)
        .annotate(step_count=Count("steps"))
        .order_by("-is_default", "name", "pk")
    )


def get_workflow(workflow_pk: int) -> Workflow:
    """One workflow; Workflow.DoesNotExist when it is not in this workshop."""
    return Workflow.objects.get(pk=workflow_pk)


def list_workflow_steps(workflow: Workflow) -> list[WorkflowStep]:
    """The steps of a workflow, in order."""
    return list(WorkflowStep.objects.filter(workflow=workflow).order_by("position"))


def list_step_names() -> list[str]:
    """The steps at which a project may stand, for a filter."""
    with connection.cursor() as cursor:
        cursor.execute(_STEP_NAMES, {"workshop": current_workshop_id()})
        return list(dict.fromkeys(name for [name] in cursor.fetchall()))


#: Each page of the projects asks it: written once.
_STEP_NAMES = f"""
SELECT step.name FROM {WorkflowStep._meta.db_table} AS step JOIN {Workflow._meta.db_table} AS workflow
    ON workflow.workshop_id = %(workshop)s AND workflow.id = step.workflow_id AND workflow.archived_at IS NULL
WHERE step.workshop_id = %(workshop)s ORDER BY step.position
"""


def list_powder_choices(state: WorkState | None = None) -> tuple[tuple[int, str], ...]:
    """The powders that a project names, by key and name, for a filter: a page shows hundreds, and needs no more.

    They come as one text, so that the same ones are read, named and drawn once; the ORM would take longer to write the
    question than PostgreSQL to answer it.
    """
    return _named(remembered_names(_read_named, _keys, state), get_language())


def _read_named() -> str:
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_POWDERS, {"workshop": current_workshop_id()})
        [[rows]] = cursor.fetchall()
    return rows or "[]"


#: One part is looked up for each powder; as EXISTS, the planner may read every part ever powdered instead. In the order
#: of their index: in any order, it may go through all parts of the workshop until one has that powder.
_NAMED_POWDERS = f"""
SELECT json_agg(json_build_array(id, reference, type, finish) ORDER BY reference, id)::text
FROM {Powder._meta.db_table} AS powder WHERE workshop_id = %(workshop)s AND (
    SELECT true FROM {Part._meta.db_table} WHERE workshop_id = %(workshop)s AND powder_id = powder.id
    ORDER BY project_created_at DESC, project_id DESC LIMIT 1
)
"""


@lru_cache(maxsize=256)
def _keys(rows: str) -> frozenset[int]:
    return frozenset(pk for pk, *_name in json.loads(rows))


@lru_cache(maxsize=256)
def _named(rows: str, _language: str | None) -> tuple[tuple[int, str], ...]:
    return tuple((pk, powder_name(reference, type, finish)) for pk, reference, type, finish in json.loads(rows))


def list_promised(first: date, last: date) -> "QuerySet[Project]":
    """The running projects promised between two days, both included, the most urgent first."""
    running = Project.objects.select_related("customer").filter(status__in=RUNNING)
    return running.filter(promised_on__range=(first, last)).order_by("promised_on", "-priority", "pk")


def list_late(today: date) -> "QuerySet[Project]":
    """The running projects whose promise has passed, the oldest promise first."""
    running = Project.objects.select_related("customer").filter(status__in=RUNNING)
    return running.filter(promised_on__lt=today).order_by("promised_on", "-priority", "pk")


def list_workshops_with_late(today: date) -> list[int]:
    """The keys of the workshops where a project is late."""
    with platform_scope():
        late = Project.objects.filter(status__in=RUNNING, promised_on__lt=today)
        return list(late.order_by("workshop_id").values_list("workshop_id", flat=True).distinct())


@written_once
def list_queue() -> "QuerySet[Project]":
    """What the workshop should look at first: late, then promised soonest, then without a promise."""
    running = Project.objects.select_related("customer").filter(status__in=RUNNING)
    return running.order_by(F("promised_on").asc(nulls_last=True), "-priority", "pk").only(*SHOWN)[:QUEUE_SIZE]


def count_running(today: date) -> dict[str, int]:
    """How many projects run, are late, are promised within seven days, are ready to collect."""
    running = Q(status__in=RUNNING)
    return Project.objects.filter(running | Q(status=ProjectStatus.READY)).aggregate(
        running=Count("pk", filter=running),
        late=Count("pk", filter=running & Q(promised_on__lt=today)),
        week=Count("pk", filter=running & Q(promised_on__range=(today, today + timedelta(days=6)))),
        ready=Count("pk", filter=Q(status=ProjectStatus.READY)),
    )


def list_lost_reports(older_than: timedelta) -> list[tuple[int, int]]:
    """Workshop and project whose report was asked for some time ago and never made: the task was lost."""
    with platform_scope():
        lost = Project.objects.filter(report_file_id=None, report_asked_at__lt=timezone.now() - older_than)
        return list(lost.values_list("workshop_id", "pk"))


def find_latest_labels() -> LabelPrint | None:
    """The labels that this workshop printed last, or None: their choices are proposed again."""
    return LabelPrint.objects.order_by("-created_at", "-pk").first()


def get_labels(print_pk: int) -> LabelPrint:
    """Labels that were asked for, with their project; LabelPrint.DoesNotExist when not in this workshop."""
    return LabelPrint.objects.select_related("project").get(pk=print_pk)


def list_lost_labels(older_than: timedelta) -> list[tuple[int, int]]:
    """Workshop and print whose file was asked for some time ago and never made."""
    with platform_scope():
        lost = LabelPrint.objects.filter(made_at=None, created_at__lt=timezone.now() - older_than)
        return list(lost.values_list("workshop_id", "pk"))


def list_for_customer(customer_pk: int) -> "QuerySet[Project]":
    """A customer's projects, the newest first, without those that were cancelled."""
    projects = Project.objects.filter(customer_id=customer_pk).exclude(status=ProjectStatus.CANCELLED)
    return projects.order_by("-created_at", "-pk")
