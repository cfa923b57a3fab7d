"""From a quote's rows, saved or not, to its price: the same pure rules on screen, at saving and in the PDF."""

from collections.abc import Sequence
from decimal import Decimal

from app.estimating.consumption import PowderUse
from app.estimating.pricing import Coating, Job, Margin, PricedItem, QuoteEstimate, estimate
from app.estimating.surfaces import box, plate, round_tube, square_tube
from app.kernel.money import ZERO

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
