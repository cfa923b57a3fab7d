"""What a customer's quotes forbid."""

from django.utils import timezone
from django.utils.translation import gettext as _

from app.crm.models import Customer

from .constants import QuoteStatus
from .selectors import list_quotes


def why_keep(customer: Customer) -> str | None:
    """A sent quote that can still be signed keeps its customer."""
    today = timezone.localdate()
    quotes = list_quotes(status=QuoteStatus.SENT, customer_pk=customer.pk)  # without those that a newer one replaces
    quote = quotes.filter(valid_until__gte=today).first()
    return _("The quote %(quote)s can still be signed.") % {"quote": quote.number} if quote else None
