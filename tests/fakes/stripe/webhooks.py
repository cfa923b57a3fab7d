"""Signed deliveries from a background thread, with retries; tests may hold, reorder, repeat or forge them."""

import hashlib
import hmac
import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .events import wants
from .state import Account, Object

TIMEOUT_SECONDS = 20


@dataclass
class Delivery:
    """One message ready to be posted. Its signature carries the machine's time, which its reader compares."""

    url: str
    body: bytes
    signature: str
    event: str
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": self.signature,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }

    @property
    def type(self) -> str:
        """The type of the event."""
        return str(json.loads(self.body)["type"])


@dataclass
class Attempt:
    """What became of one try: the HTTP status, or 0 when nobody answered."""

    event: str
    type: str
    url: str
    status: int


def sign(body: bytes, secret: str, moment: int | None = None) -> str:
    """The header `t=…,v1=…` of a body."""
    moment = int(time.time()) if moment is None else moment
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class Webhooks:
    """The queue of one server. Everything that waits is in `account.deliveries`, so it is saved with the rest."""

    def __init__(self, account: Account, lock: threading.RLock, on_change: Callable[[], None]) -> None:
        self.account = account
        self.lock = lock
        self.on_change = on_change
        self.held = False
        self.attempts: list[Attempt] = []
        self._changed = threading.Condition(lock)
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._busy = False
        account.on_event = self.enqueue

    def start(self) -> None:
        """Deliver from now on."""
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="stripe-webhooks", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Deliver no more; what waits is kept."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread:
            self._thread.join(timeout=TIMEOUT_SECONDS + 5)
            self._thread = None

    def enqueue(self, event: Object) -> None:
        """Plan a delivery to each address that wants the event."""
        with self._changed:
            for endpoint in self.account.all("webhook_endpoint"):
                if wants(endpoint, event["type"]):
                    event["pending_webhooks"] += 1
                    self._plan(endpoint["id"], event["id"])
            self._changed.notify_all()

    def _plan(self, endpoint: str, event: str) -> None:
        self.account.deliveries.append({"endpoint": endpoint, "event": event, "tries": 0, "not_before": 0.0})

    def hold(self) -> None:
        """Keep the deliveries in the queue."""
        with self._changed:
            self.held = True

    def release(self, *, order: str = "as_happened") -> None:
        """Deliver what was held: `as_happened` or `reversed`."""
        with self._changed:
            if order == "reversed":
                self.account.deliveries.reverse()
            self.held = False
            self._changed.notify_all()

    def duplicate(self) -> None:
        """Deliver twice everything that waits now."""
        with self._changed:
            doubled = [dict(one) for one in self.account.deliveries for _time in range(2)]
            self.account.deliveries[:] = doubled
            self._changed.notify_all()

    def replay(self, event: str) -> None:
        """Deliver an old event once more, to every address that wants it."""
        with self._changed:
            found = self.account.get("event", event)
            for endpoint in self.account.all("webhook_endpoint"):
                if wants(endpoint, found["type"]):
                    self._plan(endpoint["id"], event)
            self._changed.notify_all()

    def retry_now(self) -> None:
        """Do not wait for the back-off of what failed."""
        with self._changed:
            for planned in self.account.deliveries:
                planned["not_before"] = 0.0
            self._changed.notify_all()

    def take(self) -> list[Delivery]:
        """The deliveries that wait, taken out of the queue: for a test that posts them itself."""
        with self._changed:
            taken = [self._message(planned) for planned in self.account.deliveries]
            self.account.deliveries.clear()
            return [message for message in taken if message]

    def forged(self, event: Object, *, url: str, secret: str = "whsec_forged", age: int = 0) -> Delivery:
        """A message that Stripe never sent: another secret, or a signature `age` seconds old."""
        body = json.dumps(event).encode()
        return Delivery(url, body, sign(body, secret, int(time.time()) - age), str(event.get("id", "evt_forged")))

    def deliver(self, message: Delivery) -> int:
        """Post a message now; the HTTP status, 0 when nobody answered."""
        return _post(message)

    def flush(self, timeout: float = 30) -> None:
        """Wait until nothing is ready to be delivered; what failed waits for its retry and is not waited for."""
        with self._changed:
            done = self._changed.wait_for(lambda: self._next() is None and not self._busy, timeout)
        if not done:
            raise TimeoutError(f"{len(self.account.deliveries)} webhook deliveries still wait")

    def _next(self) -> Object | None:
        if self.held or self._stopping:
            return None
        now = time.time()
        return next((one for one in self.account.deliveries if one["not_before"] <= now), None)

    def _message(self, planned: Object) -> Delivery | None:
        endpoint = self.account.tables["webhook_endpoint"].get(planned["endpoint"])
        event = self.account.tables["event"].get(planned["event"])
        if endpoint is None or event is None:
            return None
        body = json.dumps(self.account.render(event)).encode()
        return Delivery(endpoint["url"], body, sign(body, endpoint["_secret"]), event["id"])

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._stopping and (planned := self._next()) is None:
                    self._changed.wait(timeout=0.2)
                if self._stopping:
                    return
                assert planned is not None
                self.account.deliveries.remove(planned)
                message = self._message(planned)
                self._busy = message is not None
            if message:
                self._settle(planned, message, _post(message))

    def _settle(self, planned: Object, message: Delivery, status: int) -> None:
        with self._changed:
            self._busy = False
            self.attempts.append(Attempt(message.event, message.type, message.url, status))
            delays = self.account.settings.webhook_retry_seconds
            event = self.account.tables["event"].get(message.event)
            if 200 <= status < 300:
                if event:
                    event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            elif planned["tries"] < len(delays):
                planned["not_before"] = time.time() + delays[planned["tries"]]
                planned["tries"] += 1
                self.account.deliveries.append(planned)
            self._changed.notify_all()
        self.on_change()


def _post(message: Delivery) -> int:
    """The status of the answer; Stripe follows no redirect."""
    target = urlsplit(message.url)
    connect: Any = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = connect(target.hostname, target.port, timeout=TIMEOUT_SECONDS)
    path = target.path + (f"?{target.query}" if target.query else "")
    try:
        connection.request("POST", path or "/", body=message.body, headers=message.headers)
        answer = connection.getresponse()
        answer.read()
        return int(answer.status)
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
