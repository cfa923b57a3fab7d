"""The steps of an import: file, columns, preview and settings, check, run, report."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from app.entitlements.constants import Dimension
from app.entitlements.selectors import get_quota
from app.kernel.csvfiles import write_csv
from app.kernel.errors import RuleError
from app.kernel.pagination import keyset_page
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import IMPORT_MAX_ROWS, ImportState, Outcome
from ..forms import MappingForm, RulesForm, UploadForm
from ..models import CustomerImport
from ..selectors import first_lines, lines_to_invite, list_imports, refused_lines
from ..services.exporting import sample_csv
from ..services.inviting import confirm_invitations
from ..services.preparing import abandon, confirm, keep_file, preview, set_mapping, set_rules, start_check
from .found import import_or_404

STEPS = [
    gettext_lazy("File"),
    gettext_lazy("Columns"),
    gettext_lazy("Preview"),
    gettext_lazy("Check"),
    gettext_lazy("Import"),
]


@workshop_page(Permission.CUSTOMERS_EDIT)
def import_list(request: WorkshopRequest) -> HttpResponse:
    """Send a file; the imports so far."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            held = keep_file(workshop=request.workshop, actor=request.actor, name=file.name, file=file)
        except RuleError as error:
            form.add_error("file", error.message)
        else:
            return _to(request, held, "import_mapping")
    page = keyset_page(list_imports(), keys=("-created_at", "-id"), cursor=request.GET.get("apres"))
    context = {"form": form, "page": page, "limit": IMPORT_MAX_ROWS, "steps": STEPS}
    return render(request, "dataio/import_list.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.CUSTOMERS_EDIT)
def import_mapping(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    held = import_or_404(import_pk)
    if held.state not in (ImportState.MAPPING, ImportState.CHECKED):
        return _to(request, held)
    form = MappingForm(request.POST if request.method == "POST" else None, header=held.header, mapping=held.mapping)
    if form.is_valid():
        try:
            set_mapping(held=held, mapping=form.mapping())
        except RuleError as error:
            form.add_error(None, error.message)
        else:
            return _to(request, held, "import_preview")
    unused = [name for index, name in enumerate(held.header) if index not in held.mapping.values()]
    context = {"held": held, "form": form, "unused": unused, "steps": STEPS}
    return render(request, "dataio/import_mapping.html", context, status=422 if form.errors else 200)


@workshop_page(Permission.CUSTOMERS_EDIT)
def import_preview(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    """The first lines and what they would do under the rules on screen; `check` has the whole file read."""
    held = import_or_404(import_pk)
    if held.state not in (ImportState.MAPPING, ImportState.CHECKED):
        return _to(request, held)
    rules = {"criteria": held.criteria, "decision": held.decision, "tags": held.tags}
    form = RulesForm(request.POST if request.method == "POST" else None, initial=rules)
    context: dict[str, Any] = {"held": held, "form": form, "steps": STEPS, "rows": []}
    try:
        if form.is_valid():
            held = set_rules(held=held, **form.cleaned_data)
            if request.POST.get("action") == "check":
                start_check(workshop=request.workshop, held=held)
                return _to(request, held)
        context["rows"] = preview(held)
    except RuleError as error:
        messages.error(request, error.message)
    return render(request, "dataio/import_preview.html", context, status=422 if form.errors else 200)


@require_safe
@workshop_page(Permission.CUSTOMERS_EDIT)
def import_detail(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    """Where an import has got: to prepare, in progress, to confirm, done."""
    held = import_or_404(import_pk)
    if held.state == ImportState.MAPPING:
        return _to(request, held, "import_mapping")
    return render(request, "dataio/import_detail.html", _state(request, held))


@require_safe
@workshop_page(Permission.CUSTOMERS_EDIT)
def import_progress(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    """A fragment that asks for itself again until the work is done."""
    return render(request, "dataio/import_state.html", _state(request, import_or_404(import_pk)))


@require_POST
@workshop_page(Permission.CUSTOMERS_EDIT)
def import_confirm(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    held = import_or_404(import_pk)
    try:
        confirm(workshop=request.workshop, actor=request.actor, held=held)
    except RuleError as error:
        messages.error(request, error.message)
    return _to(request, held)


@require_POST
@workshop_page(Permission.CUSTOMERS_EDIT)
def import_abandon(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    held = import_or_404(import_pk)
    try:
        abandon(actor=request.actor, held=held)
    except RuleError as error:
        messages.error(request, error.message)
        return _to(request, held)
    messages.success(request, _("Import forgotten; nothing was written."))
    return redirect(workshop_url(request.workshop, "dataio:import_list"))


@require_POST
@workshop_page(Permission.CUSTOMERS_EDIT)
def import_invite(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    held = import_or_404(import_pk)
    try:
        confirm_invitations(workshop=request.workshop, actor=request.actor, held=held)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("The invitations leave one by one; follow them among the sent messages."))
    return _to(request, held)


@require_safe
@workshop_page(Permission.CUSTOMERS_EDIT, when_read_only=True)
def import_refused(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    """The refused lines as a file, each with its reason, to correct and import again."""
    held = import_or_404(import_pk)
    rows = ([*row.cells, row.line, row.reason] for row in refused_lines(held))
    return csv_response(write_csv([*held.header, _("Line"), _("Reason")], rows), "lignes-refusees.csv")


@require_safe
@workshop_page(Permission.CUSTOMERS_READ)
def import_sample(request: WorkshopRequest) -> HttpResponse:
    """A file with the right columns, to fill in."""
    return csv_response(sample_csv(), "modele-clients.csv")


def csv_response(content: bytes, name: str) -> HttpResponse:
    """A CSV to save."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _state(request: WorkshopRequest, held: CustomerImport) -> dict[str, Any]:
    finished = held.state in (ImportState.CHECKED, ImportState.DONE, ImportState.FAILED)
    invitable = held.is_done and not held.invite_confirmed_at and lines_to_invite(held).exists()
    room = get_quota(request.workshop, Dimension.CONTACTS) if held.state == ImportState.CHECKED else None
    return {
        "held": held,
        "quota": room if room and room.left is not None and room.left < held.created else None,
        "steps": STEPS,
        "step": 3 if held.state in (ImportState.CHECKING, ImportState.CHECKED) else 5 if held.is_done else 4,
        "refused": first_lines(held, Outcome.REFUSED) if finished else [],
        "duplicates": first_lines(held, Outcome.DUPLICATE) if finished else [],
        "invitable": invitable,
    }


def _to(request: WorkshopRequest, held: CustomerImport, page: str = "import_detail") -> HttpResponse:
    return redirect(workshop_url(request.workshop, f"dataio:{page}", import_pk=held.pk))
