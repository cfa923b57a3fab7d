"""The public page as values, read from the last known state on the disk: no database, no session, no cache."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from . import files
from .constants import DAYS_SHOWN, Component, Severity, Step

#: Without a round of probes for this many intervals, the state is the last known one.
STALE_ROUNDS = 3
#: Components whose answers are pages: their speed is published (STA-05).
TIMED = (Component.SITE, Component.APP, Component.PORTAL)


@dataclass(frozen=True)
class Day:
    """One bar: `share` of the measured time that was up, None when nothing was measured."""

    day: date
    share: Decimal | None
    down: timedelta
    measured: timedelta
    maintenance: timedelta
    tone: str


@dataclass(frozen=True)
class Speed:
    """How fast the answers came, in milliseconds; `share` is that of answers within two seconds over the month."""

    p50: int
    p95: int
    p99: int
    month_share: Decimal | None
    last_share: Decimal | None


@dataclass(frozen=True)
class ComponentView:
    """A line of the page."""

    key: str
    label: str
    state: str
    since: datetime | None
    days: list[Day]
    share: Decimal | None
    speed: Speed | None


@dataclass(frozen=True)
class Entry:
    """An entry of a timeline."""

    step: str
    label: str
    severity: str
    text: str
    at: datetime


@dataclass(frozen=True)
class IncidentView:
    """A public incident."""

    key: int
    title: str
    components: list[str]
    workshops: list[int]
    started_at: datetime
    ended_at: datetime | None
    severity: str
    severity_label: str
    step: str
    step_label: str
    owes_postmortem: bool
    entries: list[Entry]

    @property
    def is_open(self) -> bool:
        """Whether it is still going on."""
        return self.ended_at is None

    @property
    def newest_first(self) -> list[Entry]:
        """The timeline as a reader wants it."""
        return list(reversed(self.entries))

    @property
    def lasted(self) -> timedelta:
        """From its beginning to its end, or to now."""
        return (self.ended_at or timezone.now()) - self.started_at


@dataclass(frozen=True)
class MaintenanceView:
    """Planned work."""

    key: int
    title: str
    text: str
    components: list[str]
    starts_at: datetime
    ends_at: datetime
    announced_at: datetime
    cancelled: bool

    @property
    def phase(self) -> str:
        """planned, running, done or cancelled."""
        now = timezone.now()
        if self.cancelled:
            return "cancelled"
        if now < self.starts_at:
            return "planned"
        return "running" if now < self.ends_at else "done"

    def concerns(self, component: str) -> bool:
        """Whether it may stop this component."""
        return not self.components or component in self.components


@dataclass(frozen=True)
class Plan:
    """What a plan guarantees, and the downtime that it leaves over thirty days."""

    name: str
    uptime: Decimal

    @property
    def allowance(self) -> timedelta:
        """The downtime that the guarantee leaves."""
        return timedelta(seconds=round(float(100 - self.uptime) / 100 * 30 * 24 * 3600))


@dataclass(frozen=True)
class Month:
    """The guaranteed service over a month."""

    month: date
    percent: Decimal | None
    down: timedelta
    maintenance: timedelta
    gap: timedelta


@dataclass(frozen=True)
class StatusPage:
    """Everything that the page shows."""

    measured_at: datetime | None
    facts_at: datetime | None
    is_stale: bool
    interval: int
    overall: str
    components: list[ComponentView]
    incidents: list[IncidentView]
    maintenances: list[MaintenanceView]
    plans: list[Plan]
    months: list[Month]

    @property
    def open_incidents(self) -> list[IncidentView]:
        """What goes on."""
        return [incident for incident in self.incidents if incident.is_open]

    @property
    def past_incidents(self) -> list[IncidentView]:
        """What ended over the last ninety days, newest first."""
        return [incident for incident in self.incidents if not incident.is_open]

    @property
    def coming(self) -> list[MaintenanceView]:
        """What runs or is planned, the next first."""
        return [planned for planned in self.maintenances if planned.phase in ("planned", "running")]

    @property
    def facts_are_old(self) -> bool:
        """Whether the database has told nothing for five minutes."""
        return self.facts_at is None or timezone.now() - self.facts_at > timedelta(minutes=5)

    @property
    def timed(self) -> list[ComponentView]:
        """The components whose speed is published."""
        return [component for component in self.components if component.speed]


def load_page(now: datetime | None = None) -> StatusPage:
    """The page, from whatever the disk holds: a missing or broken file is an unknown state, never an error."""
    now = now or timezone.now()
    live, facts = files.read(files.LIVE), files.read(files.FACTS)
    measured_at = _moment(live.get("made_at"))
    patience = timedelta(seconds=max(60.0, STALE_ROUNDS * float(live.get("interval", 30))))
    is_stale = measured_at is None or now - measured_at > patience
    incidents = [read_incident(values) for values in facts.get("incidents", [])]
    maintenances = [_maintenance(values) for values in facts.get("maintenances", [])]
    running = [planned for planned in maintenances if planned.phase == "running"]
    seen = {} if is_stale else live.get("components", {})
    shown = [name for name in Component if name in live.get("components", {}) or name in facts.get("days", {})]
    components = [_component(name, seen.get(name), facts, running, now) for name in shown]
    return StatusPage(
        measured_at=measured_at,
        facts_at=_moment(facts.get("made_at")),
        is_stale=is_stale,
        interval=round(float(live.get("interval", 30))),
        overall=overall(components, incidents, is_stale=is_stale, in_maintenance=bool(running)),
        components=components,
        incidents=incidents,
        maintenances=maintenances,
        plans=[Plan(values["name"], Decimal(values["uptime"])) for values in facts.get("plans", [])],
        months=[_month(values) for values in facts.get("months", [])],
    )


def load_log() -> list[IncidentView]:
    """Every incident since the beginning, newest first."""
    return [read_incident(values) for values in files.read(files.LOG).get("incidents", [])]


def overall(
    components: list[ComponentView], incidents: list[IncidentView], *, is_stale: bool, in_maintenance: bool
) -> str:
    """One word for everything: unknown, down, degraded, maintenance or up. Incidents of some workshops count as
    degraded at most."""
    states = {component.key: component.state for component in components}
    open_ones = [incident for incident in incidents if incident.is_open]
    critical = any(incident.severity == Severity.CRITICAL and not incident.workshops for incident in open_ones)
    if critical or "down" in (states.get(Component.APP), states.get(Component.DATABASE)):
        return "down"
    if is_stale or not components:
        return "unknown"
    if open_ones or "down" in states.values():
        return "degraded"
    return "maintenance" if in_maintenance else "up"


def read_incident(values: dict[str, Any]) -> IncidentView:
    """An incident of facts.json or log.json."""
    entries = [
        Entry(row["step"], str(Step(row["step"]).label), row["severity"], row["text"], _sure(row["at"]))
        for row in values["updates"]
    ]
    return IncidentView(
        key=values["key"],
        title=values["title"],
        components=[str(Component(name).label) for name in values["components"]],
        workshops=values["workshops"],
        started_at=_sure(values["started_at"]),
        ended_at=_moment(values["ended_at"]),
        severity=values["severity"],
        severity_label=str(Severity(values["severity"]).label),
        step=values["step"],
        step_label=str(Step(values["step"]).label),
        owes_postmortem=values["owes_postmortem"],
        entries=entries,
    )


def _component(
    name: Component, seen: dict[str, Any] | None, facts: dict[str, Any], running: list[MaintenanceView], now: datetime
) -> ComponentView:
    if seen is None:
        state = "unknown"
    elif seen["up"]:
        state = "up"
    else:
        state = "maintenance" if any(planned.concerns(name) for planned in running) else "down"
    days = _days(facts.get("days", {}).get(name, []), timezone.localdate(now, timezone.get_default_timezone()))
    return ComponentView(
        key=str(name),
        label=str(name.label),
        state=state,
        since=_moment(seen["since"]) if seen else None,
        days=days,
        share=_share(sum(day.down.total_seconds() for day in days), sum(day.measured.total_seconds() for day in days)),
        speed=_speed(name, facts, now) if name in TIMED else None,
    )


def _days(rows: list[list[Any]], today: date) -> list[Day]:
    """Ninety bars, the oldest first; a day without a row was not measured."""
    held = {row[0]: row[1:] for row in rows}
    found = []
    for back in range(DAYS_SHOWN - 1, -1, -1):
        day = today - timedelta(days=back)
        measured, down, maintenance = held.get(day.isoformat(), (0, 0, 0))
        share = _share(down, measured)
        found.append(
            Day(day, share, timedelta(seconds=down), timedelta(seconds=measured), timedelta(seconds=maintenance),
                _tone(share, down, maintenance))
        )  # fmt: skip
    return found


def _tone(share: Decimal | None, down: int, maintenance: int) -> str:
    if share is None:
        return "maintenance" if maintenance else "gap"
    if down:
        return "bad" if down >= 1800 else "warn"
    return "maintenance" if maintenance else "ok"


def _share(down: float, measured: float) -> Decimal | None:
    """Per cent of the measured time; never rounded up to 100 when something was down."""
    if measured <= 0:
        return None
    share = Decimal(100) * (1 - Decimal(down) / Decimal(measured))
    rounded = share.quantize(Decimal("0.01"))
    return Decimal("99.99") if down and rounded == 100 else rounded


def _speed(name: str, facts: dict[str, Any], now: datetime) -> Speed | None:
    values = facts.get("speeds", {}).get(name)
    if not values:
        return None
    months = facts.get("month_speeds", {}).get(name, {})
    this_month = timezone.localtime(now, timezone.get_default_timezone()).date().replace(day=1)
    last_month = this_month - timedelta(days=1)
    return Speed(
        values["p50"], values["p95"], values["p99"],
        _fast(months.get(f"{this_month:%Y-%m}")), _fast(months.get(f"{last_month:%Y-%m}")),
    )  # fmt: skip


def _fast(values: list[int] | None) -> Decimal | None:
    return (Decimal(100) * values[1] / values[0]).quantize(Decimal("0.01")) if values and values[0] else None


def _maintenance(values: dict[str, Any]) -> MaintenanceView:
    moments = {name: _sure(values[name]) for name in ("starts_at", "ends_at", "announced_at")}
    return MaintenanceView(**{**values, **moments})


def _month(values: dict[str, Any]) -> Month:
    percent = None if values["percent"] is None else Decimal(values["percent"])
    month = parse_date(values["month"])
    assert month is not None  # we wrote it
    seconds = {name: timedelta(seconds=values[name]) for name in ("down", "maintenance", "gap")}
    return Month(month=month, percent=percent, **seconds)


def _sure(text: str) -> datetime:
    found = _moment(text)
    assert found is not None  # we wrote it
    return found


def _moment(text: str | None) -> datetime | None:
    return parse_datetime(text) if text else None
