"""One real measurement of each component, from outside the web process: up or not, how long it took, what is wrong.

All run at once, each in a thread that nobody waits for longer than the timeout: a target that hangs delays no other.
"""

import queue
import smtplib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import environ
import redis
import requests
from django.conf import settings
from django.utils import timezone

from . import health, heartbeats
from .constants import Component, State

#: A worker says every two seconds that it lives; it is gone after a third of the interval, never before this many.
WORKER_SILENCE = 5.0
PAUSE = 0.4  # seconds before a failed probe is tried a second time
MOST_BYTES = 512 * 1024
HEADERS = {"User-Agent": "ThermoGestion status probe", "Accept-Language": "fr"}
TIMED_OUT = "timeout"
PAYMENT_SERVICE = "https://api.stripe.com"


class ProbeError(Exception):
    """A component does not work; the text is short and tells no secret."""


@dataclass(frozen=True)
class Measured:
    """What a probe found."""

    component: str
    at: datetime
    is_up: bool
    duration_ms: int
    fault: str = ""


Probe = Callable[[], None]
Attempt = tuple[bool, float, str]


class Prober:
    """Runs the probes. A probe that has not come back is not started again: its component stays down until it does."""

    def __init__(self, probes: Mapping[str, Probe], *, timeout: float) -> None:
        self.probes, self.timeout = probes, timeout
        self._running: dict[str, threading.Thread] = {}

    def run(self) -> list[Measured]:
        """One round: every component, within the timeout."""
        at, limit = timezone.now(), time.monotonic() + self.timeout
        answers: dict[str, queue.SimpleQueue[Attempt]] = {}
        for name, probe in self.probes.items():
            if not (name in self._running and self._running[name].is_alive()):
                answers[name] = queue.SimpleQueue()
                thread = threading.Thread(target=_attempt, args=(probe, answers[name], limit), daemon=True)
                self._running[name] = thread
                thread.start()
        return [_measured(name, at, answers.get(name), limit, self.timeout) for name in self.probes]


def configured_probes() -> dict[str, Probe]:
    """The probes of what this installation has: payments only where a payment service is set up."""
    found: dict[str, Probe] = {
        Component.SITE: lambda: _page("/", {200}),
        Component.APP: lambda: _page("/compte/login/", {200}),
        Component.PORTAL: lambda: _page(settings.STATUS_PORTAL_PATH, {200, 404}),
        Component.DATABASE: lambda: _part("database"),
        Component.QUEUE: _worker,
        Component.MAIL: _mail,
        Component.STORAGE: lambda: _part("storage"),
    }
    if settings.STRIPE_SECRET_KEY:
        found[Component.PAYMENTS] = _payments
    return found


def _attempt(probe: Probe, answer: "queue.SimpleQueue[Attempt]", limit: float) -> None:
    """Try, and once more after a failure while there is time: a single lost packet is not an outage."""
    found = _timed(probe)
    if not found[0] and time.monotonic() + PAUSE + found[1] < limit:
        time.sleep(PAUSE)
        found = _timed(probe)
    answer.put(found)


def _timed(probe: Probe) -> Attempt:
    started = time.monotonic()
    try:
        probe()
    except ProbeError as error:
        return False, time.monotonic() - started, str(error)[:60]
    except Exception as error:
        return False, time.monotonic() - started, type(error).__name__[:60]
    return True, time.monotonic() - started, ""


def _measured(
    name: str, at: datetime, answer: "queue.SimpleQueue[Attempt] | None", limit: float, timeout: float
) -> Measured:
    if answer is None:
        return Measured(name, at, False, round(timeout * 1000), TIMED_OUT)
    try:
        is_up, seconds, fault = answer.get(timeout=max(0.001, limit - time.monotonic()))
    except queue.Empty:
        return Measured(name, at, False, round(timeout * 1000), TIMED_OUT)
    return Measured(name, at, is_up, round(seconds * 1000), fault)


def _page(path: str, accepted: set[int]) -> None:
    """A page over HTTP, as a visitor asks for it, its whole body read."""
    with requests.get(
        f"{settings.STATUS_TARGET}{path}", headers=HEADERS, timeout=settings.STATUS_TIMEOUT, stream=True,
        allow_redirects=False,
    ) as answer:  # fmt: skip
        if answer.status_code not in accepted:
            raise ProbeError(f"HTTP {answer.status_code}")
        size = 0
        for chunk in answer.iter_content(16 * 1024):
            size += len(chunk)
            if size > MOST_BYTES:
                break


def _part(name: str) -> None:
    """A check of the installation's health, made anew."""
    part = health.CHECKS[name]()
    if part.state != State.OK:
        raise ProbeError(part.detail or part.state)


def _worker() -> None:
    """The queue answers and a worker has spoken through it."""
    with redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_connect_timeout=settings.STATUS_TIMEOUT,
        socket_timeout=settings.STATUS_TIMEOUT,
    ) as client:  # fmt: skip
        client.ping()
    seconds = heartbeats.seconds_since(heartbeats.WORKER)
    if seconds is None or seconds > max(WORKER_SILENCE, settings.STATUS_INTERVAL / 3):
        raise ProbeError("no worker")


def _mail() -> None:
    """The greeting of the outgoing mail server, encryption and account included; no message is sent."""
    with _smtp() as server:
        code, _answer = server.noop()
        if code != 250:
            raise ProbeError(f"SMTP {code}")


@contextmanager
def _smtp() -> Iterator[smtplib.SMTP]:
    """The product's own sender, as app.notify connects to it."""
    config = environ.Env.email_url_config(settings.PLATFORM_EMAIL_URL)
    kind = smtplib.SMTP_SSL if config.get("EMAIL_USE_SSL") else smtplib.SMTP
    with kind(config["EMAIL_HOST"], config["EMAIL_PORT"] or 0, timeout=settings.STATUS_TIMEOUT) as server:
        server.ehlo()
        if config.get("EMAIL_USE_TLS"):
            server.starttls()
        if config["EMAIL_HOST_USER"]:
            server.login(config["EMAIL_HOST_USER"], config["EMAIL_HOST_PASSWORD"])
        yield server


def _payments() -> None:
    """The payment service answers over HTTP. Any answer but a failure of its own: no account is needed to see it."""
    base = settings.STRIPE_API_BASE or PAYMENT_SERVICE
    answer = requests.get(f"{base}/v1/charges", headers=HEADERS, timeout=settings.STATUS_TIMEOUT, allow_redirects=False)
    if answer.status_code >= 500:
        raise ProbeError(f"HTTP {answer.status_code}")
