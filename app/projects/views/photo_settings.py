"""What the workshop does with its photos."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from app.billing.usage_words import storage_words
from app.entitlements.constants import Dimension
from app.entitlements.selectors import get_quota
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..photo_forms import PhotoSettingsForm
from ..photo_selectors import get_photo_settings, list_purges
from ..services.photo_rules import save_photo_settings


@workshop_page(Permission.SETTINGS_EDIT)
def photo_settings(request: WorkshopRequest) -> HttpResponse:
    form = PhotoSettingsForm(request.POST or None, instance=get_photo_settings(request.workshop))
    if request.method == "POST" and form.is_valid():
        save_photo_settings(workshop=request.workshop, actor=request.actor, wanted=form.cleaned_data)
        messages.success(request, _("Settings of photos saved."))
        return redirect(workshop_url(request.workshop, "projects:photo_settings"))
    quota = get_quota(request.workshop, Dimension.STORAGE)
    context = {
        "form": form,
        "quota": quota,
        "used": storage_words(quota.used),
        "limit": storage_words(quota.limit) if quota.limit else "",
        "purges": list_purges(),
    }
    return render(request, "projects/photo_settings.html", context, status=422 if form.errors else 200)
