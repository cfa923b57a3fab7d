"""The places where the workshop works."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import SiteForm
from ..selectors import list_sites
from ..services.sites import archive_site, main_site, save_site
from .found import site_or_404


@workshop_page(Permission.SETTINGS_EDIT)
def site_list(request: WorkshopRequest) -> HttpResponse:
    """The sites; a post adds one."""
    main_site(workshop=request.workshop)
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            save_site(workshop=request.workshop, actor=request.actor, name=form.cleaned_data["name"])
        except RuleError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, _("Site added."))
            return redirect(request.path)
    context = {"sites": list_sites(), "form": form}
    return render(request, "workshops/site_list.html", context, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def site_rename(request: WorkshopRequest, site_pk: int) -> HttpResponse:
    site, name = site_or_404(site_pk), request.POST.get("name", "")[:80]
    try:
        save_site(workshop=request.workshop, actor=request.actor, site=site, name=name)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Recorded."))
    return redirect(workshop_url(request.workshop, "workshops:site_list"))


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def site_archive(request: WorkshopRequest, site_pk: int) -> HttpResponse:
    try:
        archive_site(workshop=request.workshop, actor=request.actor, site=site_or_404(site_pk))
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Put away; what is there keeps it."))
    return redirect(workshop_url(request.workshop, "workshops:site_list"))
