"""The state of a quote as its pill says it."""

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from app.kernel.templatetags.quick import pill

from ..constants import QuoteStatus
from ..models import Quote

register = template.Library()

SHOWN: dict[str, tuple[str, str | Promise]] = {
    QuoteStatus.DRAFT: ("neutral", _("Draft")),
    QuoteStatus.SENT: ("info", _("Sent")),
    QuoteStatus.ACCEPTED: ("ok", _("Accepted")),
    QuoteStatus.REFUSED: ("bad", _("Refused")),
}


@register.simple_tag
def quote_pill(quote: Quote) -> SafeString:
    """Draft, sent, opened, replaced, past its validity, accepted, refused, withdrawn from: {% quote_pill quote %}.

    The quote comes from `list_quotes` or `get_quote`, which say whether it is replaced.
    """
    return pill(*_shown(quote))


def _shown(quote: Quote) -> tuple[str, str | Promise]:
    """The tone and the words."""
    if quote.withdrawn_at:
        return "bad", _("Withdrawn")
    if quote.status == QuoteStatus.SENT and quote.is_replaced:
        return "neutral", _("Replaced")
    if quote.is_expired():
        return "warn", _("Expired")
    if quote.status == QuoteStatus.SENT and quote.first_opened_at:
        return "info", _("Opened")
    return SHOWN[quote.status]
