"""An action that is being applied, and what became of it."""

from dataclasses import dataclass, field
from typing import Any

from app.projects.models import Project
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import DeviceAction


@dataclass(frozen=True)
class Case:
    """An action being applied: where, by whom, and its row in the ledger."""

    workshop: Workshop
    actor: Actor
    project: Project
    row: DeviceAction


@dataclass(frozen=True)
class Verdict:
    """What became of it; `theirs` is the other side of a conflict, `result` what the device may need."""

    outcome: str
    reason: str = ""
    theirs: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)
