"""What happens to each quote of the demonstration: when it was written, and how far it got."""

from dataclasses import dataclass
from enum import StrEnum

ALL_STEPS = 6


class Fate(StrEnum):
    """Where a quote ends."""

    DRAFT = "draft"
    SENT = "sent"
    OPENED = "opened"
    EXPIRED = "expired"
    REFUSED = "refused"
    REPLACED = "replaced"
    SIGNED = "signed"


@dataclass(frozen=True)
class Plan:
    """A quote written `days_ago`. Once signed, `steps` of its project are done, and it leaves if `handed_over`.

    `promised_in` is counted in days from today: a promise in the past with steps to do is late.
    """

    days_ago: int
    fate: Fate
    steps: int = 0
    handed_over: bool = False
    promised_in: int = 0
    urgent: bool = False
    cancelled: bool = False
    #: Something goes wrong at the curing: the parts are powdered again.
    defect: bool = False
    #: Something is found at the end, and waits at the rework.
    reworked: bool = False


def _delivered(*days: int) -> list[Plan]:
    return [
        Plan(day, Fate.SIGNED, ALL_STEPS, handed_over=True, promised_in=14 - day, defect=day % 5 == 1) for day in days
    ]


_WAITING = [
    *(Plan(day, Fate.DRAFT) for day in (1, 2, 3, 6, 9)),
    *(Plan(day, Fate.SENT) for day in (1, 2, 4, 5)),
    *(Plan(day, Fate.OPENED) for day in (3, 6, 8, 11, 17)),
    *(Plan(day, Fate.EXPIRED) for day in (47, 63, 92, 118)),
    *(Plan(day, Fate.REFUSED) for day in (21, 55, 83, 127)),
    Plan(26, Fate.REPLACED),
]
_RUNNING = [
    Plan(7, Fate.SIGNED, 0, promised_in=9),
    Plan(8, Fate.SIGNED, 0, promised_in=6, urgent=True),
    Plan(10, Fate.SIGNED, 0, promised_in=12),
    Plan(11, Fate.SIGNED, 1, promised_in=5),
    Plan(12, Fate.SIGNED, 2, promised_in=4),
    Plan(13, Fate.SIGNED, 2, promised_in=7),
    Plan(14, Fate.SIGNED, 3, promised_in=2, urgent=True),
    Plan(16, Fate.SIGNED, 4, promised_in=1),
    Plan(15, Fate.SIGNED, 5, promised_in=3, reworked=True),
    Plan(19, Fate.SIGNED, 2, promised_in=-2),
    Plan(24, Fate.SIGNED, 5, promised_in=-4, urgent=True, defect=True),
    Plan(34, Fate.SIGNED, 1, promised_in=-9, cancelled=True),
]
_READY = [Plan(day, Fate.SIGNED, ALL_STEPS, promised_in=1) for day in (18, 20, 22, 25)]

ATELIER = [
    *_delivered(29, 33, 38, 42, 46, 51, 58, 66, 72, 78, 85, 90, 97, 104, 110, 119, 126, 134, 142, 151, 158, 166, 174),
    *_READY,
    *_RUNNING,
    *_WAITING,
]
JANTES = [
    *_delivered(16, 21),
    Plan(10, Fate.SIGNED, 3, promised_in=3),
    Plan(9, Fate.SIGNED, 1, promised_in=5),
    Plan(5, Fate.OPENED),
    Plan(2, Fate.SENT),
    Plan(1, Fate.DRAFT),
]
