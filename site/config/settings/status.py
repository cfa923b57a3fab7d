"""The status page: what is probed and how often, where the last known state lies, when maintenance may be planned."""

from pathlib import Path
from typing import Any

import environ

_env = environ.Env()
_DATA = Path(_env("THERMO_DATA", default=str(Path(__file__).resolve().parents[3] / ".thermo")))

#: The host that serves nothing but the status page; empty, the page is at /status/ only.
STATUS_HOST: str = _env("STATUS_HOST", default="")
#: Where the probe process leaves the last known state; every web process must be able to read it.
STATUS_FOLDER = Path(_env("STATUS_FOLDER", default=str(_DATA / "status")))
#: Seconds between two rounds of probes, and what a target has to answer. The address probed is the public one.
STATUS_INTERVAL: float = _env.float("STATUS_INTERVAL", default=30.0)
STATUS_TIMEOUT: float = _env.float("STATUS_TIMEOUT", default=8.0)
STATUS_TARGET: str = _env("STATUS_TARGET", default=_env("THERMO_BASE_URL", default="http://127.0.0.1:8000")).rstrip("/")
#: A page of the customer space; without one, an unknown workshop's, whose refusal shows that the space answers.
STATUS_PORTAL_PATH: str = _env("STATUS_PORTAL_PATH", default="/espace/sonde/")
#: The components whose failure is downtime of the service that plans guarantee.
STATUS_GUARANTEED = ["app", "portal", "database"]
#: Minutes after which a failure of one of them that nobody has dealt with is published by itself, so that a critical
#: incident is told within thirty minutes, at night too; 0 leaves it to a person.
STATUS_PUBLISH_AFTER: float = _env.float("STATUS_PUBLISH_AFTER", default=20.0)
#: Single measurements are kept this long; the figures of each day are kept for ever.
STATUS_KEEP_DAYS = 100
#: When maintenance may be planned, on this clock: day of the week (0 is Monday), first and last hour.
STATUS_MAINTENANCE_ZONE = "Europe/Paris"
STATUS_MAINTENANCE_WINDOWS: list[dict[str, Any]] = [{"weekday": 6, "from": 2, "to": 6}]

# What the page needs of the application, by name: the status face imports nothing of it.
STATUS_PLANS = "app.billing.selectors.list_public_plans"
STATUS_RESPONSIBLES = "app.tenancy.selectors.list_responsible_addresses"
STATUS_PLATFORM_SCOPE = "app.tenancy.scope.platform_scope"
