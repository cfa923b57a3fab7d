"""Non-conformities of a project, and the words that a workshop uses for them."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import TermKind
from ..forms_quality import CompleteForm, DeclareForm, TermForm
from ..models import Nonconformity, Project
from ..passes import latest_steps
from ..photo_pictures import workshop_pictures
from ..photo_selectors import list_photos
from ..selectors import list_parts, list_steps, list_terms
from ..services.quality import add_defect_photo, close_nonconformity, declare_nonconformity, edit_nonconformity
from ..services.terms import archive_term, save_term, supply_terms
from .found import nonconformity_or_404, project_or_404, term_or_404


@workshop_page(Permission.PROJECTS_UPDATE)
def nonconformity_declare(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    """Say what is wrong at the step in progress, or at the last one."""
    project = project_or_404(project_pk)
    supply_terms(workshop=request.workshop)
    steps = list_steps(project)
    at = next((step for step in steps if not step.is_done), steps[-1])
    form = DeclareForm(
        request.POST or None, request.FILES or None, steps=latest_steps(steps), parts=list_parts(project)
    )
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("defect", "part", "comment", "cause", "corrective_action")}
        try:
            noted = declare_nonconformity(
                workshop=request.workshop, actor=request.actor, project=project, step=at, return_to=form.target(),
                **data,
            )  # fmt: skip
        except RuleError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, _("Non-conformity declared; the project goes back to work."))
            _add_photos(request, noted, form.cleaned_data["photos"])
            return _to(request, project)
    context = {"form": form, "project": project, "step": at}
    return render(request, "projects/nonconformity_declare.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.PROJECTS_READ, edit=Permission.PROJECTS_UPDATE)
def nonconformity_detail(request: WorkshopRequest, project_pk: int, nonconformity_pk: int) -> HttpResponse:
    """One non-conformity: what was found, what was done about it, and what is still to complete."""
    project = project_or_404(project_pk)
    held = nonconformity_or_404(project, nonconformity_pk)
    form = CompleteForm(request.POST or None, instance=held, with_cost=request.may(Permission.PRICES_SEE))
    if request.method == "POST" and form.is_valid():
        data = {"cost": held.cost, **form.cleaned_data}
        edit_nonconformity(workshop=request.workshop, actor=request.actor, nonconformity=held, **data)
        messages.success(request, _("Recorded."))
        return redirect(request.path)
    photos = [photo for photo in list_photos(project) if photo.nonconformity_id == held.pk]
    pictures = workshop_pictures(request.workshop, photos)
    context = {"form": form, "project": project, "nonconformity": held, "pictures": pictures}
    return render(request, "projects/nonconformity_detail.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def nonconformity_close(request: WorkshopRequest, project_pk: int, nonconformity_pk: int) -> HttpResponse:
    project = project_or_404(project_pk)
    held = nonconformity_or_404(project, nonconformity_pk)
    try:
        close_nonconformity(workshop=request.workshop, actor=request.actor, nonconformity=held)
    except RuleError as error:
        messages.error(request, error.message)
        page = workshop_url(
            request.workshop, "projects:nonconformity_detail", project_pk=project.pk, nonconformity_pk=held.pk
        )
        return redirect(page)
    messages.success(request, _("Non-conformity closed."))
    return _to(request, project)


@workshop_page(Permission.SETTINGS_EDIT)
def quality_terms(request: WorkshopRequest) -> HttpResponse:
    """The two lists of words; a post adds one."""
    supply_terms(workshop=request.workshop)
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind, name = TermKind(form.cleaned_data["kind"]), form.cleaned_data["name"]
        try:
            save_term(workshop=request.workshop, actor=request.actor, kind=kind, name=name)
        except RuleError as error:
            form.add_error("name", error.message)
        else:
            return redirect(request.path)
    lists = [(kind, list_terms(kind)) for kind in TermKind]
    context = {"lists": lists, "form": form}
    return render(request, "projects/quality_terms.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def quality_term_rename(request: WorkshopRequest, term_pk: int) -> HttpResponse:
    term = term_or_404(term_pk)
    try:
        save_term(
            workshop=request.workshop, actor=request.actor, kind=TermKind(term.kind), term=term,
            name=request.POST.get("name", "")[:60],
        )  # fmt: skip
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Recorded."))
    return redirect(workshop_url(request.workshop, "projects:quality_terms"))


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def quality_term_archive(request: WorkshopRequest, term_pk: int) -> HttpResponse:
    try:
        archive_term(workshop=request.workshop, actor=request.actor, term=term_or_404(term_pk))
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Put away; what uses it keeps it."))
    return redirect(workshop_url(request.workshop, "projects:quality_terms"))


def _add_photos(request: WorkshopRequest, held: Nonconformity, files: Iterable[UploadedFile]) -> None:
    """Keep the photos of a defect; one that cannot be taken is said, the non-conformity stays."""
    for file in files:
        try:
            add_defect_photo(
                workshop=request.workshop, actor=request.actor, nonconformity=held, content=file.read(),
                name=file.name or "",
            )  # fmt: skip
        except RuleError as error:
            messages.error(request, error.message)


def _to(request: WorkshopRequest, project: Project) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "projects:project_detail", project_pk=project.pk))
