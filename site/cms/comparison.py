"""The comparison of the plans, from what each of them holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """A feature, and whether each plan has it, in the order of the plans."""

    label: str
    held: tuple[bool, ...]


def compare(plans: Sequence[Any]) -> list[Row]:
    """Every feature of any plan, those that all plans share first."""
    labels: dict[str, str] = {}
    for plan in plans:
        labels |= dict(zip(plan.shown_features, plan.feature_labels, strict=True))
    rows = [Row(label, tuple(key in plan.shown_features for plan in plans)) for key, label in labels.items()]
    return sorted(rows, key=lambda row: -sum(row.held))
