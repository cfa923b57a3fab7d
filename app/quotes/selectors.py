"""Reads of quotes; every queryset wants a workshop's scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import RawSQL
from django.utils import timezone

from app.crm.selectors import CUSTOMER_NAME
from app.documents.models import Signature
from app.kernel.pagination import Page, keyset_page
from app.powders.models import Powder
from app.powders.selectors import with_price
from app.search.selectors import first_found, matching
from app.tenancy.models import Workshop
from app.tenancy.questions import the_one, written_once
from app.tenancy.scope import platform_scope
from app.tenancy.written import workshop_rows

from .constants import QuoteStatus
from .models import Quote, QuoteLine, QuoteSettings

SEARCH_KIND = "quote"
LATEST = 6
EXPIRED = "expiré"
REPLACED = "remplacé"
#: What a list of quotes shows.
SHOWN = ("number", "title", "sent_at", "created_at", "total_incl_tax", "status", "withdrawn_at", "valid_until",
         "first_opened_at", "pdf_file_id", "signed_file_id", *CUSTOMER_NAME)  # fmt: skip

#: What names a quote on the page of another one.
NAMED_BY = frozenset(("id", "workshop", "number", "title"))


@dataclass(frozen=True)
class Awaiting:
    """Quotes that wait for a signature."""

    count: int
    total_incl_tax: Decimal
    oldest_sent_at: datetime | None


def get_settings(workshop: Workshop) -> QuoteSettings:
    """How the workshop prices; the safe defaults, unsaved, until it has changed one."""
    return next(iter(workshop_rows(QuoteSettings, "LIMIT 1")), None) or QuoteSettings(workshop=workshop)


def list_quotes(*, search: str = "", status: str = "", customer_pk: int | None = None) -> "QuerySet[Quote]":
    """Quotes with their customer and whether they are replaced, the newest first, filtered.

    `remplacé` is a sent quote whose newer version has been sent too, `expiré` another one past its validity.
    """
    quotes = _with_replaced(Quote.objects.select_related("customer")).order_by("-created_at", "-pk")
    found = matching(SEARCH_KIND, search)
    if found is not None:
        quotes = quotes.filter(found)
    if status in (QuoteStatus.SENT, EXPIRED, REPLACED):
        quotes = quotes.filter(_newer_sent() if status == REPLACED else ~_newer_sent(), status=QuoteStatus.SENT)
        quotes = quotes.filter(valid_until__lt=timezone.localdate()) if status == EXPIRED else quotes
    elif status:
        quotes = quotes.filter(status=status)
    return quotes.filter(customer_id=customer_pk) if customer_pk else quotes


def page_of_quotes(*, search: str = "", status: str = "", cursor: str | None = None) -> Page[Quote]:
    """A page of the same quotes, with what a list shows of each; a search alone reads no other quote."""
    narrowed = first_found(SEARCH_KIND, search) if not status else None
    quotes = list_quotes(status=status) if narrowed else list_quotes(search=search, status=status)
    return keyset_page(quotes.only(*SHOWN), keys=("-created_at", "-id"), cursor=cursor, narrowed=narrowed)


@written_once
def list_latest_quotes() -> "QuerySet[Quote]":
    """The quotes that were made last, with their customer and whether they are replaced."""
    return list_quotes().only(*SHOWN)[:LATEST]


def get_quote(quote_pk: int) -> Quote:
    """One quote with its customer and its newer version; Quote.DoesNotExist when it is not in this workshop."""
    return the_one(Quote, _quote(quote_pk))


@written_once
def _quote(quote_pk: int) -> "QuerySet[Quote]":
    unread = (field.name for field in Quote._meta.concrete_fields if field.name not in NAMED_BY)
    quotes = Quote.objects.select_related("customer", "replaced_by").defer(*[f"replaced_by__{name}" for name in unread])
    return _with_replaced(quotes).filter(pk=quote_pk)


def get_quote_by_public_id(public_id: UUID) -> Quote:
    """The quote of a customer's link; Quote.DoesNotExist when it is not in this workshop."""
    return Quote.objects.select_related("customer").get(public_id=public_id)


