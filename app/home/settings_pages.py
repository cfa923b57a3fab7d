"""The settings, by subject: what the member may open."""

from django.http import HttpResponse
from django.shortcuts import render

from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission


@workshop_page(Permission.PROFILE_EDIT)
def settings(request: WorkshopRequest) -> HttpResponse:
    return render(request, "home/settings.html")
