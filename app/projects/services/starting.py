"""Opening a project: from a quote that its customer signs, or by hand."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.documents.models import Signature
from app.entitlements.constants import Dimension
from app.entitlements.services import consume, count
from app.kernel.codes import code_of
from app.kernel.errors import RuleError
from app.numbering.services import next_number, take_ranks
from app.quotes.constants import QuoteStatus
from app.quotes.locks import lock_quote
from app.quotes.models import Quote
from app.quotes.selectors import list_lines
from app.quotes.services.answering import accept_quote
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.workshops.services.sites import main_site

from ..constants import PART_SERIES, PROJECT_SERIES
from ..models import Part, Project, Workflow
from ..selectors import find_project_of, is_number_taken, list_workflow_steps
from ..sizes import size_of_line
from .course import copy_course
from .indexing import index_project
from .workflows import default_workflow


def start_signed_project(
    *, workshop: Workshop, actor: Actor, quote: Quote, signature: Signature, early_start: bool = False
) -> Project:
    """Accept a quote with its signature and turn it into a project, in one transaction; RuleError if it cannot be."""
    with transaction.atomic():
        accepted = accept_quote(
            workshop=workshop, actor=actor, quote=quote, signature=signature, early_start=early_start
        )
        return start_project(workshop=workshop, actor=actor, quote=accepted)


def start_project(*, workshop: Workshop, actor: Actor, quote: Quote) -> Project:
    """The project of an accepted quote: made once, however often it is asked for. RuleError before acceptance."""
    with transaction.atomic():
        held = lock_quote(quote.pk)
        if held.status != QuoteStatus.ACCEPTED:
            raise RuleError(_("Only an accepted quote becomes a project."))
        existing = find_project_of(held.pk)
        if existing:
            return existing
        project = Project(
            workshop=workshop, customer=held.customer, quote=held, title=held.title, note=held.note,
            dropped_on=None, created_by_id=actor.user_id,
        )  # fmt: skip
        parts = [
            Part(
                designation=line.designation, quantity=line.quantity, surface_m2=line.surface_m2, powder=line.powder,
                coats=line.coats, primer=line.primer, varnish=line.varnish, curing_celsius=line.curing_celsius,
                curing_minutes=line.curing_minutes, **size_of_line(line),
            )
            for line in list_lines(held)
            if line.is_job
        ]  # fmt: skip
        count(workshop=workshop, dimension=Dimension.PROJECTS, actor=actor)  # what a customer has signed is not refused
        return _open(workshop, actor, project, parts, {"quote": held.number})


def open_project(
    *,
    workshop: Workshop,
    actor: Actor,
    project: Project,
    parts: Sequence[Part],
    workflow: Workflow | None = None,
) -> Project:
    """A project without a quote; RuleError without a part, promised before it is dropped off, or at the quota."""
    if not parts:
        raise RuleError(_("Add at least one part."))
    require_dates(project.dropped_on, project.promised_on)
    with transaction.atomic():
        consume(workshop=workshop, dimension=Dimension.PROJECTS, actor=actor)
        project.workshop, project.created_by_id = workshop, actor.user_id
        return _open(workshop, actor, project, parts, {}, workflow)


def require_dates(dropped_on: date | None, promised_on: date | None) -> None:
    """RuleError when the promise is older than the drop-off."""
    if dropped_on and promised_on and promised_on < dropped_on:
        raise RuleError(_("The promised date is before the drop-off date."), field="promised_on")


def _open(
    workshop: Workshop,
    actor: Actor,
    project: Project,
    parts: Sequence[Part],
    origin: dict[str, object],
    workflow: Workflow | None = None,
) -> Project:
    if project.site_id is None:
        project.site = main_site(workshop=workshop)
    project.workflow = workflow or default_workflow(workshop=workshop)
    steps = list_workflow_steps(project.workflow)
    project.current_step = next((step.name for step in steps if not step.is_rework), "")
    today = timezone.localdate()
    project.number = next_number(workshop=workshop, series=PROJECT_SERIES, on=today, is_taken=is_number_taken)
    project.save()
    ranks = take_ranks(workshop=workshop, series=PART_SERIES, how_many=len(parts)) if parts else ()
    for position, (part, rank) in enumerate(zip(parts, ranks, strict=True)):
        part.workshop, part.project, part.position, part.code = workshop, project, position, code_of(rank)
        part.save()
    copy_course(workshop, project, steps)
    index_project(project)
    record(workshop=workshop, actor=actor, action="project.opened", subject=project, changes=origin)
    return project
