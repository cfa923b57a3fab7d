"""Creating and changing powders, their prices and their packagings."""

from collections.abc import Callable
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.powders.forms import FormatForm, PowderForm, PriceForm, powder_data
from app.powders.models import Powder
from app.powders.selectors import find_colour, list_formats
from app.powders.services.formats import delete_format, save_format
from app.powders.services.powders import (
    archive_powder,
    create_powder,
    delete_powder,
    restore_powder,
    set_price,
    update_powder,
)
from app.powders.views.found import format_or_404, powder_or_404
from app.powders.views.reading import show_powder
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission


@workshop_page(Permission.POWDERS_EDIT)
def powder_create(request: WorkshopRequest) -> HttpResponse:
    colour = find_colour(request.GET.get("ral", ""))
    initial = {"colour_code": colour.code, "colour_name": colour.name, "hex": colour.hex} if colour else {}
    form = PowderForm(request.POST or None, initial=initial)

    def save() -> Powder:
        data, price = powder_data(form), form.cleaned_data["price_per_kg"]
        return create_powder(workshop=request.workshop, actor=request.actor, data=data, price_per_kg=price)

    return _saved(request, form, save, _("Powder added."), {"colour": colour})


@workshop_page(Permission.POWDERS_EDIT)
def powder_edit(request: WorkshopRequest, powder_pk: int) -> HttpResponse:
    powder = powder_or_404(powder_pk)
    form = PowderForm(request.POST or None, instance=powder, initial={"price_per_kg": powder.current_price})

    def save() -> Powder:
        price: Decimal | None = form.cleaned_data["price_per_kg"]
        # Validation has already written on the form's instance: the service compares with a fresh row.
        fresh, data = powder_or_404(powder_pk), powder_data(form)
        return update_powder(
            workshop=request.workshop, actor=request.actor, powder=fresh, data=data, price_per_kg=price
        )

    return _saved(request, form, save, _("Powder saved."), {"powder": powder_or_404(powder_pk)})


@require_POST
@workshop_page(Permission.POWDERS_EDIT)
def powder_price(request: WorkshopRequest, powder_pk: int) -> HttpResponse:
    powder, form = powder_or_404(powder_pk), PriceForm(request.POST)
    if form.is_valid():
        set_price(workshop=request.workshop, actor=request.actor, powder=powder, **form.cleaned_data)
        messages.success(request, _("Price saved."))
        return _to_powder(request, powder)
    return show_powder(request, powder, form)


@require_POST
@workshop_page(Permission.POWDERS_EDIT)
def powder_archive(request: WorkshopRequest, powder_pk: int) -> HttpResponse:
    powder = powder_or_404(powder_pk)
    archive_powder(workshop=request.workshop, actor=request.actor, powder=powder)
    messages.success(request, _("Powder archived."))
    return _to_powder(request, powder)


@require_POST
@workshop_page(Permission.POWDERS_EDIT)
def powder_restore(request: WorkshopRequest, powder_pk: int) -> HttpResponse:
    powder = powder_or_404(powder_pk)
    restore_powder(workshop=request.workshop, actor=request.actor, powder=powder)
    messages.success(request, _("Powder back in the lists."))
    return _to_powder(request, powder)


@require_POST
@workshop_page(Permission.POWDERS_EDIT)
def powder_delete(request: WorkshopRequest, powder_pk: int) -> HttpResponse:
    powder = powder_or_404(powder_pk)
    try:
        delete_powder(workshop=request.workshop, actor=request.actor, powder=powder)
    except RuleError as refusal:
        messages.error(request, refusal.message)
        return _to_powder(request, powder)
    messages.success(request, _("Powder deleted."))
    return redirect(workshop_url(request.workshop, "powders:powder_list"))


@workshop_page(Permission.POWDERS_READ, edit=Permission.POWDERS_EDIT)
def format_list(request: WorkshopRequest) -> HttpResponse:
    form = FormatForm(request.POST or None, initial={"brand": request.GET.get("marque", "")})
    if request.method == "POST" and form.is_valid():
        try:
            save_format(workshop=request.workshop, actor=request.actor, **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Packaging added."))
            return redirect(workshop_url(request.workshop, "powders:format_list"))
    return render(request, "powders/format_list.html", {"form": form, "formats": list_formats()})


@workshop_page(Permission.POWDERS_EDIT)
def format_edit(request: WorkshopRequest, format_pk: int) -> HttpResponse:
    packaging = format_or_404(format_pk)
    form = FormatForm(request.POST or None, instance=packaging)
    if request.method == "POST" and form.is_valid():
        try:
            fresh = format_or_404(format_pk)
            save_format(workshop=request.workshop, actor=request.actor, packaging=fresh, **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, _("Packaging saved."))
            return redirect(workshop_url(request.workshop, "powders:format_list"))
    return render(request, "powders/format_form.html", {"form": form, "packaging": format_or_404(format_pk)})


@require_POST
@workshop_page(Permission.POWDERS_EDIT)
def format_delete(request: WorkshopRequest, format_pk: int) -> HttpResponse:
    delete_format(workshop=request.workshop, actor=request.actor, packaging=format_or_404(format_pk))
    messages.success(request, _("Packaging removed."))
    return redirect(workshop_url(request.workshop, "powders:format_list"))


def _saved(
    request: WorkshopRequest, form: PowderForm, save: Callable[[], Powder], done: str, context: dict[str, object]
) -> HttpResponse:
    """Save a valid form and show the powder, or show the form again with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            powder = save()
        except RuleError as refusal:
            form.add_error(refusal.field, refusal.message)
        else:
            messages.success(request, done)
            return _to_powder(request, powder)
    return render(request, "powders/powder_form.html", {"form": form, **context})


def _to_powder(request: WorkshopRequest, powder: Powder) -> HttpResponse:
    return redirect(workshop_url(request.workshop, "powders:powder_detail", powder_pk=powder.pk))
