"""The quote of an address."""

from django.http import Http404

from ..models import Quote
from ..selectors import get_quote


def quote_or_404(quote_pk: int) -> Quote:
    """The quote, or the page that says there is none."""
    try:
        return get_quote(quote_pk)
    except Quote.DoesNotExist as error:
        raise Http404 from error
