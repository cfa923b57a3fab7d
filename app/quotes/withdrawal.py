"""Until when a consumer may withdraw from a contract concluded at a distance (C. conso. art. L221-18 to L221-28)."""

from datetime import date, timedelta

PERIOD = timedelta(days=14)
REFUND = timedelta(days=14)
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
#: Easter Monday, Ascension, Whit Monday, counted from Easter Sunday.
MOVING_HOLIDAYS = (1, 39, 50)


def last_day(concluded_on: date) -> date:
    """The last day of the period: the day of the contract does not count, and a period never ends on a day off.

    Source: art. L221-19, which refers to regulation 1182/71, art. 3.
    """
    last = concluded_on + PERIOD
    while is_day_off(last):
        last += timedelta(days=1)
    return last


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


def is_lost(*, early_start: bool, fully_performed: bool) -> bool:
    """Whether the right has ended before its period: all was done, as the consumer expressly asked (L221-28, 1°).

    A coating is a service on the customer's own parts: the exception of goods made to measure is not for it.
    """
    return early_start and fully_performed
