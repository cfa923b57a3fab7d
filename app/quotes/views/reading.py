"""The list and the page of a quote, its document."""

from functools import partial
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from app.audit.selectors import list_history
from app.documents.selectors import find_signature
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import QuoteStatus
from ..estimates import kept_estimate
from ..forms import RefusalForm
from ..models import Quote
from ..pdf import document_context, quote_paper
from ..selectors import EXPIRED, REPLACED, get_settings, list_lines, page_of_quotes
from .found import quote_or_404


@workshop_page(Permission.QUOTES_READ)
def quote_list(request: WorkshopRequest) -> HttpResponse:
    search, status = request.GET.get("q", ""), request.GET.get("statut", "")
    page = page_of_quotes(search=search, status=status, cursor=request.GET.get("apres"))
    statuses = [*QuoteStatus.choices, (EXPIRED, _("Expired")), (REPLACED, _("Replaced"))]
    context = {"page": page, "search": search, "status": status, "statuses": statuses, "copy_key": uuid4()}
    return render(request, "quotes/quote_list.html", context)


@workshop_page(Permission.QUOTES_READ)
def quote_detail(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    return show_quote(request, quote_or_404(quote_pk))


def show_quote(request: WorkshopRequest, quote: Quote, refusal_form: RefusalForm | None = None) -> HttpResponse:
    """The page of a quote; with what is wrong in the reason of a refusal, the dialog that asks for it is open.

    `?ouvrir=send` and `?ouvrir=delete` open theirs: the list leads there.
    """
    lines = list_lines(quote)
    context = document_context(request.workshop, quote, lines) | {
        "estimate": kept_estimate(quote, lines, partial(get_settings, request.workshop)),
        "signature": find_signature(quote) if quote.accepted_at else None,
        "newer": getattr(quote, "replaced_by", None),  # read with it
        "history": list_history(quote),
        "refusal_form": refusal_form or (RefusalForm() if quote.status == QuoteStatus.SENT else None),
        "copy_key": uuid4(),
        "asked": {name: request.GET.get("ouvrir") == name for name in ("send", "delete")},
    }
    return render(request, "quotes/quote_detail.html", context, status=422 if refusal_form else 200)


@workshop_page(Permission.QUOTES_READ)
def quote_document(request: WorkshopRequest, quote_pk: int) -> HttpResponse:
    """The document as a page, before the PDF exists: a live preview never waits for a worker."""
    quote = quote_or_404(quote_pk)
    context = {"quote": quote, "paper": quote_paper(request.workshop, quote)}
    return render(request, "quotes/quote_document.html", context)
