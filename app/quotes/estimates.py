"""From a quote's rows, saved or not, to its price: the same pure rules on screen, at saving and in the PDF."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from app.estimating.consumption import PowderUse
from app.estimating.pricing import Breakdown, Coating, Job, LineEstimate, Margin, PricedItem, QuoteEstimate, estimate
from app.estimating.surfaces import box, plate, round_tube, square_tube
from app.kernel.money import ZERO, TaxableLine, totals

from .constants import Shape
from .models import Quote, QuoteLine, QuoteSettings


def estimate_quote(quote: Quote, lines: Sequence[QuoteLine], prices: QuoteSettings) -> QuoteEstimate:
    """Price a quote; ValueError when a line makes no sense (forms refuse those first)."""
    return estimate(
        [_priced(line, prices) for line in lines],
        margin=Margin(quote.powder_margin_percent, quote.labour_margin_percent, quote.fixed_margin),
        transfer_loss=quote.transfer_loss_percent,
        discount_percent=quote.discount_percent,
    )


def kept_estimate(
    quote: Quote, lines: Sequence[QuoteLine], prices: Callable[[], QuoteSettings]
) -> QuoteEstimate | None:
    """The price of a saved quote with the costs that it was saved with, whatever the powders and prices became.

    A quote saved before costs were kept is priced again, by what `prices` reads; None when that can no longer be done.
    """
    if all(line.costs for line in lines):
        priced = tuple(
            LineEstimate(_breakdown_kept(line.costs), line.quantity, line.vat_rate, line.discount_percent)
            for line in lines
        )
        taxable = (TaxableLine(line.total_excl_tax, line.vat_rate) for line in priced)
        return QuoteEstimate(priced, totals(taxable, discount_percent=quote.discount_percent))
    try:
        return estimate_quote(quote, lines, prices())
    except ValueError:
        return None


def costs_of(breakdown: Breakdown) -> dict[str, Any]:
    """A breakdown as a row keeps it: exact amounts, as text."""
    kept = {name: str(value) for name, value in asdict(breakdown).items() if name != "powder_kg"}
    return kept | {"powder_kg": [str(kilograms) for kilograms in breakdown.powder_kg]}


def _breakdown_kept(costs: Mapping[str, Any]) -> Breakdown:
    amounts = {name: Decimal(value) for name, value in costs.items() if name != "powder_kg"}
    return Breakdown(powder_kg=tuple(Decimal(kilograms) for kilograms in costs["powder_kg"]), **amounts)


def surface_of(line: QuoteLine) -> Decimal:
    """Square metres of one part: typed, or from its dimensions. Zero while a dimension is missing."""
    length, width, height = (Decimal(side or 0) for side in (line.length_mm, line.width_mm, line.height_mm))
    try:
        match line.shape:
            case Shape.PLATE:
                return plate(length, width)
            case Shape.PLATE_ONE_FACE:
                return plate(length, width, faces=1)
            case Shape.ROUND_TUBE:
                return round_tube(width, length)
            case Shape.SQUARE_TUBE:
                return square_tube(width, height, length)
            case Shape.BOX:
                return box(length, width, height)
    except ValueError:
        return Decimal(0)
    return line.surface_m2 or Decimal(0)


def _priced(line: QuoteLine, prices: QuoteSettings) -> Job | PricedItem:
    if not line.is_job:
        return PricedItem(line.unit_price or ZERO, line.quantity, line.vat_rate, line.discount_percent)
    return Job(
        surface_m2=surface_of(line),
        quantity=line.quantity,
        coatings=tuple(_coatings(line, prices)),
        labour_minutes=Decimal(line.labour_minutes),
        hourly_rate=line.hourly_rate,
        vat_rate=line.vat_rate,
        consumables=line.consumables,
        energy=line.energy,
        discount_percent=line.discount_percent,
    )


def _coatings(line: QuoteLine, prices: QuoteSettings) -> list[Coating]:
    layers = []
    if line.powder:
        layers.append(Coating(line.powder.use, line.powder_price_per_kg or ZERO, line.coats))
    if line.primer:
        layers.append(Coating(PowderUse(Decimal(prices.primer_g_per_m2)), prices.primer_price_per_kg))
    if line.varnish:
        layers.append(Coating(PowderUse(Decimal(prices.varnish_g_per_m2)), prices.varnish_price_per_kg))
    return layers
