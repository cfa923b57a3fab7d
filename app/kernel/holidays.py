"""The days on which nobody works in mainland France."""

from datetime import date, timedelta

FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
#: Easter Monday, Ascension, Whit Monday, counted from Easter Sunday.
MOVING_HOLIDAYS = (1, 39, 50)


def is_day_off(day: date) -> bool:
    """Whether this is a Saturday, a Sunday or a public holiday of mainland France (C. trav. art. L3133-1)."""
    moving = {easter(day.year) + timedelta(days=days) for days in MOVING_HOLIDAYS}
    return day.weekday() >= 5 or (day.month, day.day) in FIXED_HOLIDAYS or day in moving


def easter(year: int) -> date:
    """Easter Sunday of a year, by the Gregorian rule of Butcher (1876)."""
    golden, century, rank = year % 19, year // 100, year % 100
    correction = (8 * century + 13) // 25
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rank // 4) - epact - rank % 4) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)
