"""What each line of a file would do to the customers. Reads, never writes: the check and the import share it."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from app.audit.services import difference
from app.crm.identity import KEYS, CustomerData, Keys, data_of, tidy_tags
from app.crm.locks import hold_customers
from app.crm.models import Customer
from app.crm.selectors import KEY_OF, customers_by_pk, find_by_keys

from .constants import Decision, Outcome
from .parsing import ParsedRow


@dataclass(slots=True)
class Planned:
    """A line and what it does; `customer` is the record that it repeats or changes, `data` what it writes."""

    row: ParsedRow
    outcome: Outcome
    reason: str = ""
    data: CustomerData | None = None
    customer: Customer | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """How lines are told from existing records."""

    criteria: tuple[str, ...]
    decision: str


class Known:
    """The records that share a key with a chunk of lines, the oldest first."""

    def __init__(self, keys: dict[int, Keys]) -> None:
        self.keys = keys
        self.oldest: dict[str, dict[str, int]] = {name: {} for name in KEY_OF.values()}
        self.by_name: dict[str, list[int]] = {}
        for pk, own in keys.items():
            self.by_name.setdefault(own.sort_key, []).append(pk)
            for name, oldest in self.oldest.items():
                oldest.setdefault(getattr(own, name), pk)


class Planner:
    """Plans chunk after chunk. A line that repeats an earlier line of the file is a duplicate, whatever the decision.

    `remember` keeps the keys of all earlier lines in memory (a check writes nothing); otherwise earlier lines are
    records already, and `lines_of` tells which line of this file made or changed each of them.
    """

    def __init__(self, rules: Rules, *, lines_of: Callable[[Sequence[int]], dict[int, int]] | None = None) -> None:
        self.rules = rules
        self.lines_of = lines_of
        self.names = [KEY_OF[criterion] for criterion in KEY_OF if criterion in rules.criteria]
        self.seen: dict[int, int] = {}
        self.touched: dict[int, int] = {}

    def plan(self, rows: Sequence[ParsedRow]) -> list[Planned]:
        """What these lines do, in order."""
        known = Known(self._find([row.keys for row in rows if row.keys]))
        if self.lines_of:
            self.seen, self.touched = {}, self.lines_of(list(known.keys))
        repeated = {self._match(row.keys, known)[0] for row in rows if row.keys}
        records = customers_by_pk(pk for pk in repeated if pk)
        return [self._decide(row, known, records) for row in rows]

    def _find(self, keys: Sequence[Keys]) -> dict[int, Keys]:
        """The records that share a key with these lines; what an import changes is held first, and read as it is then.

        Else a line would write back what somebody changes, merges or erases meanwhile.
        """
        found, held = find_by_keys(keys), set[int]()
        while self.lines_of and self.rules.decision == Decision.UPDATE and (new := found.keys() - held):
            hold_customers(new)
            held |= new
            found = find_by_keys(keys)
        return found

    def _decide(self, row: ParsedRow, known: "Known", records: dict[int, Customer]) -> Planned:
        if row.data is None or row.keys is None:
            return Planned(row, Outcome.REFUSED, " ".join(row.errors))
        pk, line = self._match(row.keys, known)
        if line:
            return Planned(row, Outcome.DUPLICATE, _("Repeats line %(line)d of the file.") % {"line": line})
        if pk is None:
            self._remember(row.line, row.keys)
            return Planned(row, Outcome.CREATED, data=row.data)
        # An earlier line of this chunk may have taken the record that this one resembled: it resembles another then.
        record = records.get(pk) or customers_by_pk([pk])[pk]
        if self.rules.decision != Decision.UPDATE:
            return Planned(
                row, Outcome.DUPLICATE, _("Already there: %(record)s.") % {"record": record}, customer=record
            )
        before, after = data_of(record), overridden(data_of(record), row)
        if after == before:
            reason = _("Already there and up to date: %(record)s.") % {"record": record}
            return Planned(row, Outcome.DUPLICATE, reason, customer=record)
        self._remember(row.line, row.keys)
        self.touched[pk] = row.line
        return Planned(
            row, Outcome.UPDATED, data=after, customer=record, changes=difference(asdict(before), asdict(after))
        )

    def _match(self, keys: Keys, known: "Known") -> tuple[int | None, int | None]:
        """The record that a line repeats, or the earlier line of the file; neither when it is new."""
        if self.rules.decision != Decision.CREATE:
            for name in self.names:
                value = getattr(keys, name)
                pk = known.oldest[name].get(value) if value else None
                if pk:
                    return (None, self.touched[pk]) if pk in self.touched else (pk, None)
                if value and (line := self.seen.get(hash((name, value)))):
                    return None, line
        return self._identical(keys, known)

    def _identical(self, keys: Keys, known: "Known") -> tuple[int | None, int | None]:
        """The same record under any criterion: a file imported twice adds nothing."""
        if line := self.seen.get(hash(keys)):
            return None, line
        for pk in known.by_name.get(keys.sort_key, ()):
            if pk not in self.touched and _holds(known.keys[pk], keys):
                return pk, None
            if pk in self.touched and known.keys[pk] == keys:
                return None, self.touched[pk]
        return None, None

    def _remember(self, line: int, keys: Keys) -> None:
        self.seen[hash(keys)] = line
        for name in self.names:
            if value := getattr(keys, name):
                self.seen.setdefault(hash((name, value)), line)


def overridden(record: CustomerData, row: ParsedRow) -> CustomerData:
    """A record with what the file really gives; tags add up, and notes that are not there yet follow."""
    assert row.data
    single = [name for name in row.given if name not in ("tags", "notes")]
    values = {name: getattr(row.data, name) for name in single}
    notes = record.notes
    if row.data.notes and row.data.notes not in record.notes:
        notes = f"{record.notes}\n\n{row.data.notes}".strip()
    return replace(record, **values, tags=tidy_tags([*record.tags, *row.data.tags]), notes=notes)


def _holds(record: Keys, line: Keys) -> bool:
    """Whether a record has everything that a line says of its identity."""
    pairs = [(getattr(record, name), getattr(line, name)) for name in KEYS]
    return all(mine == yours for mine, yours in pairs if yours)
