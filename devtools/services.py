"""The long-running processes of `make run`, in the order they start."""

import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from devtools.paths import REPOSITORY
from devtools.processes import spawn, stop


class Service(Protocol):
    """What the supervisor needs from a service: start it (again, at the same address), stop it, watch it."""

    log: Path
    process: subprocess.Popen[bytes] | None

    def start(self) -> None:
        """Start the process and return when it can be used."""

    def stop(self) -> None:
        """Stop it cleanly."""


@dataclass
class Program:
    """A Python program of ours; `patience` is how long its clean stop may take, in seconds."""

    command: list[str]
    log: Path
    environment: Mapping[str, str]
    patience: float = 10
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process; it is not waited for."""
        self.process = spawn(self.command, log=self.log, environment=self.environment, folder=REPOSITORY)

    def stop(self) -> None:
        """SIGTERM: gunicorn finishes its requests, a worker its tasks."""
        if self.process is not None:
            stop(self.process, first=signal.SIGTERM, patience=self.patience)
            self.process = None


def python(*arguments: str) -> list[str]:
    """A command run by this virtual environment's Python."""
    return [sys.executable, *arguments]


def mail_catcher(logs: Path, environment: Mapping[str, str], *, port: int, folder: Path) -> Program:
    """The SMTP server that keeps every mail as a file."""
    command = python("-m", "devtools.mailcatcher", "--port", str(port), "--folder", str(folder))
    return Program(command, logs / "mail.log", environment)


def payments(logs: Path, environment: Mapping[str, str], *, port: int, state: Path) -> Program:
    """A local server that speaks Stripe's protocol, for who has no account there."""
    command = python("-m", "tests.fakes.stripe", "--port", str(port), "--state", str(state))
    return Program(command, logs / "payments.log", environment)


def shop(logs: Path, environment: Mapping[str, str], *, port: int) -> Program:
    """A local shop that speaks PrestaShop's protocol and our module's, with sample powders."""
    command = python("-m", "tests.fakes.prestashop", "--port", str(port))
    return Program(command, logs / "shop.log", environment)


def web(logs: Path, environment: Mapping[str, str], *, bind: str) -> Program:
    """The web server, the same as in production but reloading changed code."""
    command = python("-m", "gunicorn", "config.wsgi", "--config", "site/config/gunicorn.py", "--bind", bind)
    return Program(command, logs / "web.log", {**environment, "WEB_RELOAD": "1", "WEB_CONCURRENCY": "1"})


def worker(logs: Path, environment: Mapping[str, str]) -> Program:
    """The background tasks."""
    command = python("-m", "celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO")
    return Program(command, logs / "worker.log", environment, patience=20)


def beat(logs: Path, environment: Mapping[str, str], *, schedule: Path) -> Program:
    """The scheduler of periodic tasks; exactly one runs."""
    schedule.parent.mkdir(parents=True, exist_ok=True)
    command = python("-m", "celery", "-A", "config", "beat", "--schedule", str(schedule), "--pidfile", "")
    return Program([*command, "--loglevel", "INFO"], logs / "beat.log", environment)


def probe(logs: Path, environment: Mapping[str, str]) -> Program:
    """The measurements of the status page; exactly one runs."""
    return Program(python("manage.py", "probe"), logs / "probe.log", environment)