def find_quote_by_public_id(public_id: UUID) -> Quote | None:
    """The same, or None."""
    return Quote.objects.filter(public_id=public_id).first()


def list_lines(quote: Quote) -> list[QuoteLine]:
    """The lines of a quote, in order, with their powder."""
    return _lines(quote.pk)


@written_once
def _lines(quote_pk: int) -> "QuerySet[QuoteLine]":
    return QuoteLine.objects.filter(quote_id=quote_pk).select_related("powder").order_by("position", "pk")


def find_newer_version(quote: Quote) -> Quote | None:
    """The version that replaces this one, or None."""
    return next(iter(workshop_rows(Quote, "AND replaces_id = %s ORDER BY id LIMIT 1", [quote.pk])), None)


def is_number_taken(number: str) -> bool:
    """Whether a quote of the workshop in scope bears this number."""
    return Quote.objects.filter(number=number).exists()


def list_lost_sendings(older_than: timedelta) -> list[tuple[int, int]]:
    """Workshop and quote of what was sent some time ago and never mailed: the task was lost on the way."""
    with platform_scope():
        lost = Quote.objects.filter(mailed_at=None, sent_at__lt=timezone.now() - older_than).exclude(sent_to="")
        return list(lost.values_list("workshop_id", "pk"))


def list_lost_signatures(older_than: timedelta) -> list[tuple[int, int, int]]:
    """Workshop, quote and signature of what was signed some time ago and whose signed document was never made."""
    with platform_scope():
        lost = Quote.objects.filter(signed_file_id=None, accepted_at__lt=timezone.now() - older_than)
        signature = Signature.objects.filter(
            workshop_id=OuterRef("workshop_id"), subject_kind=Quote._meta.model_name, subject_pk=OuterRef("pk")
        )
        return list(
            lost.annotate(signature_pk=Subquery(signature.values("pk")[:1]))
            .exclude(signature_pk=None)
            .values_list("workshop_id", "pk", "signature_pk")
        )


def list_powder_choices(kept: Collection[int] = ()) -> "QuerySet[Powder]":
    """The powders that a line may name, with `current_price`, by brand and reference; archived ones only if `kept`."""
    powders = Powder.objects.filter(Q(archived_at=None) | Q(pk__in=kept))
    return with_price(powders).order_by("brand", "reference", "pk")


def awaiting_signature(today: date) -> Awaiting:
    """How many valid quotes wait for their customer, for how much."""
    waiting = Quote.objects.filter(~_newer_sent(), status=QuoteStatus.SENT, valid_until__gte=today)
    row = waiting.aggregate(count=Count("pk"), total=Sum("total_incl_tax"), oldest=Min("sent_at"))
    return Awaiting(row["count"], row["total"] or Decimal(0), row["oldest"])


def _with_replaced(quotes: "QuerySet[Quote]") -> "QuerySet[Quote]":
    """Annotate `is_replaced`, which the model declares."""
    said = {"is_replaced": RawSQL(_IS_REPLACED, [], output_field=BooleanField())}  # noqa: S611  a constant
    return quotes.annotate(**said)


#: `_newer_sent` for the rows that are shown: asked row by row, where EXISTS would read the versions of the whole list.
_IS_REPLACED = f"""
coalesce((
    SELECT TRUE FROM {Quote._meta.db_table} AS newer WHERE newer.workshop_id = {Quote._meta.db_table}.workshop_id
    AND newer.replaces_id = {Quote._meta.db_table}.id AND newer.status <> '{QuoteStatus.DRAFT}' LIMIT 1
), FALSE)
"""


def _newer_sent() -> Exists:
    """Whether a newer version of a quote has been sent: this one can no longer be signed."""
    return Exists(Quote.objects.filter(replaces=OuterRef("pk")).exclude(status=QuoteStatus.DRAFT))
