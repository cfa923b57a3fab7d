"""Who acts: a person on a screen, a customer with a link, a job with its rule."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

#: What every column that keeps an author's name holds.
LABEL_LONGEST = 160


class Origin(StrEnum):
    SCREEN = "screen"
    PORTAL = "portal"
    JOB = "job"
    COMMAND = "command"
    PUBLISHER = "publisher"


@dataclass(frozen=True)
class Actor:
    """The author of a change, as the audit trail keeps it; `user_id` is None for customers and for the system.

    A label longer than LABEL_LONGEST is cut here, so that whatever keeps it can.
    """

    label: str
    origin: Origin
    user_id: int | None = None
    ip: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", self.label[:LABEL_LONGEST])

    @classmethod
    def system(cls, rule: str) -> Self:
        """The product itself; `rule` names what made it act."""
        return cls(label=rule, origin=Origin.JOB)
