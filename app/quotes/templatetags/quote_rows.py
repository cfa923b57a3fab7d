"""A row of the list of quotes, and what can be done from it; a page draws 25, so what stays is drawn once."""

from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from app.documents.models import Signature
from app.kernel.templatetags.display import money, number
from app.kernel.templatetags.quick import choice, day, draw_icon, draw_kept, powder
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop

from ..models import Quote, QuoteLine
from .quote_price import unit_price
from .quote_status import quote_pill

register = template.Library()


@register.simple_tag(takes_context=True)
def quote_row(context: Context, quote: Quote, can_edit: bool) -> SafeString:
    """A row of the list of quotes: {% quote_row quote can_edit %}."""
    address = workshop_url(context["workshop"], "quotes:quote_detail", quote_pk=quote.pk)
    return draw_kept(
        "quotes/quote_row.html",
        address=address,
        number=quote.number,
        customer=str(quote.customer),
        title=quote.title,
        date=day(timezone.localtime(quote.sent_at or quote.created_at)),
        total=money(quote.total_incl_tax),
        state=quote_pill(quote),
        actions=_draw_actions(context["workshop"], quote, address, can_edit),
    )


@register.simple_tag
def quote_line(line: QuoteLine) -> SafeString:
    """A line of a quote with its powder and how it is coated: {% quote_line line %}."""
    laid = line.powder_sent or (vars(line.powder) if line.powder else None)  # as it was when the quote left
    return draw_kept(
        "quotes/quote_line.html",
        designation=line.designation,
        is_job=line.is_job,
        powder=_laid(laid, str(line.powder)) if laid else None,
        coats=line.coats,
        primer=line.primer,
        varnish=line.varnish,
        curing_celsius=line.curing_celsius,
        curing_minutes=line.curing_minutes,
        surface=number(line.surface_m2, 4),
        kilograms=number(line.powder_kg, 3),
        quantity=number(line.quantity),
        unit_price=unit_price(line.unit_price_shown),
        total=money(line.total_excl_tax),
    )


def _laid(words: dict[str, Any], name: str) -> SafeString:
    return powder(
        f"{words['colour_code'] or words['reference']} {words['colour_name']}", "", words["hex"], words["finish"], name
    )


@register.simple_tag
def signed(signature: Signature) -> SafeString:
    """Who signed a quote, when and how: {% signed signature %}."""
    return draw_kept(
        "quotes/signed.html",
        name=signature.signer_name,
        email=signature.signer_email,
        at=timezone.localtime(signature.signed_at).replace(tzinfo=None),
        time_zone=signature.time_zone,
        ip=signature.ip,
        method=choice(signature, "method"),
        fingerprint=signature.document_sha256,
    )


def _draw_actions(workshop: Workshop, quote: Quote, page_url: str, can_edit: bool) -> SafeString:
    """The document, sending, deleting and copying.

    What cannot be undone is confirmed on the page of the quote. The names end with what tells the rows apart.
    """
    language = get_language() or ""
    leads: dict[str, str] = {}
    if file_id := quote.signed_file_id or quote.pdf_file_id:
        leads["document"] = workshop_url(workshop, "files:download", public_id=file_id)
    if can_edit and quote.is_draft:
        leads |= {name: f"{page_url}?ouvrir={name}" for name in ("send", "delete")}
    if can_edit:
        leads["copy"] = workshop_url(workshop, "quotes:quote_duplicate", quote_pk=quote.pk)
    name = escape(quote.number or quote.title)
    shown = "".join(_shape(action, language).format(escape(url), name) for action, url in leads.items())
    return mark_safe(f'<span class="row-actions">{shown}</span>')


@lru_cache(maxsize=64)
def _shape(action: str, language: str) -> str:
    """An action in the language that is active, with holes for where it leads and for the name of the quote."""
    tag, leads, icon, words = {
        "document": ("a", 'target="_blank" href', "arrow-down-tray", "PDF"),
        "send": ("a", "href", "paper-airplane", _("Send")),
        "delete": ("a", "href", "trash", _("Delete")),
        # The form stands elsewhere in the list: one for every row.
        "copy": (
            "button",
            'type="submit" form="quote-copy" formaction',
            "document-duplicate",
            _("Copy to a new draft"),
        ),
    }[action]
    said = escape(words).replace("{", "{{").replace("}", "}}")
    return (
        f'<{tag} {leads}="{{}}" class="btn btn-ghost btn-icon btn-sm" title="{said}">{draw_icon(icon)}'
        f'<span class="sr-only">{said} {{}}</span></{tag}>'
    )
