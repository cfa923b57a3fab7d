"""The figures of quality, on screen and as a table to take away."""

from collections.abc import Iterator
from datetime import date, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from app.kernel.charts import bars
from app.kernel.csvfiles import write_csv
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..figures import Period, list_found, list_to_settle, read_figures
from ..models import Nonconformity

#: Nothing was found before nor will be after: the ends of the calendar itself cannot be counted from.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
A_YEAR = timedelta(days=364)
LATEST = 25
#: What the page shows of each of the latest.
SHOWN = ("step_name", "declared_at", "returned_to", "closed_at", "project__number", "project__title", "defect__name")


@workshop_page(Permission.PROJECTS_READ)
def quality_statistics(request: WorkshopRequest) -> HttpResponse:
    period = _period(request)
    figures = read_figures(period, timezone.localdate())
    context = {
        "period": period,
        "figures": figures,
        "chart": bars([count for _month, count in figures.months]),
        "latest": list_to_settle(period).select_related(None).select_related("project", "defect").only(*SHOWN)[:LATEST],
    }
    return render(request, "projects/quality_statistics.html", context)


@workshop_page(Permission.PROJECTS_READ, when_read_only=True)
def quality_export(request: WorkshopRequest) -> HttpResponse:
    """The non-conformities of the period, one a line; names and cost for those who may see them."""
    period = _period(request)
    header = [
        _("Project"), _("Subject"), _("Found on"), _("Found at"), _("Defect"), _("Cause"), _("Part"), _("Powder"),
        _("What is wrong"), _("Sent back to"), _("Corrective action"), _("Closed on"), _("Minutes of rework"),
    ]  # fmt: skip
    header += [_("Step worked by")] if request.may(Permission.PROJECTS_MANAGE) else []
    header += [_("Cost (EUR)")] if request.may(Permission.PRICES_SEE) else []
    content = write_csv(header, _rows(request, period))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"non-conformites-{period.first}-{period.last}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rows(request: WorkshopRequest, period: Period) -> Iterator[list[object]]:
    for held in list_found(period):
        row = _row(held)
        row += [held.worked_by_name] if request.may(Permission.PROJECTS_MANAGE) else []
        row += [_decimal(held)] if request.may(Permission.PRICES_SEE) else []
        yield row


def _row(held: Nonconformity) -> list[object]:
    closed = timezone.localtime(held.closed_at).date() if held.closed_at else ""
    return [
        held.project.number, held.project.title, timezone.localtime(held.declared_at).date(), held.step_name,
        held.defect.name, held.cause.name if held.cause else "", held.part or "",
        held.part.powder if held.part and held.part.powder else "", held.comment, held.returned_to,
        held.corrective_action, closed, held.rework_minutes,
    ]  # fmt: skip


def _decimal(held: Nonconformity) -> str:
    """The cost as a French spreadsheet reads it."""
    return "" if held.cost is None else str(held.cost).replace(".", ",")


def _period(request: HttpRequest) -> Period:
    """The days asked for; the last twelve months without them, or when they cannot be read."""
    today = timezone.localdate()
    day = forms.DateField(required=False)
    try:
        first, last = day.clean(request.GET.get("du")), day.clean(request.GET.get("au"))
    except forms.ValidationError:
        first = last = None
    last = min(max(last or today, FIRST_DAY), LAST_DAY)
    first = min(max(first or last - A_YEAR, FIRST_DAY), LAST_DAY)
    return Period(first, last) if first <= last else Period(last, first)
