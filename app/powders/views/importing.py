"""Importing a CSV: upload, columns and preview, report."""

from collections import Counter

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from app.kernel.csvfiles import write_csv
from app.kernel.errors import RuleError
from app.powders.constants import IMPORT_MAX_ROWS
from app.powders.forms import MappingForm, UploadForm
from app.powders.importing import TARGETS, guess_mapping, read_table
from app.powders.models import PowderImport
from app.powders.services.imports import Outcome, PlannedRow, keep_file, plan, run_import
from app.powders.views.found import import_or_404
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

PREVIEW_ROWS = 10


@workshop_page(Permission.POWDERS_EDIT)
def import_upload(request: WorkshopRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = keep_file(workshop=request.workshop, actor=request.actor, name=file.name, file=file)
        except RuleError as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect(workshop_url(request.workshop, "powders:import_detail", import_pk=kept.pk))
    return render(request, "powders/import_upload.html", {"form": form, "limit": IMPORT_MAX_ROWS})


@workshop_page(Permission.POWDERS_EDIT)
def import_detail(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    """The columns and what each row would do; confirmed, the report."""
    kept = import_or_404(import_pk)
    if kept.imported_at:
        return render(request, "powders/import_report.html", {"kept": kept})
    header = read_table(bytes(kept.content)).header
    guessed = {name: str(index) for name, index in guess_mapping(header).items()} | {"update": "on"}
    form = MappingForm(request.POST or guessed, header=header)
    planned: list[PlannedRow] = []
    if form.is_valid():
        choices = {"mapping": form.mapping(), "update": form.cleaned_data["update"]}
        try:
            if request.POST.get("action") == "confirm":
                run_import(workshop=request.workshop, actor=request.actor, kept=kept, **choices)
                return redirect(request.path)
            planned = list(plan(kept=kept, **choices))
        except RuleError as refusal:
            form.add_error(refusal.field, refusal.message)
    return render(request, "powders/import_mapping.html", _preview(kept, form, planned))


@workshop_page(Permission.POWDERS_EDIT)
def import_refused(request: WorkshopRequest, import_pk: int) -> HttpResponse:
    """The refused rows as a file, each with its reason, to correct and import again."""
    report = import_or_404(import_pk).report
    header = [*report.get("header", []), _("Line"), _("Reason")]
    rows = [[*row["cells"], row["line"], row["reason"]] for row in report.get("refused", [])]
    response = HttpResponse(write_csv(header, rows), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="poudres-refusees.csv"'
    return response


@workshop_page(Permission.POWDERS_READ)
def import_sample(request: WorkshopRequest) -> HttpResponse:
    """A file with the right headers and one line, to fill in."""
    header = [str(label) for label, _names in TARGETS.values()]
    sample = ["Thermopoudre", "TP-7016-TX", "Polyester", "Texturé", "RAL 7016", "Gris anthracite", "1,5", "70", "120"]
    response = HttpResponse(write_csv(header, [[*sample, "", "190", "12", "9,80", ""]]), content_type="text/csv")
    response["Content-Disposition"] = 'attachment; filename="modele-poudres.csv"'
    return response


def _preview(kept: PowderImport, form: MappingForm, planned: list[PlannedRow]) -> dict[str, object]:
    counts = Counter(row.outcome for row in planned)
    return {
        "kept": kept,
        "form": form,
        "rows": planned[:PREVIEW_ROWS],
        "refused": [row for row in planned if row.outcome is Outcome.REFUSE][:PREVIEW_ROWS],
        "counts": {outcome.value: counts[outcome] for outcome in Outcome},
        "writes": counts[Outcome.CREATE] + counts[Outcome.UPDATE],
        "total": len(planned),
    }
