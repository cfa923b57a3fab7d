"""Gap-free numbers, one series per workshop and period, safe under concurrency."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from sequences import get_next_value, get_next_values

from app.audit.services import record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .formats import DEFAULT_PATTERNS, check_pattern, number_text, period_of
from .models import NumberFormat


def next_number(
    *, workshop: Workshop, series: str, on: date, is_taken: Callable[[str], bool] = lambda _number: False
) -> str:
    """Take the next number of a series, in the workshop's format, inside the caller's transaction.

    The series is locked until the transaction ends and a rollback gives the number back, so there is never a gap
    nor a double: call it last, to keep the lock short. `is_taken` tells the numbers that a former format gave:
    `D-2026-{number:4}` and `D-{year}-{number:4}` count apart and write the same.
    """
    pattern = pattern_of(series)
    while True:
        counter = get_next_value(f"{series}:{workshop.pk}:{period_of(pattern, on)}")
        number = number_text(pattern, on, counter)
        if not is_taken(number):
            return number


def take_ranks(*, workshop: Workshop, series: str, how_many: int) -> range:
    """The next ranks of a series that has no format and never starts again, from 1, in one step."""
    ranks: range = get_next_values(how_many, f"{series}:{workshop.pk}")
    return ranks


def pattern_of(series: str) -> str:
    """The format of a series in the workshop in scope, or the product's default."""
    chosen = NumberFormat.objects.filter(series=series).values_list("pattern", flat=True).first()
    return chosen or DEFAULT_PATTERNS[series]


def set_pattern(*, workshop: Workshop, actor: Actor, series: str, pattern: str) -> None:
    """Change the format of the numbers to come; PatternError when the pattern could repeat a number."""
    check_pattern(pattern)
    with transaction.atomic():
        before = pattern_of(series)
        if before == pattern:
            return
        chosen, _is_new = NumberFormat.objects.update_or_create(
            workshop=workshop, series=series, defaults={"pattern": pattern}
        )
        changes = {series: [before, pattern]}
        record(workshop=workshop, actor=actor, action="numbering.format_changed", subject=chosen, changes=changes)
