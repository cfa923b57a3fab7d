"""The use of the plan."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .usage import choose, list_drawn_days, list_rows, next_month


@workshop_page(Permission.SUBSCRIPTION_READ, when_read_only=True)
@require_safe
def usage(request: WorkshopRequest) -> HttpResponse:
    """Each quota, the days of one of them, and what the next month costs for who manages the subscription."""
    now = timezone.now()
    rows = list_rows(request.workshop, now)
    chosen = choose(rows, request.GET.get("compteur", ""))
    context: dict[str, Any] = {"rows": rows, "chosen": chosen}
    if chosen:
        context["days"], context["bars"] = list_drawn_days(chosen, now)
    if request.may(Permission.SUBSCRIPTION_MANAGE):
        context["next_month"] = next_month(request.workshop)
    return render(request, "billing/usage.html", context)
