"""Building a quote in front of the customer: totals follow the typing, nothing is saved until asked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from app.audit.editing import ChangedMeanwhileError, seen_of
from app.crm.selectors import find_customer
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import DRAFT_LINES_MOST, LineKind
from ..forms import BaseLineFormSet, QuoteForm, blank_line, line_formset
from ..models import Quote, QuoteLine
from ..preview import preview_saved, preview_typed
from ..selectors import get_settings, list_lines
from ..services.drafting import LINE_COPIED, UPDATED, create_draft, new_draft, save_draft
from .found import quote_or_404


@workshop_page(Permission.QUOTES_EDIT)
def quote_create(request: WorkshopRequest) -> HttpResponse:
    customer = find_customer(request.GET.get("client", ""))
    quote = new_draft(request.workshop, customer)
    return _edit(request, quote, [])


@workshop_page(Permission.QUOTES_EDIT)
def quote_edit(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    quote = quote_or_404(quote_pk)
    quote.workshop = request.workshop
    if not quote.is_draft:
        messages.info(request, _("A sent quote cannot change: create a new version."))
        return redirect(workshop_url(request.workshop, "quotes:quote_detail", quote_pk=quote.pk))
    return _edit(request, quote, list_lines(quote))


@workshop_page(Permission.QUOTES_EDIT)
def quote_preview(request: WorkshopRequest) -> HttpResponse:
    """The price of what is on screen, computed by the same rules as when it is saved."""
    form = QuoteForm(request.POST, instance=Quote(workshop=request.workshop))
    lines = line_formset(request.POST)
    context = {"preview": preview_typed(form, lines, get_settings(request.workshop)), "quote": form.instance}
    return render(request, "quotes/preview.html", context)


@workshop_page(Permission.QUOTES_EDIT)
def line_add(request: WorkshopRequest) -> HttpResponse:
    """One more empty line, numbered after those on screen."""
    shown = line_formset(request.POST)
    kind = LineKind.ITEM if request.GET.get("type") == LineKind.ITEM else LineKind.JOB
    rank = shown.total_form_count()
    if rank >= DRAFT_LINES_MOST:
        message = _("A quote has at most %(most)d lines.") % {"most": DRAFT_LINES_MOST}
        return render(request, "quotes/line_refused.html", {"message": message})
    lines = line_formset(initial=[blank_line(request.workshop, kind)] * (rank + 1))
    return render(request, "quotes/line_added.html", {"line": lines.forms[rank], "total": rank + 1})


def _edit(request: WorkshopRequest, quote: Quote, rows: list[QuoteLine]) -> HttpResponse:
    prices = get_settings(request.workshop)
    seen = request.POST.get("seen") if request.method == "POST" else seen_of(quote, UPDATED)
    if request.method == "POST":
        form, lines = QuoteForm(request.POST, instance=quote), line_formset(request.POST, rows=rows)
        try:
            saved = _save(request, form, lines, seen)
        except ChangedMeanwhileError as error:
            form.add_error(None, error.message)
            saved, seen = None, error.seen
        if saved:
            messages.success(request, _("Quote saved."))
            return redirect(workshop_url(request.workshop, "quotes:quote_detail", quote_pk=saved.pk))
        shown = preview_typed(form, lines, prices)
    else:
        initial = [_initial(row) for row in rows] or [blank_line(request.workshop, LineKind.JOB)]
        form, lines = QuoteForm(instance=quote), line_formset(initial=initial, rows=rows)
        shown = preview_saved(quote, lines, rows, prices)
    customer = find_customer(str(form["customer"].value() or ""))
    context = {"quote": quote, "form": form, "lines": lines, "customer": customer, "preview": shown}
    context["seen"] = seen
    return render(request, "quotes/quote_edit.html", context, status=422 if form.is_bound else 200)


def _save(request: WorkshopRequest, form: QuoteForm, lines: BaseLineFormSet, seen: str | None) -> Quote | None:
    """The quote saved, or None with the errors on the form; ChangedMeanwhileError when somebody saved it before."""
    if not (form.is_valid() and lines.is_valid()):
        return None
    written = {"workshop": request.workshop, "actor": request.actor, "quote": form.instance, "lines": lines.lines()}
    try:
        if form.instance.pk:
            return save_draft(**written, seen=seen)
        return create_draft(**written, key=form.key_of_posting())
    except ChangedMeanwhileError:
        raise
    except RuleError as error:
        form.add_error(error.field, error.message)
        return None


def _initial(line: QuoteLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in LINE_COPIED} | {"powder": line.powder_id}
