"""The board by step and the calendar of promises."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..planning_selectors import build_board, build_month
from ..services.working import validate_step
from .found import project_or_404, step_or_404


@require_safe
@workshop_page(Permission.PROJECTS_READ)
def project_board(request: WorkshopRequest) -> HttpResponse:
    return render(request, "projects/project_board.html", {"columns": build_board()})


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def board_advance(request: WorkshopRequest, project_pk: int, step_pk: int) -> HttpResponse:
    """Validate a step from the board, by its button or by moving the card to the next column."""
    project = project_or_404(project_pk)
    step = step_or_404(project, step_pk)
    try:
        validate_step(workshop=request.workshop, actor=request.actor, step=step)
    except RuleError as error:
        messages.error(request, f"{project} : {error.message}")
    else:
        messages.success(request, _("%(project)s: “%(step)s” is done.") % {"project": project, "step": step})
    return redirect(workshop_url(request.workshop, "projects:project_board"))


@require_safe
@workshop_page(Permission.PROJECTS_READ)
def project_calendar(request: WorkshopRequest) -> HttpResponse:
    first = _month(request.GET.get("mois", ""))
    context = {
        "first": first,
        "weeks": build_month(first),
        "today": timezone.localdate(),
        "previous": (first - timedelta(days=1)).replace(day=1),
        "following": (first + timedelta(days=31)).replace(day=1),
    }
    return render(request, "projects/project_calendar.html", context)


def _month(text: str) -> date:
    """The first day of a month written `2026-11`; this month's for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = timezone.localdate().replace(day=1)
    # A month before and after are shown as links: the calendar of dates ends somewhere.
    return first if 1900 < first.year < 9000 else timezone.localdate().replace(day=1)
