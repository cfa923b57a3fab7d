"""Paramètres SaaS: what is sold and the rules, each change shown before it is made."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from app.billing.models import CatalogChange, Offer
from app.billing.selectors import get_saas_settings
from app.billing.services.changing import (
    Planned,
    change_offer,
    change_settings,
    create_offer,
    plan_offer_change,
    plan_settings_change,
)
from app.billing.services.overages import change_overages, plan_overages
from app.kernel.errors import RuleError

from ..access import PublisherRequest, publisher_page
from ..forms.catalogue import NewOfferForm, OfferForm, OveragesForm, RulesForm
from ..selectors.catalogue import find_offer, list_names, list_offers, list_overages
from ..words import changes_in_words

Save = Callable[[], CatalogChange | None]


@publisher_page
@require_safe
def catalogue(request: PublisherRequest) -> HttpResponse:
    context = {"offers": list_offers(), "settings": get_saas_settings(), "overages": list_overages().values()}
    return render(request, "backoffice/catalogue.html", context)


@publisher_page
def offer_edit(request: PublisherRequest, offer_pk: int) -> HttpResponse:
    offer = _offer_or_404(offer_pk)
    form = OfferForm(request.POST if request.method == "POST" else None, offer=offer)
    return _two_steps(
        request,
        form,
        title=offer.name,
        plan=lambda: plan_offer_change(offer, form.asked(offer)),
        save=lambda: change_offer(
            offer_pk=offer_pk,
            actor=request.actor,
            values=form.asked(offer),
            version=form.cleaned_data["version"] or 0,
        ),
    )


@publisher_page
def offer_create(request: PublisherRequest) -> HttpResponse:
    """Add a plan or an option, from nothing or as a copy (`?copie=`); nobody holds it yet."""
    copied = request.GET.get("copie", "")
    model = find_offer(int(copied)) if copied.isascii() and copied.isdigit() and len(copied) < 10 else None
    initial = {"kind": model.kind, "is_active": False, "is_public": False} if model else {}
    form = NewOfferForm(request.POST if request.method == "POST" else None, offer=model, initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        try:
            create_offer(actor=request.actor, key=data["key"], kind=data["kind"], values=form.asked())
        except RuleError as error:
            _put(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("backoffice:catalogue")
    return _form_page(request, form, title=_("New plan or option"), button=_("Create"))


@publisher_page
def rules_edit(request: PublisherRequest) -> HttpResponse:
    held = get_saas_settings()
    form = RulesForm(request.POST if request.method == "POST" else None, held=held)
    return _two_steps(
        request,
        form,
        title=_("Rules"),
        plan=lambda: plan_settings_change(held, form.asked()),
        save=lambda: change_settings(actor=request.actor, values=form.asked(), version=form.cleaned_data["version"]),
    )


@publisher_page
def overages_edit(request: PublisherRequest) -> HttpResponse:
    version = get_saas_settings().version
    form = OveragesForm(request.POST if request.method == "POST" else None, held=list_overages(), version=version)
    return _two_steps(
        request,
        form,
        title=_("Prices of going over"),
        plan=lambda: plan_overages(form.asked()),
        save=lambda: change_overages(actor=request.actor, values=form.asked(), version=form.cleaned_data["version"]),
    )


def _two_steps(request: HttpRequest, form: Any, *, title: str, plan: Callable[[], Planned], save: Save) -> HttpResponse:
    """The form, then what would change and for whom, then the change itself."""
    if not form.is_valid() or "back" in request.POST:
        return _form_page(request, form, title=title, button=_("See what it changes"))
    try:
        if "confirm" in request.POST:
            change = save()
            messages.success(request, _("Saved.") if change else _("Nothing differs."))
            return (
                redirect("backoffice:change_detail", change_pk=change.pk)
                if change
                else redirect("backoffice:catalogue")
            )
        planned = plan()
    except RuleError as error:
        _put(form, error)
        return _form_page(request, form, title=title, button=_("See what it changes"))
    context = {
        "title": title,
        "lines": changes_in_words(planned.changes),
        "planned": planned,
        "names": list_names(planned.concerned),
        "posted": [(name, value) for name, values in request.POST.lists() for value in values if "csrf" not in name],
    }
    return render(request, "backoffice/catalogue_preview.html", context)


def _form_page(request: HttpRequest, form: Any, *, title: str, button: str) -> HttpResponse:
    context = {"form": form, "title": title, "button": button}
    return render(request, "backoffice/catalogue_form.html", context, status=422 if form.errors else 200)


def _put(form: Any, error: RuleError) -> None:
    form.add_error(error.field if error.field in form.fields else None, error.message)


def _offer_or_404(offer_pk: int) -> Offer:
    offer = find_offer(offer_pk)
    if offer is None:
        raise Http404
    return offer
