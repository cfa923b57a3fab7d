"""Signs of life that the worker and the scheduler leave in the cache."""

import time

from django.core.cache import cache

WORKER, SCHEDULER = "worker", "scheduler"
KEEP_SECONDS = 24 * 3600


def leave(process: str) -> None:
    """Say that this kind of process is alive now."""
    cache.set(_key(process), time.time(), timeout=KEEP_SECONDS)


def seconds_since(process: str) -> float | None:
    """How long ago a process of this kind was last alive; None when it was not for a day."""
    moment = cache.get(_key(process))
    return None if moment is None else max(0.0, time.time() - float(moment))


def _key(process: str) -> str:
    return f"heartbeat:{process}"
