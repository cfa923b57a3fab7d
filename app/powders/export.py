"""The powders as a file that the import reads back."""

from collections.abc import Iterable

from app.kernel.csvfiles import write_csv
from app.powders.importing import TARGETS
from app.powders.models import Powder


def powders_csv(powders: Iterable[Powder]) -> bytes:
    """One line per powder, in the columns of the import; the price is the one that holds today."""
    return write_csv((str(label) for label, _names in TARGETS.values()), (_cells(powder) for powder in powders))


def _cells(powder: Powder) -> list[object]:
    shown: dict[str, object] = {
        "type": powder.get_type_display(),
        "finish": powder.get_finish_display(),
        "consumption_kg_per_m2": "",
    }
    shown["price_per_kg"] = getattr(powder, "current_price", None)
    return [_french(shown.get(name, getattr(powder, name, ""))) for name in TARGETS]


def _french(value: object) -> object:
    """Spreadsheets of the country read a comma."""
    return str(value).replace(".", ",") if hasattr(value, "as_tuple") else value
