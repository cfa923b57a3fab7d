"""A quote until it is sent: created, edited, copied, deleted."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.editing import require_seen
from app.audit.services import difference, record
from app.crm.models import Customer
from app.entitlements.constants import Dimension
from app.entitlements.errors import QuotaReachedError
from app.entitlements.services import consume
from app.estimating.consumption import to_the_gram
from app.kernel.errors import RuleError
from app.powders.selectors import find_price
from app.search.services import forget
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import QuoteStatus
from ..estimates import costs_of, estimate_quote, surface_of
from ..locks import lock_quote
from ..models import Quote, QuoteLine
from ..selectors import SEARCH_KIND, find_newer_version, find_quote_by_public_id, get_settings, list_lines
from .indexing import index_quote

COPIED = (
    "customer", "title", "powder_margin_percent", "labour_margin_percent", "fixed_margin", "transfer_loss_percent",
    "discount_percent", "deposit_percent", "lead_time", "payment_terms", "conditions", "note",
)  # fmt: skip
#: What the columns of totals and of powder hold; nobody sells so much, somebody mistyped.
AMOUNT_LIMIT, WEIGHT_LIMIT = Decimal(10) ** 10, Decimal(10) ** 7
UPDATED = "quote.updated"
LINE_OWN = ("id", "workshop", "quote", "powder_sent")
LINE_COPIED = [field.name for field in QuoteLine._meta.concrete_fields if field.name not in LINE_OWN]


def new_draft(workshop: Workshop, customer: Customer | None = None) -> Quote:
    """An unsaved quote that starts from the workshop's prices."""
    prices = get_settings(workshop)
    quote = Quote(workshop=workshop)
    if customer:
        quote.customer = customer
    for field in ("powder_margin_percent", "labour_margin_percent", "fixed_margin", "transfer_loss_percent",
                  "deposit_percent", "lead_time", "payment_terms", "conditions"):  # fmt: skip
        setattr(quote, field, getattr(prices, field))
    return quote


def save_draft(
    *, workshop: Workshop, actor: Actor, quote: Quote, lines: Sequence[QuoteLine], seen: str | None = None
) -> Quote:
    """Write a new or edited draft with all its lines, priced; RuleError once the quote is sent, or at the quota.

    `seen` is what the page showed (`seen_of`): ChangedMeanwhileError when somebody saved since.
    """
    with transaction.atomic():
        held = lock_quote(quote.pk) if quote.pk else None
        if held:
            _require_draft(held)
            require_seen(held, UPDATED, seen)
        before = _trace(held) if held else {}
        if held is None and quote.replaces is None:  # a version is not another quote
            consume(workshop=workshop, dimension=Dimension.QUOTES, actor=actor)
        _require_lines(lines)
        for line in lines:
            line.workshop_id = workshop.pk
            complete_line(line, workshop)
        _write_totals(quote, lines, workshop)
        quote.created_by_id = quote.created_by_id or actor.user_id
        quote.save()
        _replace_lines(quote, lines)
        index_quote(quote)
        action = UPDATED if before else "quote.created"
        record(workshop=workshop, actor=actor, action=action, subject=quote, changes=difference(before, _trace(quote)))
    return quote


def create_draft(
    *, workshop: Workshop, actor: Actor, quote: Quote, lines: Sequence[QuoteLine], key: UUID | None
) -> Quote:
    """Write a new draft as `save_draft`; sent again with the same key, the quote that it has become, unchanged."""
    if key is None:
        return save_draft(workshop=workshop, actor=actor, quote=quote, lines=lines)
    if known := find_quote_by_public_id(key):
        return known
    quote.public_id = key
    try:
        return save_draft(workshop=workshop, actor=actor, quote=quote, lines=lines)
    except (IntegrityError, QuotaReachedError):  # the same one twice at once: the other may have written it meanwhile
        if known := find_quote_by_public_id(key):
            return known
        raise


def duplicate_quote(*, workshop: Workshop, actor: Actor, quote: Quote, key: UUID | None = None) -> Quote:
    """A new draft with the same content, at today's powder prices.

    Asked again with the same key, of a page that may copy several quotes, the copy that is there already.
    """
    with transaction.atomic():
        copy, lines = _copy(quote)
        for line in lines:
            line.powder_price_per_kg = None
        key = uuid5(key, str(quote.public_id)) if key else None
        saved = create_draft(workshop=workshop, actor=actor, quote=copy, lines=lines, key=key)
        if saved is copy:
            changes = {"copied_from": str(quote)}
            record(workshop=workshop, actor=actor, action="quote.duplicated", subject=saved, changes=changes)
    return saved


