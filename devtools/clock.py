"""Living a subscription on one's machine: the clock of the local payment server goes on, the product follows."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any
import requests

from devtools.paths import REPOSITORY, data_dir
from devtools.processes import ServiceError

PATIENCE_SECONDS = 60


def advance(days: float) -> None:
    """Move the clock of the payments of `make run`, let its events arrive, then do our own day's work at that moment.

    ServiceError when the product does not run, or runs on a real account: its clock is nobody's to move.
    """
    address = _address()
    now = _ask(f"{address}_control/advance", {"days": str(days), "format": "json"})["now"]
    limit = time.monotonic() + PATIENCE_SECONDS
    while _ask(f"{address}_control/state")["deliveries"] and time.monotonic() < limit:
        time.sleep(0.5)
    moment = datetime.fromtimestamp(now, UTC).isoformat()
    print(f"The clock of the payments says {moment}")
    subprocess.run([sys.executable, "manage.py", "billing_daily", "--at", moment], cwd=REPOSITORY, check=False)


def _address() -> str:
    """The address of the local payment server."""
    try:
        running: dict[str, Any] = json.loads((data_dir() / "run.json").read_text())
        return str(running["addresses"]["payments"])
    except (OSError, KeyError) as error:
        raise ServiceError("No local payment server runs: start `make run` without STRIPE_SECRET_KEY.") from error


def _ask(url: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    try:
        answer = requests.request("POST" if form else "GET", url, data=form, timeout=PATIENCE_SECONDS)
        answer.raise_for_status()
    except requests.RequestException as error:
        raise ServiceError(f"The local payment server refuses or does not answer: {error}") from error
    found: dict[str, Any] = answer.json()
    return found
