"""The words by which a quote is found: its number, its subject, its customer."""

from collections.abc import Collection

from app.search.selectors import place_in_time
from app.search.services import index, reindex_many

from ..models import Quote
from ..selectors import SEARCH_KIND


def index_quote(quote: Quote) -> None:
    """Keep the words of one quote; call it in the transaction that changes them."""
    place = place_in_time(quote.created_at)
    index(workshop_id=quote.workshop_id, kind=SEARCH_KIND, object_pk=quote.pk, texts=_texts(quote), sort_key=place)


def index_quotes_of(customer_pks: Collection[int]) -> None:
    """Write anew the words of every quote of these customers of the workshop in scope."""
    quotes = Quote.objects.filter(customer_id__in=customer_pks).select_related("customer")
    reindex_many(
        kind=SEARCH_KIND,
        texts_of={quote.pk: _texts(quote) for quote in quotes},
        sort_keys={quote.pk: place_in_time(quote.created_at) for quote in quotes},
    )


def _texts(quote: Quote) -> list[str]:
    return [quote.number or "", quote.title, str(quote.customer)]
