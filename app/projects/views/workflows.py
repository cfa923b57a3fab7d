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

from ..forms import WorkflowForm, steps_text
from ..models import Workflow
from ..selectors import list_workflow_steps, list_workflows
from ..services.workflows import StepData, archive_workflow, default_workflow, save_workflow
from .found import workflow_or_404


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
    held = [StepData(step.name, tuple(step.checklist)) for step in list_workflow_steps(workflow)] if workflow else []
    form = WorkflowForm(request.POST or None, instance=workflow, initial={"steps": steps_text(held)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            save_workflow(
                workshop=request.workshop,
                actor=request.actor,
                workflow=workflow and workflow_or_404(workflow.pk),
                **data,
            )
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Workflow saved; it applies to new projects."))
            return redirect(workshop_url(request.workshop, "projects:workflow_list"))
    context = {"form": form, "workflow": workflow}
    return render(request, "projects/workflow_edit.html", context, status=422 if form.errors else 200)
