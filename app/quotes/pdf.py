"""The quote as its customer receives it."""

from typing import Any

from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.estimating.pricing import split_deposit
from app.kernel.money import TaxableLine, Totals, totals
from app.tenancy.models import Workshop

from .models import Quote, QuoteLine
from .selectors import list_lines

TEMPLATE = "quotes/quote_pdf.html"


def quote_pdf(workshop: Workshop, quote: Quote) -> bytes:
    """The PDF of a quote. Costs and margins are not in the context: they are the workshop's alone."""
    context = document_context(workshop, quote, list_lines(quote)) | {"logo": logo_url(workshop)}
    return render_pdf(TEMPLATE, context, accent=workshop.accent)


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
