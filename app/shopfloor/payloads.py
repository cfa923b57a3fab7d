"""What an action says, as values of the trade; RuleError for what cannot be one."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from uuid import UUID

from django.utils.translation import gettext as _

from app.kernel.errors import RuleError
from app.powders.models import Powder
from app.projects.constants import CheckAnswer
from app.projects.models import Part

COMMENT_LONGEST = 500


@dataclass(frozen=True)
class StepValues:
    """A validation: which step, the comment, the answers of its checklist."""

    step: object
    comment: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class PartValues:
    """What was really laid and cured on a part; °C and minutes."""

    powder: int | None
    coats: int
    primer: bool
    varnish: bool
    curing_celsius: int | None
    curing_minutes: int | None

    @classmethod
    def of(cls, part: Part) -> Self:
        """The values that a part has now."""
        return cls(part.powder_id, part.coats, part.primer, part.varnish, part.curing_celsius, part.curing_minutes)

    def shown(self) -> dict[str, Any]:
        """Each value by its name."""
        return {value.name: getattr(self, value.name) for value in fields(self)}

    def over(self, now: Self, *, base: Self) -> Self:
        """What the part becomes: what this changed since `base`, and for the rest what it is now."""
        mine, before = self.shown(), base.shown()
        return replace(now, **{name: value for name, value in mine.items() if value != before[name]})

    def arguments(self) -> dict[str, Any]:
        """The arguments of `record_part`."""
        values = self.shown()
        powder_pk = values.pop("powder")
        powder = Powder.objects.filter(pk=powder_pk).first() if powder_pk else None
        if powder_pk and powder is None:
            raise RuleError(_("This powder is not in this workshop."))
        return {**values, "powder": powder}


def step_values(payload: Mapping[str, Any]) -> StepValues:
    """The validation that a payload holds."""
    answers = payload.get("answers") or []
    if not isinstance(answers, list) or any(answer not in CheckAnswer.values for answer in answers):
        raise RuleError(_("Answer every item of the checklist."))
    return StepValues(payload.get("step"), text_of(payload.get("comment"), COMMENT_LONGEST), tuple(answers))


def part_values(payload: Mapping[str, Any]) -> PartValues:
    """The record of a part that a payload holds."""
    return PartValues(
        powder=whole(payload.get("powder")),
        coats=within(payload.get("coats"), 1, 3) or 1,
        primer=payload.get("primer") is True,
        varnish=payload.get("varnish") is True,
        curing_celsius=within(payload.get("curing_celsius"), 80, 300),
        curing_minutes=within(payload.get("curing_minutes"), 1, 240),
    )


def whole(value: object) -> int | None:
    """A key, or None."""
    good = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
    return value if good else None  # type: ignore[return-value]


def as_key(value: object) -> UUID | None:
    """The key of another action, or None."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def within(value: object, least: int, most: int) -> int | None:
    """A whole number between two others, or None when nothing was given; RuleError beyond them."""
    if value in (None, ""):
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise RuleError(_("Between %(least)s and %(most)s.") % {"least": least, "most": most})
    return value


def text_of(value: object, longest: int) -> str:
    """A text without its outer spaces; RuleError when it is too long or none."""
    text = value if isinstance(value, str) else ""
    text = text.replace("\x00", "").strip()
    if len(text) > longest:
        raise RuleError(_("This text is too long: %(most)s characters at most.") % {"most": longest})
    return text
