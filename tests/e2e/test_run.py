"""`make run` from nothing: everything starts, survives crashes, stops without a trace."""

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from devtools.paths import REPOSITORY
from devtools.processes import alive
from tests.folders import folder_for_postgres

pytestmark = pytest.mark.e2e
START_SECONDS = 480  # a first start migrates and loads everything, perhaps on a busy machine


class Run:
    """One supervisor with its own data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.output = data / "output.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> dict[str, Any]:
        """Start and wait until it says it is ready; what run.json holds."""
        ours = ("DATABASE", "REDIS", "EMAIL", "THERMO", "DJANGO", "SECRET", "FIELD", "PYTEST")
        clean = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "devtools", "run"],
                cwd=REPOSITORY,
                env={**clean, "THERMO_DATA": str(self.data)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        process = self.process
        assert eventually(lambda: self.is_ready() or process.poll() is not None, START_SECONDS), self.output.read_text()
        assert process.poll() is None, self.output.read_text()
        return self.facts()

    def is_ready(self) -> bool:
        """Whether the supervisor has announced its addresses."""
        return "is ready" in self.output.read_text()

    def facts(self) -> dict[str, Any]:
        """What run.json holds now."""
        found: dict[str, Any] = json.loads((self.data / "run.json").read_text())
        return found

    def stop(self, number: signal.Signals) -> int:
        """Signal the supervisor and wait for its end."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(60)


def eventually(check: Callable[[], object], seconds: float = 60) -> bool:
    """Poll until it holds."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if check():
            return True
        time.sleep(0.2)
    return False


def state(facts: dict[str, Any]) -> dict[str, Any]:
    """What the readiness address says."""
    try:
        with urllib.request.urlopen(facts["addresses"]["health"], timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        found = json.load(error)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return {"state": "unreachable"}
    return found


def everything_works(facts: dict[str, Any]) -> bool:
    return bool(state(facts)["state"] == "ok")


@pytest.fixture
def run() -> Iterator[Run]:
    with folder_for_postgres("thermo-run-") as data:
        started = Run(data)
        yield started
        if started.process is not None and started.process.poll() is None:
            started.stop(signal.SIGTERM)


@pytest.mark.spec("OPS-10", "OPS-13", "TST-05")
def test_the_product_starts_survives_crashes_and_stops_without_a_trace(run: Run) -> None:
    facts = run.start()
    assert eventually(lambda: everything_works(facts)), state(facts)
    assert set(facts["pids"]) == {"postgres", "redis", "mail", "payments", "shop", "web", "worker", "beat", "probe"}

    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Votre devis", "a@atelier.test", "b@client.test"
    message.set_content("Bonjour")
    environment = dict(line.split("=", 1) for line in (run.data / "env").read_text().splitlines())
    with smtplib.SMTP("127.0.0.1", int(environment["EMAIL_URL"].rpartition(":")[2])) as server:
        server.send_message(message)
    with urllib.request.urlopen(facts["addresses"]["mails"], timeout=20) as page:
        assert "Votre devis" in page.read().decode()

    for part in ("redis", "postgres", "worker"):
        os.kill(facts["pids"][part], signal.SIGKILL)
    assert eventually(
        lambda: set(run.facts()["pids"].values()).isdisjoint(facts["pids"][p] for p in ("redis", "worker"))
    )
    assert eventually(lambda: everything_works(facts)), state(facts)

    pids = list(run.facts()["pids"].values())
    assert run.stop(signal.SIGKILL) == -signal.SIGKILL
    assert eventually(lambda: not any(alive(pid) for pid in pids), 30), "a child survived its supervisor"

    again = run.start()
    assert eventually(lambda: everything_works(again)), state(again)
    pids = list(again["pids"].values())
    assert run.stop(signal.SIGINT) == 0
    assert not any(alive(pid) for pid in pids)
    assert not (run.data / "run.json").exists()


def test_a_second_start_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from devtools.locks import try_exclusive; from devtools.paths import data_dir\n"
               "lock = try_exclusive(data_dir() / 'run.lock'); print('held', flush=True); input()"]  # fmt: skip
    environment = {**os.environ, "THERMO_DATA": str(tmp_path)}
    holder = subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    second = subprocess.run(
        [sys.executable, "-m", "devtools", "run"],
        cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    holder.communicate("\n")
    assert second.returncode == 1
    assert "already runs" in second.stdout
