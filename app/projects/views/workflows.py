"""The workflows of a workshop."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms_workflow import RouteForm, WorkflowForm, WorkflowStepForm, blank_row, held_rows, posted_rows, steps_of
from ..models import Workflow
from ..selectors import list_workflows
from ..services.routing import plan_route, reroute_project
from ..services.workflows import add_rework, archive_workflow, default_workflow, save_workflow
from .found import project_or_404, workflow_or_404


@workshop_page(Permission.SETTINGS_EDIT)
def workflow_list(request: WorkshopRequest) -> HttpResponse:
    default_workflow(workshop=request.workshop)
    return render(request, "projects/workflow_list.html", {"workflows": list_workflows()})


@workshop_page(Permission.SETTINGS_EDIT)
def workflow_create(request: WorkshopRequest) -> HttpResponse:
    return _edit(request, None)


@workshop_page(Permission.SETTINGS_EDIT)
def workflow_edit(request: WorkshopRequest, workflow_pk: int) -> HttpResponse:
    return _edit(request, workflow_or_404(workflow_pk))


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def workflow_add_rework(request: WorkshopRequest, workflow_pk: int) -> HttpResponse:
    workflow = workflow_or_404(workflow_pk)
    try:
        add_rework(workshop=request.workshop, actor=request.actor, workflow=workflow)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The rework step is there; it applies to new projects."))
    return redirect(workshop_url(request.workshop, "projects:workflow_edit", workflow_pk=workflow.pk))


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def workflow_archive(request: WorkshopRequest, workflow_pk: int) -> HttpResponse:
    workflow = workflow_or_404(workflow_pk)
    try:
        archive_workflow(workshop=request.workshop, actor=request.actor, workflow=workflow)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Workflow archived; its projects go on."))
    return redirect(workshop_url(request.workshop, "projects:workflow_list"))


def _edit(request: WorkshopRequest, workflow: Workflow | None) -> HttpResponse:
    form = WorkflowForm(request.POST or None, instance=workflow)
    rows = posted_rows(request.POST) if request.method == "POST" else held_rows(steps_of(workflow))
    if request.method == "POST" and _all_valid(form, rows) and _save(request, form, rows, workflow):
        messages.success(request, _("Workflow saved; it applies to new projects."))
        return redirect(workshop_url(request.workshop, "projects:workflow_list"))
    wrong = any(row.errors for row in rows)
    lacks_rework = request.method == "GET" and bool(workflow) and not any(row.initial["is_rework"] for row in rows)
    context = {"form": form, "rows": rows, "wrong": wrong, "blank": blank_row(), "workflow": workflow,
               "lacks_rework": lacks_rework}  # fmt: skip
    return render(request, "projects/workflow_edit.html", context, status=422 if request.method == "POST" else 200)


def _all_valid(form: WorkflowForm, rows: list[WorkflowStepForm]) -> bool:
    """Whether everything typed can be read; every row is looked at, so that each shows its error."""
    return all([form.is_valid(), *(row.is_valid() for row in rows)])


def _save(
    request: WorkshopRequest, form: WorkflowForm, rows: list[WorkflowStepForm], workflow: Workflow | None
) -> bool:
    try:
        save_workflow(
            workshop=request.workshop,
            actor=request.actor,
            workflow=workflow and workflow_or_404(workflow.pk),
            steps=[row.data_of_step() for row in rows],
            **form.cleaned_data,
        )
    except RuleError as error:
        form.add_error(error.field, error.message)
        return False
    return True


@workshop_page(Permission.PROJECTS_MANAGE)
def project_reroute(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    """Choose a workflow, look at what moving would do, do it."""
    project = project_or_404(project_pk)
    asked = request.POST if request.method == "POST" else request.GET
    form = RouteForm(asked) if "gamme" in asked else RouteForm(initial={"gamme": project.workflow_id})
    chosen = form.cleaned_data["gamme"] if form.is_bound and form.is_valid() else None
    if request.method == "POST" and chosen:
        try:
            reroute_project(
                workshop=request.workshop, actor=request.actor, project=project, workflow=chosen,
                seal=request.POST.get("vu", ""),
            )  # fmt: skip
        except RuleError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("The project follows “%(workflow)s” from now on.") % {"workflow": chosen})
            return redirect(workshop_url(request.workshop, "projects:project_detail", project_pk=project.pk))
    route = plan_route(project=project, workflow=chosen) if chosen else None
    context = {"project": project, "form": form, "chosen": chosen, "route": route}
    return render(request, "projects/project_reroute.html", context, status=422 if form.errors else 200)
