"""Load sheets: what the operator hangs, where, in the order of the plan."""

from django.conf import settings
from django.utils import timezone, translation

from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.tenancy.models import Workshop

from .models import OvenPlan
from .oven_pages import LoadPicture, PlanPage
from .planner.files import read_plan
from .planner.instance import read_instance


def sheets_pdf(workshop: Workshop, plan: OvenPlan) -> bytes:
    """One sheet a load, in the language of the product: its drawing, its pieces and their places; no price."""
    instance, found = read_instance(plan.problem), read_plan(plan.result or {})
    numbers = dict(enumerate(plan.loads.order_by("number").values_list("number", flat=True)))
    with translation.override(settings.LANGUAGE_CODE):
        page = PlanPage(plan, instance, found)
        sheets = [
            {
                "line": line,
                "number": numbers.get(rank, line.number),
                "picture": LoadPicture(instance, found.loads[line.rank], plan.subject),
            }
            for rank, line in enumerate(page.loads)
        ]
        context = {
            "workshop": workshop,
            "logo": logo_url(workshop),
            "plan": plan,
            "sheets": sheets,
            "is_adopted": bool(numbers),
            "today": timezone.localdate(),
        }
        return render_pdf("batches/oven_sheets_pdf.html", context, accent=workshop.accent)
