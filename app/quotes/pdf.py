"""The quote as its customer receives it."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.estimating.pricing import split_deposit
from app.kernel.money import TaxableLine, Totals, totals
from app.notify.constants import CUSTOMERS_LANGUAGE
from app.tenancy.models import Workshop

from .models import Quote, QuoteLine
from .selectors import list_lines

TEMPLATE = "quotes/quote_pdf.html"


def quote_pdf(workshop: Workshop, quote: Quote) -> bytes:
    """The PDF of a quote. Costs and margins are not in the context: they are the workshop's alone."""
    context = document_context(workshop, quote, list_lines(quote)) | {"logo": logo_url(workshop)}
    with translation.override(CUSTOMERS_LANGUAGE):  # whoever has it made
        return render_pdf(TEMPLATE, context, accent=workshop.accent)


def quote_paper(workshop: Workshop, quote: Quote) -> SafeString:
    """The same as a piece of a page, in the language of the PDF whoever reads it."""
    with translation.override(CUSTOMERS_LANGUAGE):
        drawn = render_to_string("quotes/quote_paper.html", document_context(workshop, quote, list_lines(quote)))
    return format_html('<div lang="{}">{}</div>', CUSTOMERS_LANGUAGE, drawn)


def document_context(workshop: Workshop, quote: Quote, lines: list[QuoteLine]) -> dict[str, Any]:
    """What the PDF, the customer's page and the preview show of a quote."""
    foot = document_totals(quote, lines)
    return {
        "workshop": workshop,
        "quote": quote,
        "lines": lines,
        "totals": foot,
        "terms": split_deposit(foot.total_incl_tax, percent=quote.deposit_percent),
    }


def document_totals(quote: Quote, lines: list[QuoteLine]) -> Totals:
    """The foot of the document, from the lines as they were priced."""
    priced = (TaxableLine(line.total_excl_tax, line.vat_rate) for line in lines)
    return totals(priced, discount_percent=quote.discount_percent)
