"""The list and the page of a project."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render

from app.audit.selectors import list_history
from app.crm.selectors import KEY_LONGEST
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import Priority, ProjectStatus
from ..forms import HandoverForm, ReasonForm, ResendForm, StepForm
from ..models import Project, Step
from ..passes import latest_steps, tell_course
from ..selectors import (
    find_project_of,
    list_nonconformities,
    list_parts,
    list_powder_choices,
    list_step_names,
    list_steps,
    page_of_projects,
)
from .found import project_or_404, quote_or_404
from .photos import panel_context

ASKED = ("q", "statut", "etape", "priorite", "poudre", "client", "retard", "promis")
PRIORITIES = frozenset(str(priority) for priority in Priority.values)


@workshop_page(Permission.PROJECTS_READ)
def project_list(request: WorkshopRequest) -> HttpResponse:
    asked = {key: request.GET.get(key, "") for key in ASKED}
    page = page_of_projects(
        search=asked["q"],
        cursor=request.GET.get("apres"),
        status=asked["statut"] if asked["statut"] in ProjectStatus.values else "",
        step=asked["etape"],
        priority=asked["priorite"] if asked["priorite"] in PRIORITIES else "",
        powder_pk=_key(asked["poudre"]),
        customer_pk=_key(asked["client"]),
        late=bool(asked["retard"]),
        promised=_day(asked["promis"]),
    )
    context = {
        "page": page,
        "asked": asked,
        "filtered": any(asked.values()),
        "statuses": ProjectStatus.choices,
        "priorities": Priority.choices,
        "step_names": list_step_names(),
        "powders": list_powder_choices(),
    }
    return render(request, "projects/project_list.html", context)


def _key(text: str) -> int | None:
    """The key that an address names; None for what cannot be one."""
    return int(text) if text.isdecimal() and len(text) < KEY_LONGEST else None


def _day(text: str) -> date | None:
    """The day written `2026-11-21`; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@workshop_page(Permission.PROJECTS_READ)
def project_detail(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    return show_project(request, project_or_404(project_pk))


def show_project(
    request: WorkshopRequest,
    project: Project,
    *,
    reason: ReasonForm | None = None,
    handover: HandoverForm | None = None,
    validation: StepForm | None = None,
    undoing: tuple[Step, ReasonForm] | None = None,
) -> HttpResponse:
    """The page of a project; with what is wrong in one of its forms, beside its fields, its dialog open."""
    steps, parts = list_steps(project), list_parts(project)
    nonconformities = list_nonconformities(project)
    waiting = next((step for step in steps if not step.is_done), None)
    done = [step for step in steps if step.is_done]
    course = latest_steps(steps)
    latest = done[-1] if done else None
    # The dialog of a refused one stays that of its step, even when another has become the latest.
    undone, undo_form = undoing or (latest, ReasonForm())
    undo_form.auto_id = "undo_%s"  # the reason of a cancellation is on the page too
    context = {
        "project": project,
        "parts": parts,
        "course": course,
        "done": sum(step.is_done for step in course),
        "events": tell_course(steps, nonconformities),
        "nonconformities": nonconformities,
        "waiting": waiting if project.is_running else None,
        "latest": latest,
        "step_form": validation or (StepForm(step=waiting) if waiting else None),
        "reason_form": reason or ReasonForm(),
        "undone": undone,
        "undo_form": undo_form,
        "resend_form": ResendForm(auto_id=False),
        "handover_form": handover or HandoverForm(),
        "history": list_history(project),
        **panel_context(request, project, parts=parts, steps=steps),
    }
    refused = reason or handover or validation or undoing
    return render(request, "projects/project_detail.html", context, status=422 if refused else 200)


@workshop_page(Permission.PROJECTS_READ)
def project_of_quote(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    """A fragment of the quote's page: the project it became, or the button that makes it."""
    context = {"project": find_project_of(quote_or_404(quote_pk).pk), "quote_pk": quote_pk}
    return render(request, "projects/project_of_quote.html", context)
