"""What is done with a project: one button, one service."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.audit.editing import ChangedMeanwhileError, seen_of
from app.crm.selectors import find_customer
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import Handover, PhotoMoment
from ..forms import HandoverForm, NewProjectForm, PartForm, ProjectForm, ReasonForm, ResendForm, StepForm
from ..models import Project, Step
from ..selectors import list_steps
from ..services.amending import EDITED
from ..services.course import find_gone_step
from ..services.finishing import cancel_project, deliver_project, resend_ready
from ..services.photos import add_photo
from ..services.starting import open_project, start_project
from ..services.working import edit_project, record_part, undo_step, validate_step
from .found import part_or_404, project_or_404, quote_or_404, step_or_404
from .reading import show_project


@workshop_page(Permission.PROJECTS_MANAGE)
def project_create(request: WorkshopRequest) -> HttpResponse:
    form = NewProjectForm(request.POST or None, instance=Project(workshop=request.workshop))
    if request.method == "POST" and form.is_valid():
        try:
            project = open_project(
                workshop=request.workshop,
                actor=request.actor,
                project=form.instance,
                parts=[form.part()],
                workflow=form.cleaned_data["workflow"],
            )
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Project opened."))
            return _to(request, project)
    context = {"form": form, "customer": find_customer(str(form["customer"].value() or ""))}
    return render(request, "projects/project_create.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.PROJECTS_MANAGE)
def project_start(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    """Turn an accepted quote into its project; the project that exists, when it was done already."""
    try:
        project = start_project(workshop=request.workshop, actor=request.actor, quote=quote_or_404(quote_pk))
    except RuleError as error:
        messages.error(request, error.message)
        return redirect(workshop_url(request.workshop, "quotes:quote_detail", quote_pk=quote_pk))
    return _to(request, project)


@workshop_page(Permission.PROJECTS_MANAGE)
def project_edit(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    project = project_or_404(project_pk)
    form = ProjectForm(request.POST or None, instance=project)
    seen = request.POST.get("seen") if request.method == "POST" else seen_of(project, EDITED)
    if request.method == "POST" and form.is_valid():
        try:
            edit_project(
                workshop=request.workshop, actor=request.actor, project=project, seen=seen, **form.cleaned_data
            )
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            seen = error.seen if isinstance(error, ChangedMeanwhileError) else seen
        else:
            messages.success(request, _("Project saved."))
            return _to(request, project)
    context = {"form": form, "project": project, "seen": seen}
    return render(request, "projects/project_edit.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.PROJECTS_UPDATE)
def part_edit(request: WorkshopRequest, project_pk: int, part_pk: int) -> HttpResponse:
    project = project_or_404(project_pk)
    part = part_or_404(project, part_pk)
    form = PartForm(request.POST or None, instance=part)
    valid = request.method == "POST" and form.is_valid()
    if valid and _done(request, form, record_part, part=part, **form.cleaned_data):
        messages.success(request, _("Recorded."))
        return _to(request, project)
    context = {"form": form, "project": project, "part": part}
    return render(request, "projects/part_edit.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def step_validate(request: WorkshopRequest, project_pk: int, step_pk: int) -> HttpResponse:
    project = project_or_404(project_pk)
    try:
        step = step_or_404(project, step_pk)
    except Http404:
        return _gone(request, project, step_pk)
    form = StepForm(request.POST, request.FILES, step=step)
    if form.is_valid() and _photos_added(request, project, step, form.cleaned_data["photos"]):
        said = {"comment": form.cleaned_data["comment"], "answers": form.answers(), "remarks": form.remarks()}
        if _done(request, form, validate_step, step=step, **said):
            messages.success(request, _("Step validated."))
            return _to(request, project)
    if _is_waiting(project, step):
        return show_project(request, project, validation=form)
    messages.error(request, _refusal(form))
    return _to(request, project)


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def step_undo(request: WorkshopRequest, project_pk: int, step_pk: int) -> HttpResponse:
    project = project_or_404(project_pk)
    step, form = step_or_404(project, step_pk), ReasonForm(request.POST)
    if form.is_valid() and _done(request, form, undo_step, step=step, reason=form.cleaned_data["reason"]):
        messages.success(request, _("Step taken back."))
        return _to(request, project)
    return show_project(request, project, undoing=(step, form))


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def ready_resend(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    project, form = project_or_404(project_pk), ResendForm(request.POST)
    key = form.cleaned_data["key"] if form.is_valid() else None
    return _act(request, project, resend_ready, _("The customer is told again."), project=project, key=key)


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def project_deliver(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    project = project_or_404(project_pk)
    form = HandoverForm(request.POST)
    if not form.is_valid():
        return show_project(request, project, handover=form)
    handover = Handover(form.cleaned_data["handover"])
    return _act(request, project, deliver_project, _("Project closed: delivered."), project=project, handover=handover)


@require_POST
@workshop_page(Permission.PROJECTS_MANAGE)
def project_cancel(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    project = project_or_404(project_pk)
    form = ReasonForm(request.POST)
    if form.is_valid() and _done(request, form, cancel_project, project=project, reason=form.cleaned_data["reason"]):
        messages.success(request, _("Project cancelled."))
        return _to(request, project)
    return show_project(request, project, reason=form)


def _gone(request: WorkshopRequest, project: Project, step_pk: int) -> HttpResponse:
    """Say who took the step away; the page that says there is none, when the project never had it."""
    refusal = find_gone_step(project, step_pk)
    if refusal is None:
        raise Http404
    messages.error(request, refusal.message)
    return _to(request, project)


def _is_waiting(project: Project, step: Step) -> bool:
    """Whether the page of the project shows this step's form; a tab left open may send one that had its turn."""
    first = next((held for held in list_steps(project) if not held.is_done), None)
    return project.is_running and first is not None and first.pk == step.pk


def _refusal(form: StepForm) -> str:
    """All that is refused, each reason once."""
    return " ".join(dict.fromkeys(str(error) for errors in form.errors.values() for error in errors))


def _photos_added(request: WorkshopRequest, project: Project, step: Step, files: Iterable[UploadedFile]) -> bool:
    """Keep the photos sent with a step; one that cannot be taken is said, and the others stay."""
    taken = True
    for file in files:
        try:
            add_photo(
                workshop=request.workshop, actor=request.actor, project=project, step=step, content=file.read(),
                name=file.name or "", moment=PhotoMoment.STEP,
            )  # fmt: skip
        except RuleError as error:
            messages.error(request, error.message)
            taken = False
    return taken


def _done(request: WorkshopRequest, form: BaseForm, service: Callable[..., Any], **arguments: Any) -> bool:
    """Call the service; its refusal goes beside the field."""
    try:
        service(workshop=request.workshop, actor=request.actor, **arguments)
    except RuleError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


def _act(
    request: WorkshopRequest, shown: Project, service: Callable[..., Any], done: str, /, **arguments: Any
) -> HttpResponse:
    """Call the service and show its result, or its refusal, on the project's page."""
    try:
        service(workshop=request.workshop, actor=request.actor, **arguments)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return _to(request, shown)


def _to(request: WorkshopRequest, project: Project) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "projects:project_detail", project_pk=project.pk))
