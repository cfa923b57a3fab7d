"""Who acts: a person on a screen, a customer with a link, a job with its rule."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Origin(StrEnum):
    SCREEN = "screen"
    PORTAL = "portal"
    JOB = "job"
    COMMAND = "command"
    PUBLISHER = "publisher"


@dataclass(frozen=True)
class Actor:
    """The author of a change, as the audit trail keeps it; `user_id` is None for customers and for the system."""

    label: str
    origin: Origin
    user_id: int | None = None
    ip: str | None = None

    @classmethod
    def system(cls, rule: str) -> Self:
        """The product itself; `rule` names what made it act."""
        return cls(label=rule, origin=Origin.JOB)
