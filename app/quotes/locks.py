"""Rows held until the end of the transaction."""

from .models import Quote


def lock_quote(quote_pk: int) -> Quote:
    """The quote, held; Quote.DoesNotExist when it is not in this workshop.

    Its key never changes, so rows that refer to it (a newer version, a project) do not wait: PostgreSQL looks at their
    keys again when they are written, whoever holds the quote.
    """
    return Quote.objects.select_for_update(of=("self",), no_key=True).select_related("customer").get(pk=quote_pk)
