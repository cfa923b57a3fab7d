"""Whether this installation can serve: one check per part, no secret in any answer."""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import redis
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from . import heartbeats
from .constants import SCHEDULER_SILENCE, WORKER_SILENCE, State
from .selectors.jobs import list_overdue_jobs

TIMEOUT = 3  # seconds a part has to answer
KEEP_SECONDS = 5.0  # an answer serves this long: the address is public, its checks write to the storage


@dataclass(frozen=True)
class Part:
    """The state of one part, with a word on what is wrong."""

    state: State
    detail: str = ""


Check = Callable[[], Part]
_migrated = threading.Event()
_kept: dict[str, tuple[float, Part]] = {}


def check_part(name: str) -> Part:
    """The state of one part, at most five seconds old. KeyError when there is no such part."""
    moment, part = _kept.get(name, (0.0, None))
    if part is None or time.monotonic() - moment > KEEP_SECONDS:
        part = _checked(name)
        _kept[name] = (time.monotonic(), part)
    return part


def check_all() -> dict[str, Part]:
    """Every part. Without the database nothing that reads it is tried."""
    parts = {"database": check_part("database")}
    for name in CHECKS:
        if name in {"migrations", "jobs"} and parts["database"].state == State.DOWN:
            parts[name] = Part(State.DOWN, "database is down")
        else:
            parts[name] = check_part(name)
    return parts


def overall(parts: dict[str, Part]) -> State:
    """Down when a part that requests need is down; degraded when anything else is wrong."""
    if any(parts[name].state == State.DOWN for name in NEEDED):
        return State.DOWN
    return State.OK if all(part.state == State.OK for part in parts.values()) else State.DEGRADED


def forget() -> None:
    """Check everything anew (tests)."""
    _kept.clear()
    _migrated.clear()


def _checked(name: str) -> Part:
    """The check's answer; whatever it raises is a fault of the part, told by its kind alone."""
    try:
        return CHECKS[name]()
    except Exception as error:
        return Part(State.DOWN if name in NEEDED else State.DEGRADED, type(error).__name__)


def _database() -> Part:
    """A connection of its own, so that a pool that is waiting does not hide a database that is gone."""
    parameters = {key: value for key, value in connection.get_connection_params().items() if key in CONNECTION_KEYS}
    with psycopg.connect(**parameters, connect_timeout=TIMEOUT) as probe:
        row = probe.execute(
            "SELECT r.rolsuper OR r.rolbypassrls OR r.oid = d.datdba FROM pg_roles r, pg_database d "
            "WHERE r.rolname = current_user AND d.datname = current_database()"
        ).fetchone()
    if row is None or row[0]:
        return Part(State.DOWN, "the role is not under row security")
    return Part(State.OK)


def _migrations() -> Part:
    """Every migration is applied; once seen, it is not asked again in this process."""
    if _migrated.is_set():
        return Part(State.OK)
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if missing:
        return Part(State.DOWN, f"{missing} migrations to apply")
    _migrated.set()
    return Part(State.OK)


def _redis() -> Part:
    client = redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)
    with client:
        client.ping()
    return Part(State.OK)


def _storage() -> Part:
    """Write, read back and delete a small private file."""
    content = uuid.uuid4().bytes
    storage = storages["private"]
    name = storage.save(f"health/{uuid.uuid4().hex}", ContentFile(content))
    try:
        with storage.open(name) as stored:
            same = stored.read() == content
    finally:
        storage.delete(name)
    return Part(State.OK) if same else Part(State.DOWN, "read back something else")


def _alive(process: str, silence: int) -> Part:
    seconds = heartbeats.seconds_since(process)
    if seconds is None:
        return Part(State.DEGRADED, "not seen")
    return Part(State.OK) if seconds <= silence else Part(State.DEGRADED, f"silent for {seconds:.0f} s")


def _worker() -> Part:
    return _alive(heartbeats.WORKER, WORKER_SILENCE)


def _scheduler() -> Part:
    return _alive(heartbeats.SCHEDULER, SCHEDULER_SILENCE)


def _jobs() -> Part:
    late = [job.task for job in list_overdue_jobs()]
    return Part(State.DEGRADED, f"overdue: {', '.join(late)}") if late else Part(State.OK)


CONNECTION_KEYS = frozenset({"host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "options"})
CHECKS: dict[str, Check] = {
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
    "storage": _storage,
    "worker": _worker,
    "scheduler": _scheduler,
    "jobs": _jobs,
}
NEEDED = ("database", "migrations", "redis", "storage")
