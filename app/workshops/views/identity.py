"""The workshop's identity, logo and address."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission
from app.tenancy.selectors import get_workshop

from ..forms import AddressForm, IdentityForm
from ..services.identity import change_slug, remove_logo, save_identity, set_logo


@workshop_page(Permission.SETTINGS_EDIT)
def identity(request: WorkshopRequest) -> HttpResponse:
    # Another instance: a form with errors must not rename the workshop on its own page.
    form = IdentityForm(request.POST or None, request.FILES or None, instance=get_workshop(request.workshop.pk))
    if request.method == "POST" and form.is_valid() and _save(request, form):
        messages.success(request, _("Identity saved."))
        return redirect(workshop_url(request.workshop, "workshops:identity"))
    return render(request, "workshops/identity.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@workshop_page(Permission.SETTINGS_EDIT)
def logo_remove(request: WorkshopRequest) -> HttpResponse:
    remove_logo(workshop=request.workshop, actor=request.actor)
    messages.success(request, _("Logo removed."))
    return redirect(workshop_url(request.workshop, "workshops:identity"))


@workshop_page(Permission.SETTINGS_EDIT)
def address(request: WorkshopRequest) -> HttpResponse:
    """The workshop's own part of the addresses; the old one keeps redirecting."""
    form = AddressForm(request.POST or None, initial={"slug": request.workshop.slug})
    if request.method == "POST" and form.is_valid():
        try:
            moved = change_slug(workshop=request.workshop, actor=request.actor, slug=form.cleaned_data["slug"])
        except RuleError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("Address changed; the former one leads here."))
            return redirect(workshop_url(moved, "workshops:address"))
    return render(request, "workshops/address.html", {"form": form}, status=422 if form.errors else 200)


def _save(request: WorkshopRequest, form: IdentityForm) -> bool:
    """Whether everything was kept; a refused logo is told beside its field, and nothing else is lost."""
    logo: UploadedFile | None = form.cleaned_data["logo"]
    try:
        if logo:
            set_logo(
                workshop=request.workshop,
                actor=request.actor,
                name=logo.name or "logo",
                content=logo.read(),
                content_type=logo.content_type or "",
            )
    except RuleError as error:
        form.add_error("logo", error.message)
        return False
    save_identity(workshop=request.workshop, actor=request.actor, values=form.cleaned_data)
    return True
