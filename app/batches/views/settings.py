"""What the workshop decides about its batches."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import BatchSettingsForm
from ..selectors import get_batch_settings
from ..services.rules import save_batch_settings


@workshop_page(Permission.SETTINGS_EDIT)
def batch_settings(request: WorkshopRequest) -> HttpResponse:
    form = BatchSettingsForm(request.POST or None, instance=get_batch_settings(request.workshop))
    if request.method == "POST" and form.is_valid():
        save_batch_settings(workshop=request.workshop, actor=request.actor, wanted=form.cleaned_data)
        messages.success(request, _("Settings of batches saved."))
        return redirect(workshop_url(request.workshop, "batches:settings"))
    return render(request, "batches/settings.html", {"form": form}, status=422 if form.errors else 200)
