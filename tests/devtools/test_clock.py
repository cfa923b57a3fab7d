"""`python -m devtools advance`: the clock of the local payments goes on, and the product sees the same moment."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from devtools import clock
from devtools.processes import ServiceError
from tests.fakes.stripe import StripeServer

START = datetime(2026, 11, 20, 10, tzinfo=UTC)


def test_the_clock_goes_on_and_the_days_work_is_done_at_that_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **options: Any) -> None:
        asked.append(command[1:])

    monkeypatch.setattr(clock, "data_dir", lambda: tmp_path)
    monkeypatch.setattr(subprocess, "run", run)
    with StripeServer(now=START) as server:
        (tmp_path / "run.json").write_text(json.dumps({"addresses": {"payments": f"{server.url}/"}}))
        clock.advance(31)
        assert server.now == datetime(2026, 12, 21, 10, tzinfo=UTC)
        with pytest.raises(ServiceError):
            clock.advance(-1)
    assert asked == [["manage.py", "billing_daily", "--at", "2026-12-21T10:00:00+00:00"]]


@pytest.mark.parametrize("running", [None, {"addresses": {}}])
def test_without_a_local_server_it_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, running: Any
) -> None:
    monkeypatch.setattr(clock, "data_dir", lambda: tmp_path)
    if running is not None:
        (tmp_path / "run.json").write_text(json.dumps(running))
    with pytest.raises(ServiceError, match="make run"):
        clock.advance(1)
