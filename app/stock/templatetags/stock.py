"""Stock as people read it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from app.documents.labels import spaced
from app.kernel.templatetags.display import number

from ..models import Weighing
from ..reliability import percent_of

register = template.Library()
TRUSTED, DOUBTFUL = 80, 60


@register.filter
def carton_number(number: str) -> str:
    """`SGT M4DT`: in two groups."""
    return spaced(number)


@register.filter
def signed(value: Decimal | None) -> str:
    """`+1,25`, `−0,3`: with its sign, a gap or a movement."""
    if value is None:
        return "—"
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value), 3)}"


@register.filter
def gap_of(gaps: Mapping[int, Decimal], weighing: Weighing) -> Decimal:
    """The gap of a weighing as known today."""
    return gaps.get(weighing.pk, weighing.gap if weighing.carton_id is None else Decimal(0))


@register.filter
def gap_percent(gap: Decimal, theory: Decimal) -> str:
    """`−2,5`: a gap in percent of the theory."""
    return signed(percent_of(gap, theory))


@register.filter
def whole_percent(value: Decimal) -> str:
    """`+4 %`: a difference in percent, without decimals."""
    return f"{signed(value.quantize(Decimal(1)))}\u00a0%"


@register.filter
def score_tone(score: int) -> str:
    """The colour of a reliability score."""
    return "ok" if score >= TRUSTED else "warn" if score >= DOUBTFUL else "bad"


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key."""
    return mapping.get(key)