def new_version(*, workshop: Workshop, actor: Actor, quote: Quote) -> Quote:
    """A draft that will replace a sent or refused quote; RuleError for a signed one or one already replaced."""
    with transaction.atomic():
        held = lock_quote(quote.pk)
        if held.status not in (QuoteStatus.SENT, QuoteStatus.REFUSED):
            raise RuleError(_("Only a sent or refused quote can be replaced by a new version."))
        newer = find_newer_version(held)
        if newer:
            raise RuleError(_("This quote already has a newer version: %(quote)s.") % {"quote": newer})
        copy, lines = _copy(held)
        copy.replaces = held
        saved = save_draft(workshop=workshop, actor=actor, quote=copy, lines=lines)
        record(workshop=workshop, actor=actor, action="quote.versioned", subject=saved, changes={"replaces": str(held)})
    return saved


def delete_draft(*, workshop: Workshop, actor: Actor, quote: Quote) -> None:
    """Remove a draft for good; RuleError once it is sent, since its number must stay."""
    with transaction.atomic():
        held = lock_quote(quote.pk)
        _require_draft(held)
        record(workshop=workshop, actor=actor, action="quote.deleted", subject=held, changes=_trace(held))
        forget(kind=SEARCH_KIND, object_pk=held.pk)
        held.delete()


def complete_line(line: QuoteLine, workshop: Workshop) -> None:
    """Copy onto a line what it takes from its measures and its powder, unless the user chose otherwise.

    Under the franchise of art. 293 B of the CGI there is no VAT, whatever was typed or copied from before: what a
    document charges is due (art. 283).
    """
    if workshop.vat_exempt:
        line.vat_rate = Decimal(0)
    line.surface_m2 = surface_of(line) if line.is_job else None
    if not line.powder:
        return
    if line.powder_price_per_kg is None:
        line.powder_price_per_kg = find_price(line.powder, timezone.localdate())
    line.curing_celsius = line.curing_celsius or line.powder.curing_temperature_c
    line.curing_minutes = line.curing_minutes or line.powder.curing_minutes


def _require_draft(quote: Quote) -> None:
    if not quote.is_draft:
        raise RuleError(_("A sent quote cannot change: create a new version."))


def _require_lines(lines: Sequence[QuoteLine]) -> None:
    if not lines:
        raise RuleError(_("Add at least one line."))


def _write_totals(quote: Quote, lines: Sequence[QuoteLine], workshop: Workshop) -> None:
    try:
        priced = estimate_quote(quote, lines, get_settings(workshop))
    except ValueError as error:
        raise RuleError(
            _("A powder has neither a consumption nor a density and thickness: complete its record.")
        ) from error
    except ArithmeticError as error:
        raise _too_large() from error
    for line, result in zip(lines, priced.lines, strict=True):
        line.total_excl_tax = result.total_excl_tax
        line.powder_kg = to_the_gram(sum(result.breakdown.powder_kg, Decimal(0)))
        line.costs = costs_of(result.breakdown)
    quote.total_excl_tax = priced.totals.total_excl_tax
    quote.total_tax = priced.totals.vat
    quote.total_incl_tax = priced.totals.total_incl_tax
    # The discount of the quote may bring a total down that its lines do not fit.
    amounts = (quote.total_incl_tax, *(line.total_excl_tax for line in lines))
    if max(amounts) >= AMOUNT_LIMIT or any(line.powder_kg >= WEIGHT_LIMIT for line in lines):
        raise _too_large()


def _too_large() -> RuleError:
    return RuleError(_("The total is too large: check the quantities, the measures and the prices."))


def _replace_lines(quote: Quote, lines: Sequence[QuoteLine]) -> None:
    QuoteLine.objects.filter(quote=quote).delete()
    for position, line in enumerate(lines):
        line.pk, line.quote, line.position = None, quote, position
    QuoteLine.objects.bulk_create(lines)


def _copy(quote: Quote) -> tuple[Quote, list[QuoteLine]]:
    copy = Quote(workshop_id=quote.workshop_id, **{field: getattr(quote, field) for field in COPIED})
    lines = [QuoteLine(**{field: getattr(line, field) for field in LINE_COPIED}) for line in list_lines(quote)]
    return copy, lines


def _trace(quote: Quote) -> dict[str, object]:
    """What the audit trail compares."""
    fields = ["title", "customer", "total_excl_tax", "total_incl_tax", "discount_percent", "fixed_margin",
              "powder_margin_percent", "labour_margin_percent", "deposit_percent"]  # fmt: skip
    return {**model_to_dict(quote, fields=fields), "customer": str(quote.customer)}
