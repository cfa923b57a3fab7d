"""The state of a quote as its pill says it."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from app.kernel.templatetags.quick import pill

from ..constants import QuoteStatus
from ..models import Quote

register = template.Library()


@register.simple_tag
def quote_pill(quote: Quote) -> SafeString:
    """Draft, sent, opened by its customer, past its validity, accepted or refused: {% quote_pill quote %}."""
    return pill(*_shown(quote))


def _shown(quote: Quote) -> tuple[str, str]:
    """The tone and the words."""
    if quote.is_expired():
        return "warn", _("Expired")
    if quote.status == QuoteStatus.SENT:
        return "info", _("Opened") if quote.first_opened_at else _("Sent")
    return {
        QuoteStatus.DRAFT: ("neutral", _("Draft")),
        QuoteStatus.ACCEPTED: ("ok", _("Accepted")),
        QuoteStatus.REFUSED: ("bad", _("Refused")),
    }[QuoteStatus(quote.status)]
