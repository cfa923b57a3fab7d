"""Opening hours of an oven, week by week, and the minutes in which it can run. Pure: no Django.

A week is seven lists of `[opens, closes]`, in minutes of the day, Monday first; 24:00 is the end of the day.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

MINUTES_A_DAY = 1440
DAYS = 7
Window = tuple[int, int]
Week = Sequence[Sequence[Sequence[int]]]
_RANGE = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?\s*[-–à]\s*(\d{1,2})\s*[:hH]\s*(\d{2})?")


class HoursError(ValueError):
    """Hours that cannot be kept; `reason` is "unreadable", "reversed" or "overlapping", `text` what was typed."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(f"{reason}: {text}")
        self.reason = reason
        self.text = text


def read_day(text: str) -> list[list[int]]:
    """The ranges of a day typed as `08:00-12:00, 13h30-17h`; none when it is closed. HoursError for anything else."""
    ranges = [_read_range(piece.strip()) for piece in re.split(r"[,;]", text) if piece.strip()]
    ranges.sort()
    for before, after in pairwise(ranges):
        if after[0] < before[1]:
            raise HoursError("overlapping", f"{_shown(before)}, {_shown(after)}")
    return ranges


def write_day(ranges: Iterable[Sequence[int]]) -> str:
    """The ranges of a day as they are typed."""
    return ", ".join(_shown(held) for held in ranges)


def windows_of(week: Week, start: datetime, days: int) -> list[Window]:
    """When the oven may run, in minutes from `start` (an aware moment), for so many days.

    Ranges that touch, as over midnight, are one window. Days with 23 or 25 hours count their real minutes.
    """
    found: list[Window] = []
    for offset in range(days):
        day = (start + timedelta(days=offset)).date()
        for opens, closes in week[day.weekday()]:
            window = max(0, _minutes(start, day, opens)), _minutes(start, day, closes)
            if window[1] <= window[0]:
                continue
            if found and found[-1][1] >= window[0]:
                found[-1] = found[-1][0], window[1]
            else:
                found.append(window)
    return found


def without(windows: Iterable[Window], busy: Iterable[Window]) -> list[Window]:
    """The windows less the moments that are taken."""
    free = list(windows)
    for start, end in busy:
        free = [
            piece
            for opens, closes in free
            for piece in ((opens, min(closes, start)), (max(opens, end), closes))
            if piece[0] < piece[1]
        ]
    return free


def open_minutes(week: Week, day: date) -> int:
    """How long the oven may run on a day of the calendar."""
    return sum(closes - opens for opens, closes in week[day.weekday()])


def _read_range(text: str) -> list[int]:
    found = _RANGE.fullmatch(text)
    if not found:
        raise HoursError("unreadable", text)
    hours, minutes, last_hours, last_minutes = (int(part or 0) for part in found.groups())
    opens, closes = hours * 60 + minutes, last_hours * 60 + last_minutes
    if max(minutes, last_minutes) > 59 or max(opens, closes) > MINUTES_A_DAY:
        raise HoursError("unreadable", text)
    if opens >= closes:
        raise HoursError("reversed", text)
    return [opens, closes]


def _shown(held: Sequence[int]) -> str:
    opens, closes = (f"{moment // 60:02d}:{moment % 60:02d}" for moment in held)
    return f"{opens}-{closes}"


def _minutes(start: datetime, day: date, minute: int) -> int:
    """A wall-clock minute of a day, in real minutes from `start`; part of a minute counts as none."""
    at = datetime.combine(day, time(), tzinfo=start.tzinfo)
    if minute >= MINUTES_A_DAY:
        at = datetime.combine(day + timedelta(days=1), time(), tzinfo=start.tzinfo)
    else:
        at = at.replace(hour=minute // 60, minute=minute % 60)
    return int((at.timestamp() - start.timestamp()) // 60)
