"""The process that owns the test suite's PostgreSQL and Redis, and ends when nobody has used them for a while."""

import json
import os
import signal
import threading
import time
from types import FrameType
from typing import IO

from devtools.locks import try_exclusive
from devtools.postgres import SUPERUSER, PostgresCluster
from devtools.redisserver import RedisServer
from devtools.testing import folder

IDLE_SECONDS = 300.0
POLL_SECONDS = 2.0
_locks: list[IO[str]] = []


def main() -> None:
    """Start both servers, publish their addresses, wait until idle or told to stop, stop both."""
    stopping = threading.Event()

    def told_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, told_to_stop)
    signal.signal(signal.SIGINT, told_to_stop)
    postgres = PostgresCluster(folder() / "postgres", folder() / "postgres.log", durable=False)
    redis = RedisServer(folder() / "redis", folder() / "redis.log", durable=False, databases=64)
    published = folder() / "guard.json"
    try:
        postgres.start()
        redis.start()
        state = {"pid": str(os.getpid()), "admin": postgres.url(SUPERUSER), "redis": redis.url()}
        partial = published.with_suffix(".partial")
        partial.write_text(json.dumps(state))
        partial.replace(published)
        _lock_when_idle(stopping)
    finally:
        # A test process that comes now waits for the in-use lock until we are gone, then starts anew.
        published.unlink(missing_ok=True)
        redis.stop()
        postgres.stop()


def _lock_when_idle(stopping: threading.Event) -> None:
    """Return when told to stop, or holding the in-use lock after THERMO_TEST_IDLE_SECONDS without a user."""
    patience = float(os.environ.get("THERMO_TEST_IDLE_SECONDS", IDLE_SECONDS))
    idle_since = time.monotonic()
    while not stopping.wait(POLL_SECONDS):
        lock = try_exclusive(folder() / "in-use.lock")
        if lock is None:
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since >= patience:
            _locks.append(lock)
            return
        else:
            lock.close()


if __name__ == "__main__":
    main()
