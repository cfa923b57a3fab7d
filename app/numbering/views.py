"""The formats of the workshop's numbers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from .forms import FormatsForm
from .services import set_pattern


@workshop_page(Permission.SETTINGS_EDIT)
def formats(request: WorkshopRequest) -> HttpResponse:
    form = FormatsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        for series, pattern in form.cleaned_data.items():
            set_pattern(workshop=request.workshop, actor=request.actor, series=series, pattern=pattern)
        messages.success(request, _("Formats saved; numbers already given do not change."))
        return redirect(workshop_url(request.workshop, "numbering:formats"))
    return render(request, "numbering/formats.html", {"form": form}, status=422 if form.errors else 200)
