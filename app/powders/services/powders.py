"""Creating, changing, archiving and deleting the workshop's powders, and the history of their prices."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.kernel.errors import RuleError
from app.powders.models import Powder, PowderPrice, ReferenceColour
from app.powders.selectors import find_colour
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

#: What the database answers for a powder whose parts are in a batch.
HELD = "TG003"


@dataclass(frozen=True, slots=True)
class PowderData:
    """The fields of a powder as people enter them; names are those of the model."""

    brand: str
    reference: str
    type: str
    finish: str
    colour_code: str = ""
    colour_name: str = ""
    hex: str = ""
    density: Decimal | None = None
    thickness_um: int | None = None
    consumption_g_per_m2: Decimal | None = None
    curing_temperature_c: int | None = None
    curing_minutes: int | None = None
    notes: str = ""


def create_powder(*, workshop: Workshop, actor: Actor, data: PowderData, price_per_kg: Decimal | None = None) -> Powder:
    """Add a powder, with its price of today when it is known. Refused when its identity is taken."""
    powder = Powder(workshop=workshop, **asdict(data))
    with transaction.atomic():
        _save(powder)
        record(workshop=workshop, actor=actor, action="powder.created", subject=powder)
        if price_per_kg is not None:
            set_price(workshop=workshop, actor=actor, powder=powder, price_per_kg=price_per_kg)
    return powder


def update_powder(
    *, workshop: Workshop, actor: Actor, powder: Powder, data: PowderData, price_per_kg: Decimal | None = None
) -> Powder:
    """Change a powder; a new price starts today. Refused when its identity is taken by another."""
    before = {name: getattr(powder, name) for name in asdict(data)}
    for name, value in asdict(data).items():
        setattr(powder, name, value)
    with transaction.atomic():
        _save(powder)
        if changes := difference(before, {name: getattr(powder, name) for name in before}):
            record(workshop=workshop, actor=actor, action="powder.updated", subject=powder, changes=changes)
        if price_per_kg is not None:
            set_price(workshop=workshop, actor=actor, powder=powder, price_per_kg=price_per_kg)
    return powder


def set_price(
    *, workshop: Workshop, actor: Actor, powder: Powder, price_per_kg: Decimal, valid_from: date | None = None
) -> None:
    """Give a price from a day on (today). A second price of the same day replaces the first; no change, no row."""
    day = valid_from or timezone.localdate()
    current = PowderPrice.objects.filter(powder=powder, valid_from__lte=day).order_by("-valid_from").first()
    if current and current.price_per_kg == price_per_kg:
        return
    with transaction.atomic():
        PowderPrice.objects.update_or_create(
            workshop=workshop, powder=powder, valid_from=day, defaults={"price_per_kg": price_per_kg}
        )
        prices = [current.price_per_kg if current else None, price_per_kg]
        record(
            workshop=workshop,
            actor=actor,
            action="powder.price_changed",
            subject=powder,
            changes={"price_per_kg": prices, "valid_from": day},
        )


def archive_powder(*, workshop: Workshop, actor: Actor, powder: Powder) -> None:
    """Take a powder out of the lists; what refers to it keeps it."""
    _set_archived(workshop=workshop, actor=actor, powder=powder, archived=True)


def restore_powder(*, workshop: Workshop, actor: Actor, powder: Powder) -> None:
    """Put an archived powder back in the lists."""
    _set_archived(workshop=workshop, actor=actor, powder=powder, archived=False)


def delete_powder(*, workshop: Workshop, actor: Actor, powder: Powder) -> None:
    """Delete a powder that nothing refers to; a used one is refused: it can be archived."""
    with transaction.atomic():
        record(workshop=workshop, actor=actor, action="powder.deleted", subject=powder)
        try:
            powder.delete()
        except ProtectedError as error:
            raise RuleError(_("This powder is used: it can be archived, not deleted.")) from error


def _set_archived(*, workshop: Workshop, actor: Actor, powder: Powder, archived: bool) -> None:
    if powder.is_archived == archived:
        return
    powder.archived_at = timezone.now() if archived else None
    with transaction.atomic():
        powder.save(update_fields=["archived_at", "updated_at"])
        action = "powder.archived" if archived else "powder.restored"
        record(workshop=workshop, actor=actor, action=action, subject=powder)


def complete(powder: Powder, colour: ReferenceColour | None) -> None:
    """Tidy what was typed and fill the colour's name and screen value from the chart's colour of its code, if any."""
    for name in ("brand", "reference", "colour_code", "colour_name"):
        setattr(powder, name, " ".join(getattr(powder, name).split()))
    if colour:
        powder.colour_code = colour.code
        powder.colour_name = powder.colour_name or colour.name
        powder.hex = powder.hex or colour.hex
    powder.search_key = powder.make_search_key()


@contextmanager
def refusals_said() -> Iterator[None]:
    """Write powders inside: what the database refuses is a RuleError, and nothing of it is written.

    The unique constraint decides, so that two people who type the same powder at once are told apart too.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "powder_identity_is_unique" not in str(error):
            raise
        message = _("A powder with this reference, type and finish already exists.")
        raise RuleError(message, field="reference") from error
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != HELD:
            raise
        message = _("Parts of this powder are in a batch: close it before its identity or its curing changes.")
        raise RuleError(message) from error


def _save(powder: Powder) -> None:
    complete(powder, find_colour(powder.colour_code))
    with refusals_said():
        powder.save()
