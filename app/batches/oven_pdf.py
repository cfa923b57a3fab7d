"""Load sheets: what the operator hangs, where, in the order of the plan."""

from django.conf import settings
from django.utils import timezone, translation

from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.tenancy.models import Workshop

from .models import OvenLoad, OvenPlan
from .oven_pages import LoadPicture, PlanPage, by_reason, load_of_layout
from .planner.files import read_plan
from .planner.instance import Instance, read_instance
from .planner.plan import Load


def sheets_pdf(workshop: Workshop, plan: OvenPlan) -> bytes:
    """One sheet a load, in the language of the product: its drawing, its pieces, their places; then what is in none."""
    instance, found = read_instance(plan.problem), read_plan(plan.result or {})
    loads = dict(enumerate(plan.loads.order_by("number")))
    with translation.override(settings.LANGUAGE_CODE):
        page = PlanPage(plan, instance, found)
        sheets = [
            {"line": line, **_drawn(instance, loads.get(rank), found.loads[line.rank], line.number, plan)}
            for rank, line in enumerate(page.loads)
            if rank not in loads or loads[rank].layout
        ]
        context = {
            "workshop": workshop,
            "logo": logo_url(workshop),
            "plan": plan,
            "sheets": sheets,
            "left_out": [*page.unfit, *by_reason(plan.subject.get("left_out", []))],
            "is_adopted": bool(loads),
            "today": timezone.localdate(),
        }
        return render_pdf("batches/oven_sheets_pdf.html", context, accent=workshop.accent)


def _drawn(instance: Instance, load: OvenLoad | None, planned: Load, number: int, plan: OvenPlan) -> dict[str, object]:
    """A load as it is hung now: pieces may have been taken out of it since the plan was adopted."""
    hung = load_of_layout(instance, load.layout) if load else planned
    return {"number": load.number if load else number, "picture": LoadPicture(instance, hung, plan.subject)}
