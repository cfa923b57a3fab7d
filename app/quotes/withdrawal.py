"""Until when a consumer may withdraw from a contract concluded at a distance (C. conso. art. L221-18 to L221-28)."""

from datetime import date, timedelta

from app.kernel.holidays import is_day_off

PERIOD = timedelta(days=14)
REFUND = timedelta(days=14)


def last_day(concluded_on: date) -> date:
    """The last day of the period: the day of the contract does not count, and a period never ends on a day off.

    Source: art. L221-19, which refers to regulation 1182/71, art. 3.
    """
    last = concluded_on + PERIOD
    while is_day_off(last):
        last += timedelta(days=1)
    return last


def is_lost(*, early_start: bool, fully_performed: bool) -> bool:
    """Whether the right has ended before its period: all was done, as the consumer expressly asked (L221-28, 1°).

    A coating is a service on the customer's own parts: the exception of goods made to measure is not for it.
    """
    return early_start and fully_performed
