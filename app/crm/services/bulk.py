"""Many customers at once, for imports. Fields are tidied and checked by the caller; the trail holds one entry for all."""

from collections.abc import Sequence

from app.search.models import SearchToken
from app.search.services import rows as token_rows
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..identity import FIELDS, CustomerData, Keys, data_of, search_texts
from ..models import Customer
from ..selectors import SEARCH_KIND, TAG_KIND
from .customers import fill, remember_tags, tag_rows

WRITTEN = [*FIELDS, *Keys.__dataclass_fields__]


def create_many(*, workshop: Workshop, actor: Actor, rows: Sequence[CustomerData]) -> list[Customer]:
    """Add customers, in the order given, with the words that find them."""
    customers = [Customer(workshop=workshop, created_by_id=actor.user_id) for _row in rows]
    for customer, data in zip(customers, rows, strict=True):
        fill(customer, data)
    Customer.objects.bulk_create(customers)
    _index(workshop, customers)
    return customers


def update_many(*, workshop: Workshop, changed: Sequence[tuple[Customer, CustomerData]]) -> None:
    """Write new fields on customers, each named once, and the words that find them."""
    customers = [customer for customer, _data in changed]
    for customer, data in changed:
        fill(customer, data)
    Customer.objects.bulk_update(customers, WRITTEN)
    pks = [customer.pk for customer in customers]
    SearchToken.objects.filter(kind__in=(SEARCH_KIND, TAG_KIND), object_pk__in=pks).delete()
    _index(workshop, customers)


def _index(workshop: Workshop, customers: Sequence[Customer]) -> None:
    words: list[SearchToken] = []
    tags: dict[str, None] = {}
    for customer in customers:
        data, pk = data_of(customer), customer.pk
        words += token_rows(workshop_id=workshop.pk, kind=SEARCH_KIND, object_pk=pk, texts=search_texts(data))
        words += tag_rows(workshop_id=workshop.pk, customer_pk=pk, tags=data.tags)
        tags |= dict.fromkeys(data.tags)
    SearchToken.objects.bulk_create(words)
    remember_tags(workshop_id=workshop.pk, tags=tuple(tags))
