"""What is done with a quote: one button, one service."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import CopyForm, QuoteSettingsForm, RefusalForm, ResendForm
from ..models import Quote
from ..selectors import get_settings
from ..services.answering import refuse_quote
from ..services.drafting import delete_draft, duplicate_quote, new_version
from ..services.sending import resend_quote, send_quote
from ..services.settings import save_settings
from .found import quote_or_404
from .reading import show_quote


@require_POST
@workshop_page(Permission.QUOTES_EDIT)
def quote_send(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    return _act(request, quote_pk, send_quote, _("Quote numbered; it leaves by e-mail with its PDF."))


@require_POST
@workshop_page(Permission.QUOTES_EDIT)
def quote_resend(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    form = ResendForm(request.POST)
    sendings = form.cleaned_data.get("sendings") if form.is_valid() else None

    def resend(**kwargs: Any) -> None:
        resend_quote(sendings=sendings, **kwargs)

    return _act(request, quote_pk, resend, _("The quote leaves again, with a new link."))


@require_POST
@workshop_page(Permission.QUOTES_EDIT)
def quote_duplicate(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    form = CopyForm(request.POST)
    key = form.cleaned_data.get("key") if form.is_valid() else None

    def copy(**kwargs: Any) -> Quote:
        return duplicate_quote(key=key, **kwargs)

    return _act(request, quote_pk, copy, _("Quote copied to a new draft."), "quotes:quote_edit")


@require_POST
@workshop_page(Permission.QUOTES_EDIT)
def quote_new_version(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    return _act(request, quote_pk, new_version, _("New version created, as a draft."), "quotes:quote_edit")


@require_POST
@workshop_page(Permission.QUOTES_EDIT)
def quote_delete(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    try:
        delete_draft(workshop=request.workshop, actor=request.actor, quote=quote_or_404(quote_pk))
    except RuleError as error:
        messages.error(request, error.message)
        return redirect(workshop_url(request.workshop, "quotes:quote_detail", quote_pk=quote_pk))
    messages.success(request, _("Draft deleted."))
    return redirect(workshop_url(request.workshop, "quotes:quote_list"))


@require_POST
@workshop_page(Permission.QUOTES_EDIT)
def quote_refuse(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return show_quote(request, quote_or_404(quote_pk), form)

    def refuse(**kwargs: Any) -> Quote:
        return refuse_quote(reason=form.cleaned_data["reason"], **kwargs)

    return _act(request, quote_pk, refuse, _("Quote marked as refused."))


@workshop_page(Permission.SETTINGS_EDIT)
def settings_edit(request: WorkshopRequest) -> HttpResponse:
    form = QuoteSettingsForm(request.POST or None, instance=get_settings(request.workshop))
    if request.method == "POST" and form.is_valid():
        save_settings(workshop=request.workshop, actor=request.actor, prices=form.instance)
        messages.success(request, _("Prices saved; they apply to new quotes."))
        return redirect(workshop_url(request.workshop, "quotes:settings"))
    return render(request, "quotes/settings_edit.html", {"form": form}, status=422 if form.errors else 200)


def _act(
    request: WorkshopRequest,
    quote_pk: int,
    service: Callable[..., Quote | None],
    done: str,
    page: str = "quotes:quote_detail",
) -> HttpResponse:
    """Call the service and show its result, or its refusal, on the quote's page."""
    quote = quote_or_404(quote_pk)
    try:
        result = service(workshop=request.workshop, actor=request.actor, quote=quote) or quote
    except RuleError as error:
        messages.error(request, error.message)
        return redirect(workshop_url(request.workshop, "quotes:quote_detail", quote_pk=quote.pk))
    messages.success(request, done)
    return redirect(workshop_url(request.workshop, page, quote_pk=result.pk))
