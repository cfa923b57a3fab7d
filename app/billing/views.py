"""The state of the subscription."""

from django.http import HttpResponse
from django.shortcuts import render

from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .selectors import find_trial, has_plan, list_public_plans


@workshop_page(Permission.SUBSCRIPTION_READ, when_read_only=True)
def subscription(request: WorkshopRequest) -> HttpResponse:
    context = {"trial": find_trial(), "has_plan": has_plan(), "plans": list_public_plans()}
    return render(request, "billing/subscription.html", context)
