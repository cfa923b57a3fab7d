"""Two records side by side, and the one they would make."""

from dataclasses import dataclass, replace

from django.utils.text import capfirst

from app.kernel.phones import display_phone

from .constants import CustomerType
from .identity import FIELDS, CustomerData, data_of, tidy_tags
from .models import Customer

ADDRESS = ("street", "postcode", "city", "country")


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of both records, as people read it."""

    label: str
    kept: str
    other: str
    result: str


def compare(kept: Customer, other: Customer) -> list[Compared]:
    """The fields that at least one of both records fills."""
    one, two = data_of(kept), data_of(other)
    both = completed(one, two)
    rows = [
        Compared(_label(name), *(_shown(data, name) for data in (one, two, both)))
        for name in FIELDS
        if name not in ("country", "language")
    ]
    return [row for row in rows if row.kept or row.other]


def completed(kept: CustomerData, other: CustomerData) -> CustomerData:
    """The fields of `kept`, blanks filled from `other`; tags of both, notes one after the other.

    An address is one thing: it is taken whole, or not at all.
    """
    has_address = any(getattr(kept, name) for name in ADDRESS[:3])
    single = [name for name in FIELDS if name not in (*ADDRESS, "tags", "notes", "type")]
    values = {name: getattr(kept, name) or getattr(other, name) for name in single}
    if not has_address:
        values |= {name: getattr(other, name) for name in ADDRESS}
    notes = "\n\n".join(dict.fromkeys(text for text in (kept.notes, other.notes) if text))
    return replace(kept, **values, tags=tidy_tags([*kept.tags, *other.tags]), notes=notes)


def _label(name: str) -> str:
    field = Customer._meta.get_field(name)
    return capfirst(str(getattr(field, "verbose_name", name)))


def _shown(data: CustomerData, name: str) -> str:
    value = getattr(data, name)
    if name == "type":
        return str(CustomerType(value).label)
    if name == "phone":
        return display_phone(value) if value else ""
    return ", ".join(value) if isinstance(value, tuple) else str(value)
