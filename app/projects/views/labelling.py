"""Labels: their choices, their file, and where a scanned or typed number leads."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from app.kernel.codes import CodeError
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import LabelForm
from ..selectors import find_latest_labels, find_part_by_code, list_parts
from ..services.labelling import ask_labels
from .found import labels_or_404, project_or_404


@workshop_page(Permission.PROJECTS_UPDATE)
def labels_create(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    project = project_or_404(project_pk)
    form = LabelForm(request.POST or None, project=project, latest=find_latest_labels(), part=request.GET.get("piece"))
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_labels(workshop=request.workshop, actor=request.actor, project=project, **form.choices())
        except RuleError as error:
            form.add_error(None, error.message)
        else:
            return redirect(workshop_url(request.workshop, "projects:labels_detail", print_pk=asked.pk))
    context = {"project": project, "form": form, "parts": list_parts(project)}
    return render(request, "projects/labels_create.html", context, status=422 if form.errors else 200)


@require_safe
@workshop_page(Permission.PROJECTS_READ)
def labels_detail(request: WorkshopRequest, print_pk: int) -> HttpResponse:
    """The page of labels; asked by htmx, its state alone."""
    template = "projects/labels_state.html" if request.headers.get("HX-Request") else "projects/labels_detail.html"
    return render(request, template, {"asked": labels_or_404(print_pk)})


@require_safe
@workshop_page(Permission.PROJECTS_READ)
def part_find(request: WorkshopRequest, code: str) -> HttpResponse:
    """The project of the part that bears a number; the same answer for another workshop's and for none."""
    try:
        part = find_part_by_code(code)
    except CodeError as error:
        return _unknown(request, code, mistyped=error.reason == "check")
    if part is None:
        return _unknown(request, code)
    page = workshop_url(request.workshop, "projects:project_detail", project_pk=part.project_id)
    return redirect(f"{page}#piece-{part.code}")


def _unknown(request: WorkshopRequest, code: str, *, mistyped: bool = False) -> HttpResponse:
    context = {"code": code, "mistyped": mistyped}
    return render(request, "projects/part_unknown.html", context, status=HTTPStatus.NOT_FOUND)
