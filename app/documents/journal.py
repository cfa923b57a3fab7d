"""The evidence of a signature: steps chained by their hashes, so that none can be added, changed or removed later."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict


class Step(TypedDict):
    at: str
    event: str
    facts: dict[str, str]
    hash: str


def add_step(journal: list[Step], *, event: str, at: datetime, facts: dict[str, str] | None = None) -> list[Step]:
    """The journal with one more step, which seals those before it. `at` is aware."""
    before = journal[-1]["hash"] if journal else ""
    moment = at.isoformat()
    return [*journal, Step(at=moment, event=event, facts=facts or {}, hash=_hash(before, moment, event, facts or {}))]


def is_intact(journal: Iterable[Step]) -> bool:
    """Whether every step still seals the one before."""
    before = ""
    for step in journal:
        if step["hash"] != _hash(before, step["at"], step["event"], step["facts"]):
            return False
        before = step["hash"]
    return True


def _hash(before: str, at: str, event: str, facts: dict[str, str]) -> str:
    text = json.dumps([before, at, event, facts], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
