"""Rows held until the end of the transaction."""

from .models import Quote


def lock_quote(quote_pk: int) -> Quote:
    """The quote, held; Quote.DoesNotExist when it is not in this workshop."""
    return Quote.objects.select_for_update(of=("self",)).select_related("customer").get(pk=quote_pk)
