"""Powder needed for a surface. The rules and worked examples are in docs/algorithms/consumption.md."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.kernel.money import Percent

GRAMS_PER_KG = Decimal(1000)
GRAM = Decimal("0.001")
DEFAULT_TRANSFER_LOSS: Percent = Decimal(30)
MAX_COATS = 3


@dataclass(frozen=True, slots=True)
class PowderUse:
    """What is known of a powder: its measured consumption, or else its density and the thickness wanted.

    `consumption_g_per_m2` is the workshop's or the maker's average for one coat, losses included.
    """

    consumption_g_per_m2: Decimal | None = None
    density_g_per_cm3: Decimal | None = None
    thickness_um: Decimal | None = None

    def grams_per_m2(self, transfer_loss: Percent = DEFAULT_TRANSFER_LOSS) -> Decimal:
        """Powder to spray on one square metre for one coat. Raises ValueError when the powder is not known enough.

        One micrometre of a powder of density 1 weighs one gram per square metre; of what is sprayed, the share
        `transfer_loss` does not stay on the part. A measured average already holds that loss.
        """
        if self.consumption_g_per_m2:
            return self.consumption_g_per_m2
        if not (self.density_g_per_cm3 and self.thickness_um):
            raise ValueError("a powder needs its consumption, or its density and thickness")
        if not 0 <= transfer_loss < 100:
            raise ValueError("the transfer loss is between 0 and 100 % (100 excluded)")
        return self.density_g_per_cm3 * self.thickness_um / (1 - transfer_loss / 100)

    @property
    def is_known(self) -> bool:
        """Whether a consumption can be computed."""
        return bool(self.consumption_g_per_m2 or (self.density_g_per_cm3 and self.thickness_um))


def powder_kg(
    *,
    surface_m2: Decimal,
    coats: int,
    use: PowderUse,
    transfer_loss: Percent = DEFAULT_TRANSFER_LOSS,
) -> Decimal:
    """Kilograms of powder for a surface in 1 to 3 coats, not rounded: the price is computed from it."""
    if not 1 <= coats <= MAX_COATS:
        raise ValueError(f"a powder is laid in 1 to {MAX_COATS} coats")
    if surface_m2 < 0:
        raise ValueError("a surface is not negative")
    return surface_m2 * coats * use.grams_per_m2(transfer_loss) / GRAMS_PER_KG


def to_the_gram(kilograms: Decimal) -> Decimal:
    """A weight as it is shown and stored."""
    return kilograms.quantize(GRAM, rounding=ROUND_HALF_UP)
