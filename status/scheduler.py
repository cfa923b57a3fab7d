"""Celery's scheduler, which also shows that it lives and which jobs it knows."""

from typing import Any

from celery.beat import PersistentScheduler

from . import heartbeats
from .selectors.jobs import periodic_tasks
from .services.jobs import register_jobs


class RecordingScheduler(PersistentScheduler):  # type: ignore[misc]
    """Registers its jobs at start, leaves a sign of life at each turn (every 15 s at most, see the settings)."""

    def setup_schedule(self) -> None:
        super().setup_schedule()
        register_jobs(tasks=periodic_tasks())

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        heartbeats.leave(heartbeats.SCHEDULER)
        return super().tick(*args, **kwargs)
