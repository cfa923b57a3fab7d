"""How much powder parts take, and how what a batch takes is shared among them: pure functions, in kg and m²."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal

from app.estimating.consumption import DEFAULT_TRANSFER_LOSS, GRAM, powder_kg, to_the_gram
from app.projects.models import Part

ZERO = Decimal(0)


def surface_of(part: Part) -> Decimal | None:
    """The surface of all the pieces of a part, in m²; None when nobody has said it."""
    return None if part.surface_m2 is None else part.surface_m2 * part.quantity


def exact_kg(part: Part) -> Decimal | None:
    """The powder that a part takes, not rounded; None without a surface or when the powder is not known enough.

    A powder without a measured average is reckoned with the loss that the project's quote was priced with.
    """
    surface = surface_of(part)
    if surface is None or part.powder is None or not part.powder.use.is_known:
        return None
    quote = part.project.quote
    loss = quote.transfer_loss_percent if quote else DEFAULT_TRANSFER_LOSS
    return powder_kg(surface_m2=surface, coats=part.coats, use=part.powder.use, transfer_loss=loss)


def share_to_the_gram(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Share kilograms pro rata, so that the shares add up to the gram: the largest remainders get the grams left.

    >>> share_to_the_gram(Decimal("1.000"), [Decimal(1), Decimal(1), Decimal(1)])
    [Decimal('0.334'), Decimal('0.333'), Decimal('0.333')]
    """
    whole = sum(weights, ZERO)
    if not whole:
        return [to_the_gram(ZERO) for _weight in weights]
    exact = [total * weight / whole for weight in weights]
    shares = [share.quantize(GRAM, rounding=ROUND_DOWN) for share in exact]
    left = int((to_the_gram(total) - sum(shares, ZERO)) / GRAM)
    order = sorted(range(len(weights)), key=lambda rank: (shares[rank] - exact[rank], rank))
    for rank in order[:left]:
        shares[rank] += GRAM
    return shares


def missing_kg(needed: Decimal | None, in_stock: Decimal | None) -> Decimal | None:
    """What the stock lacks for a need, in kg; None when it is enough, or not known.

    Never more than the need: a level below zero says that the stock was not counted, not that more is needed.
    """
    if needed is None or in_stock is None or needed <= in_stock:
        return None
    return needed - max(in_stock, ZERO)
