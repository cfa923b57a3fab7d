"""Failures on demand, and the log of the calls."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["error", "rate_limit", "act_then_hang_up", "hang_up"]


@dataclass
class Fault:
    """What happens to the next `times` calls whose method and path match."""

    kind: Kind
    times: int = 1
    method: str = ""
    path: str = ""
    status: int = 500

    def concerns(self, method: str, path: str) -> bool:
        """Whether this call is one of them; `path` is a regular expression found anywhere in it."""
        return self.times > 0 and self.method in ("", method) and bool(re.search(self.path, path))


@dataclass
class Logged:
    """One call as it was asked and answered; `status` 0: the connection was closed without an answer."""

    method: str
    path: str
    params: dict[str, Any]
    idempotency_key: str | None = None
    replayed: bool = False
    status: int = 0


@dataclass
class Faults:
    """The faults that wait, and whether the server answers at all."""

    waiting: list[Fault] = field(default_factory=list)
    down: bool = False

    def next_for(self, method: str, path: str) -> Fault | None:
        """The fault of this call, used up by it."""
        for fault in self.waiting:
            if fault.concerns(method, path):
                fault.times -= 1
                if fault.times == 0:
                    self.waiting.remove(fault)
                return fault
        return None
