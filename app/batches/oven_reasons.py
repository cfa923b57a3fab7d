"""Why the loads of a plan are in their order, in words that can be checked against the plan itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .measures import late_by_project
from .planner.instance import Instance
from .planner.plan import Load, Plan
from .sequence import order_of, release_of

MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class Reason:
    """A sentence about a load; `tone` is "bad" for what is late, "ok" for what is saved, or empty."""

    text: str
    tone: str = ""


class Reasons:
    """The reasons of every load of a plan, by its place in `plan.loads`."""

    def __init__(self, instance: Instance, plan: Plan, subject: Mapping[str, Any], starts_at: datetime) -> None:
        self.instance = instance
        self.plan = plan
        self.words = subject["parts"]
        self.starts_at = starts_at
        self.late = late_by_project(instance, plan)
        self.dues = {line.id: line.due for line in instance.lines}
        self.projects = {line.id: line.project for line in instance.lines}
        self.order = order_of(instance, plan)

    def of(self, rank: int) -> list[Reason]:
        """What explains the place of a load, the most telling first."""
        oven = next(ranks for ranks in self.order if rank in ranks)
        at = oven.index(rank)
        before = oven[at - 1] if at else None
        after = oven[at + 1 :]
        return [
            *self._lateness(rank),
            *self._urgency(rank, after),
            *self._change(rank, before),
            *self._wait(rank, before),
            *self._rest(rank),
        ]

    def _most_urgent(self, rank: int) -> tuple[int, str] | None:
        """The earliest due time in a load, with its part; None when nothing is promised."""
        dues = [(due, item.part) for item in self._load(rank).items if (due := self.dues[item.part]) is not None]
        return min(dues, default=None)

    def _urgency(self, rank: int, after: list[int]) -> Iterator[Reason]:
        own = self._most_urgent(rank)
        if own is None:
            yield Reason(_("Nothing in it is promised: it takes a place that is left."))
            return
        words = self.words[own[1]]
        told = {"project": words["number"], "day": self._promise(words)}
        follower = next((other for other in after if self._load(other).family != self._load(rank).family), None)
        later = self._most_urgent(follower) if follower is not None else None
        if follower is not None and (later is None or later[0] > own[0]):
            told["load"] = str(follower + 1)
            yield Reason(_("Before load %(load)s: %(project)s is promised %(day)s.") % told)
        else:
            yield Reason(_("%(project)s is promised %(day)s.") % told)

    def _change(self, rank: int, before: int | None) -> Iterator[Reason]:
        if before is None:
            return
        told = {"load": before + 1, "minutes": self.instance.changeover_min}
        if self._load(before).family == self._load(rank).family:
            yield Reason(_("Same powder as load %(load)s: no change.") % told, "ok")
        elif self.instance.changeover_min:
            yield Reason(_("Change of powder after load %(load)s: %(minutes)s min.") % told)

    def _wait(self, rank: int, before: int | None) -> Iterator[Reason]:
        load = self._load(rank)
        free = self._load(before).end if before is not None else 0
        if load.start == release_of(self.instance, load) and load.start > free:
            latest = max(load.items, key=lambda item: self._line_release(item.part))
            yield Reason(_("Waits for %(project)s to be dropped off.") % {"project": self.words[latest.part]["number"]})
        elif before is not None and load.start - free > self.instance.changeover_min and self._opens(load.start):
            yield Reason(_("At opening: its curing no longer fitted before closing."))

    def _rest(self, rank: int) -> Iterator[Reason]:
        """Lines that one load cannot hold whole."""
        own = {item.part for item in self._load(rank).items}
        for part in sorted(own):
            others = [other + 1 for other, load in enumerate(self.plan.loads)
                      if other != rank and any(item.part == part for item in load.items)]  # fmt: skip
            if others:
                told = {"part": self.words[part]["designation"], "loads": ", ".join(str(load) for load in others)}
                text = ngettext(
                    "The rest of %(part)s is in load %(loads)s.",
                    "The rest of %(part)s is in loads %(loads)s.",
                    len(others),
                )
                yield Reason(text % told)
                return

    def _lateness(self, rank: int) -> Iterator[Reason]:
        load = self._load(rank)
        for project in sorted({self.projects[item.part] for item in load.items} & set(self.late)):
            due = min(self.dues[part] or 0 for part, held in self.projects.items()
                      if held == project and self.dues[part] is not None)  # fmt: skip
            if load.end > due:
                told = {"project": project, "delay": _duration(load.end - due)}
                yield Reason(_("%(project)s comes out %(delay)s after its promise.") % told, "bad")

    def _promise(self, words: Mapping[str, Any]) -> str:
        day = date.fromisoformat(words["promised"])
        return date_format(day, "l j F")

    def _opens(self, minute: int) -> bool:
        return self.instance.calendar is not None and any(opens == minute for opens, _end in self.instance.calendar)

    def _line_release(self, part: str) -> int:
        return next(line.release for line in self.instance.lines if line.id == part)

    def _load(self, rank: int) -> Load:
        return self.plan.loads[rank]


def _duration(minutes: int) -> str:
    """A delay as people say it: hours under two days, then days."""
    if minutes < 2 * MINUTES_A_DAY:
        hours = max(1, round(minutes / 60))
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}
    days = round(minutes / MINUTES_A_DAY)
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def moment_of(starts_at: datetime, minute: int) -> datetime:
    """The moment of a minute of a plan, in local time."""
    return timezone.localtime(starts_at + timedelta(minutes=minute))
