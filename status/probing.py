"""The probe process: measure, show, keep; whatever fails, measure again at the next turn.

A round writes the state on the disk before anything else. The database is written by a thread of its own, which may
wait for it as long as it must: measurements wait on the disk, and the page goes on.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from . import files, snapshot
from .probes import Measured, Prober, configured_probes
from .services.readings import keep_readings, work_out_days

log = structlog.get_logger(__name__)
#: The figures of the day are worked out again this often.
FIGURES_EVERY = timedelta(minutes=5)


class Probing:
    """Rounds of probes at a regular interval, for ever or for some rounds."""

    def __init__(self, prober: Prober | None = None) -> None:
        self.prober = prober or Prober(configured_probes(), timeout=settings.STATUS_TIMEOUT)
        self.states = _states_before()
        self.keeping: threading.Thread | None = None
        self.figures_at: datetime | None = None

    def run(self, *, stopped: Callable[[float], bool], rounds: int | None = None) -> None:
        """Measure until told to stop (`stopped(seconds)` waits and says so)."""
        done = 0
        while True:
            started = time.monotonic()
            self.turn()
            done += 1
            rest = max(0.0, settings.STATUS_INTERVAL - (time.monotonic() - started))
            if done == rounds or stopped(rest):
                return

    def turn(self) -> list[Measured]:
        """One round; the database is written meanwhile."""
        measured = self.prober.run()
        for reading in measured:
            if self.states.get(reading.component, (None, reading.at))[0] != reading.is_up:
                self.states[reading.component] = (reading.is_up, reading.at)
        try:
            since = {name: at for name, (_up, at) in self.states.items()}
            snapshot.write_live(measured, names=self.prober.probes, since=since)
            files.keep_waiting(measured)
        except OSError as error:
            log.error("status_not_written", error=str(error))
        self.keep()
        return measured

    def keep(self) -> None:
        """Hand what waits to the database, unless the last attempt still waits for it."""
        if self.keeping is None or not self.keeping.is_alive():
            self.keeping = threading.Thread(target=self._keep, daemon=True)
            self.keeping.start()

    def _keep(self) -> None:
        try:
            self.keep_now()
        except Exception as error:
            log.warning("measurements_wait", error=type(error).__name__)
        finally:
            connection.close()

    def keep_now(self) -> None:
        """Write what waits, then the facts of the page. Raises what the database raises; nothing is lost."""
        while True:
            taken, readings = files.take_waiting()
            if taken is None:
                break
            keep_readings(readings=readings)
            taken.unlink()
        now = timezone.now()
        if self.figures_at is None or now - self.figures_at > FIGURES_EVERY:
            has_today = work_out_days(until=timezone.localdate(now, timezone.get_default_timezone()))
            self.figures_at = now if has_today else None
        snapshot.write_facts()


def _states_before() -> dict[str, tuple[bool, datetime]]:
    """What the page said before this process started, so that "since" survives a restart."""
    found = {}
    for name, values in files.read(files.LIVE).get("components", {}).items():
        moment = parse_datetime(values["since"])
        if moment is not None:
            found[name] = (bool(values["up"]), moment)
    return found
