"""Price of a quote. The rules and worked examples are in docs/algorithms/pricing.md.

Every amount is in euros without tax unless its name says otherwise. Values that make no sense (a negative
surface, a fourth coat) raise ValueError: forms refuse them earlier, with a message.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.estimating.consumption import (
    DEFAULT_TRANSFER_LOSS,
    PowderUse,
    powder_kg,
    to_the_gram,
)
from app.kernel.money import (
    ZERO,
    Percent,
    TaxableLine,
    Totals,
    allocate,
    cents,
    percent_of,
    totals,
)

MINUTES_PER_HOUR = Decimal(60)


@dataclass(frozen=True, slots=True)
class Coating:
    """A layer of one powder: the colour, and besides it a primer or a varnish, each with its own use and price."""

    use: PowderUse
    price_per_kg: Decimal
    coats: int = 1


@dataclass(frozen=True, slots=True)
class Margin:
    """Percentages on powder and on labour, and an amount for the whole quote."""

    powder_percent: Percent = ZERO
    labour_percent: Percent = ZERO
    fixed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Job:
    """A line to price from its costs. The surface is that of one part, the minutes are those of the whole line."""

    surface_m2: Decimal
    quantity: Decimal
    coatings: tuple[Coating, ...]
    labour_minutes: Decimal
    hourly_rate: Decimal
    vat_rate: Percent
    consumables: Decimal = ZERO
    energy: Decimal = ZERO
    discount_percent: Percent = ZERO


@dataclass(frozen=True, slots=True)
class PricedItem:
    """A line sold at a price (delivery, stripping, a fixed-price job): no cost is computed."""

    unit_price: Decimal
    quantity: Decimal
    vat_rate: Percent
    discount_percent: Percent = ZERO


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Where the price of a line comes from: for the workshop only, never on a customer's document. Exact."""

    powder_kg: tuple[Decimal, ...] = ()
    powder: Decimal = ZERO
    labour: Decimal = ZERO
    consumables: Decimal = ZERO
    energy: Decimal = ZERO
    powder_margin: Decimal = ZERO
    labour_margin: Decimal = ZERO
    fixed_margin: Decimal = ZERO
    sold: Decimal = ZERO

    @property
    def cost(self) -> Decimal:
        """What the job costs the workshop."""
        return self.powder + self.labour + self.consumables + self.energy

    @property
    def margin(self) -> Decimal:
        """What is added to the cost."""
        return self.powder_margin + self.labour_margin + self.fixed_margin

    @property
    def price(self) -> Decimal:
        """The price before discount."""
        return self.cost + self.margin + self.sold


@dataclass(frozen=True, slots=True)
class LineEstimate:
    """A line priced: its discounted total is rounded to the cent, once."""

    breakdown: Breakdown
    quantity: Decimal
    vat_rate: Percent
    discount_percent: Percent

    @property
    def gross_excl_tax(self) -> Decimal:
        """The line before its discount, to the cent, as it may be printed."""
        return cents(self.breakdown.price)

    @property
    def total_excl_tax(self) -> Decimal:
        """The total of the line, rounded once, from the exact price."""
        price = self.breakdown.price
        return cents(price - percent_of(price, self.discount_percent))

    @property
    def unit_price(self) -> Decimal:
        """The total divided by the quantity, to the cent: for reading, the total of the line is what counts."""
        return cents(self.total_excl_tax / self.quantity) if self.quantity else ZERO


@dataclass(frozen=True, slots=True)
class QuoteEstimate:
    """A quote priced: the lines in the order given and the foot of the document."""

    lines: tuple[LineEstimate, ...]
    totals: Totals

    @property
    def cost(self) -> Decimal:
        """Cost of the quote to the workshop, to the cent."""
        return cents(sum((line.breakdown.cost for line in self.lines), ZERO))

    @property
    def margin(self) -> Decimal:
        """What is left of the discounted total once the cost is paid; items sold at a price have no known cost."""
        return self.totals.total_excl_tax - self.cost

    @property
    def powder_kg(self) -> Decimal:
        """All powders together, in kilograms, to the gram."""
        return to_the_gram(sum((kg for line in self.lines for kg in line.breakdown.powder_kg), ZERO))


def estimate(
    lines: Iterable[Job | PricedItem],
    *,
    margin: Margin,
    transfer_loss: Percent = DEFAULT_TRANSFER_LOSS,
    discount_percent: Percent = ZERO,
) -> QuoteEstimate:
    """Price every line and add them up; the fixed margin is shared between the jobs by their cost."""
    items = tuple(lines)
    priced = [_price(item, margin, transfer_loss) for item in items]
    jobs = [index for index, item in enumerate(items) if isinstance(item, Job)]
    if jobs:
        shares = allocate(margin.fixed, [priced[index].breakdown.cost for index in jobs])
        for index, share in zip(jobs, shares, strict=True):
            priced[index] = replace(
                priced[index],
                breakdown=replace(priced[index].breakdown, fixed_margin=share),
            )
    foot = totals(
        (TaxableLine(line.total_excl_tax, line.vat_rate) for line in priced),
        discount_percent=discount_percent,
    )
    return QuoteEstimate(tuple(priced), foot)


def energy_cost(*, oven_kw: Decimal, minutes: Decimal, price_per_kwh: Decimal) -> Decimal:
    """Energy of one curing: power of the oven, minutes at temperature, price of the kilowatt-hour. Exact."""
    return oven_kw * minutes / MINUTES_PER_HOUR * price_per_kwh


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """What is asked before work starts and what is left, tax included."""

    deposit: Decimal
    balance: Decimal


def split_deposit(
    total_incl_tax: Decimal,
    *,
    percent: Percent | None = None,
    amount: Decimal | None = None,
) -> PaymentTerms:
    """Deposit as an amount or else as a percentage, never more than the total."""
    wanted = amount if amount is not None else percent_of(total_incl_tax, percent or ZERO)
    deposit = min(cents(wanted), max(total_incl_tax, ZERO))
    return PaymentTerms(deposit, total_incl_tax - deposit)


def _price(item: Job | PricedItem, margin: Margin, transfer_loss: Percent) -> LineEstimate:
    if item.quantity < 0:
        raise ValueError("a quantity is not negative")
    if isinstance(item, PricedItem):
        breakdown = Breakdown(sold=item.unit_price * item.quantity)
    else:
        breakdown = _job_breakdown(item, margin, transfer_loss)
    return LineEstimate(breakdown, item.quantity, item.vat_rate, item.discount_percent)


def _job_breakdown(job: Job, margin: Margin, transfer_loss: Percent) -> Breakdown:
    if min(job.labour_minutes, job.hourly_rate, job.consumables, job.energy) < 0:
        raise ValueError("a cost is not negative")
    kilograms = _kilograms(job, transfer_loss)
    powder = sum(
        (kg * layer.price_per_kg for kg, layer in zip(kilograms, job.coatings, strict=True)),
        ZERO,
    )
    labour = job.labour_minutes / MINUTES_PER_HOUR * job.hourly_rate
    return Breakdown(
        powder_kg=tuple(kilograms),
        powder=powder,
        labour=labour,
        consumables=job.consumables,
        energy=job.energy,
        powder_margin=percent_of(powder, margin.powder_percent),
        labour_margin=percent_of(labour, margin.labour_percent),
    )


def _kilograms(job: Job, transfer_loss: Percent) -> Sequence[Decimal]:
    surface = job.surface_m2 * job.quantity
    return [
        powder_kg(
            surface_m2=surface,
            coats=layer.coats,
            use=layer.use,
            transfer_loss=transfer_loss,
        )
        for layer in job.coatings
    ]
