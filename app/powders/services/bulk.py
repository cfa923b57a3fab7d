"""Many powders at once, for imports: what `services.powders` does to one, in as many queries whatever their number."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from app.audit.services import Act, difference, record_many
from app.powders.models import Powder, PowderPrice
from app.powders.selectors import find_colours, find_prices
from app.powders.services.powders import PowderData, complete, refusals_said
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

FIELDS = [field.name for field in fields(PowderData)]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file says of a powder, new or already there, and its price of today; what it does not say stays."""

    data: PowderData
    price_per_kg: Decimal | None
    powder: Powder | None = None


def write_powders(*, workshop: Workshop, actor: Actor, entries: Sequence[Entry]) -> None:
    """Add and change powders, each named once: all of them or, when one is refused (RuleError), none."""
    before = [_values(entry.powder) if entry.powder else None for entry in entries]
    powders = _fill(workshop, entries)
    with transaction.atomic():
        _save(powders)
        acts_of_prices = _set_prices(workshop, powders, entries)
        acts: list[Act] = []
        for powder, values in zip(powders, before, strict=True):
            if values is None:
                acts.append(Act("powder.created", powder))
            elif changes := difference(values, _values(powder)):
                acts.append(Act("powder.updated", powder, changes))
            acts += acts_of_prices.get(powder.pk, ())
        record_many(workshop=workshop, actor=actor, acts=acts)


def _values(powder: Powder) -> dict[str, object]:
    return {name: getattr(powder, name) for name in FIELDS}


def _fill(workshop: Workshop, entries: Sequence[Entry]) -> list[Powder]:
    colours = find_colours({entry.data.colour_code for entry in entries})
    powders = []
    for entry in entries:
        powder, colour = entry.powder or Powder(workshop=workshop), colours.get(entry.data.colour_code)
        said = {name: value for name, value in asdict(entry.data).items() if value not in (None, "")}
        if said.get("colour_code") and (colour.code if colour else said["colour_code"]) != powder.colour_code:
            said = {"colour_name": "", "hex": "", **said}  # those of the former colour
        for name, value in said.items():
            setattr(powder, name, value)
        complete(powder, colour)
        powders.append(powder)
    return powders


def _save(powders: Sequence[Powder]) -> None:
    new = [powder for powder in powders if powder.pk is None]
    old = [powder for powder in powders if powder.pk is not None]
    with refusals_said():
        Powder.objects.bulk_create(new)
        # Each as one row of values: `bulk_update` would write a condition for each field of each powder.
        kept = [*FIELDS, "search_key", "updated_at"]
        Powder.objects.bulk_create(old, update_conflicts=True, unique_fields=["id"], update_fields=kept)


def _set_prices(workshop: Workshop, powders: Sequence[Powder], entries: Sequence[Entry]) -> dict[int, list[Act]]:
    """Start today the prices that are not those that hold; the act of each, by its powder."""
    day = timezone.localdate()
    known = find_prices([powder.pk for powder in powders], day)
    prices: list[PowderPrice] = []
    acts: dict[int, list[Act]] = {}
    for powder, entry in zip(powders, entries, strict=True):
        current, price = known.get(powder.pk), entry.price_per_kg
        if price is None or price == current:
            continue
        prices.append(PowderPrice(workshop=workshop, powder=powder, price_per_kg=price, valid_from=day))
        changes = {"price_per_kg": [current, price], "valid_from": day}
        acts[powder.pk] = [Act("powder.price_changed", powder, changes)]
    PowderPrice.objects.bulk_create(
        prices,
        update_conflicts=True,
        unique_fields=["workshop", "powder", "valid_from"],
        update_fields=["price_per_kg"],
    )
    return acts
