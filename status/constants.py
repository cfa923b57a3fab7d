"""States of health and the delays after which silence is a fault."""

from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """`degraded`: requests are served, but work is late; `down`: this process must not receive requests."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


#: How late a periodic job may start before it is reported: a deploy and a busy worker fit in.
OVERDUE_AFTER = timedelta(minutes=5)
#: Seconds without a sign of life after which a process is said to be gone.
WORKER_SILENCE = 60
SCHEDULER_SILENCE = 90
