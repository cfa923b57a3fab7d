"""The format of a number: pure functions on a pattern such as `D-{year}-{number:4}`."""

import re
from datetime import date

DEFAULT_PATTERNS = {
    "quote": "D{yy}{month}-{number:4}",
    "project": "{yy}{month}-{number:4}",
    "batch": "S-{year}-{number:4}",
}
FIELD = re.compile(r"\{(year|yy|month|number(?::([1-8]))?)\}")
PLAIN = re.compile(r"[A-Za-z0-9/._-]*")


class PatternError(ValueError):
    """The pattern has an unknown field, an odd character or no counter."""


def check_pattern(pattern: str) -> None:
    """PatternError unless the pattern has one counter and only known fields and plain characters."""
    if len(re.findall(r"\{number", pattern)) != 1 or not PLAIN.fullmatch(FIELD.sub("", pattern)):
        raise PatternError(pattern)
    if "{month}" in pattern and not ("{year}" in pattern or "{yy}" in pattern):
        raise PatternError(pattern)  # each January would start the same series again


def period_of(pattern: str, on: date) -> str:
    """What the counter starts again with: the month, the year, or nothing.

    >>> period_of("{yy}{month}-{number:4}", date(2026, 11, 20))
    '2026-11'
    """
    if "{month}" in pattern:
        return f"{on:%Y-%m}"
    return f"{on:%Y}" if "{year}" in pattern or "{yy}" in pattern else ""


def number_text(pattern: str, on: date, counter: int) -> str:
    """The number as it is printed.

    >>> number_text("D{yy}{month}-{number:4}", date(2026, 11, 20), 7)
    'D2611-0007'
    """
    check_pattern(pattern)

    def field(match: re.Match[str]) -> str:
        name, width = match[1], match[2]
        if name.startswith("number"):
            return str(counter).zfill(int(width or 1))
        return {"year": f"{on:%Y}", "yy": f"{on:%y}", "month": f"{on:%m}"}[name]

    return FIELD.sub(field, pattern)
