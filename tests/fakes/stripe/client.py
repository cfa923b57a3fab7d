"""The server as a test holds it: start, stop, move the clock, decline, fail, hold the webhooks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import requests
from stripe import StripeClient

from .api import Answer, Api, Request
from .cards import attach_card
from .control import control
from .events import add_endpoint
from .faults import Fault, Faults, Kind, Logged
from .form import decode
from .lifecycle import is_due, run_until
from .methods import make_default
from .pages import hosted
from .pages.html import Page
from .rendering import render
from .server import HttpServer
from .settings import Settings
from .state import Account, Clock, Object
from .webhooks import Webhooks

TICK_SECONDS = 1.0


class StripeServer:
    """A Stripe account on a free port of 127.0.0.1.

    With `now` the clock is frozen there until `advance`; without, it follows the machine's. With `state_file` the
    account is read from the file at the start and written to it after each change.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        now: datetime | None = None,
        settings: Settings | None = None,
        state_file: Path | None = None,
        public_url: str = "",
    ) -> None:
        self.settings = settings or Settings()
        self.account = Account(self.settings, Clock(int(now.timestamp()) if now else None))
        self.account.render = lambda raw: render(self.account, raw)
        self.faults = Faults()
        self.api = Api(self.account, self.faults)
        self._lock = threading.RLock()
        self.webhooks: Webhooks = Webhooks(self.account, self._lock, self._save)
        self._port = port
        self._public_url = public_url
        self._state_file = state_file
        self._http: HttpServer | None = None
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    # --- life ---

    def start(self) -> Self:
        """Listen and deliver."""
        self._http = HttpServer(self._port, self._answer)
        self._port = self._http.server_port
        self.account.base_url = self._public_url or self.url
        if self._state_file and self._state_file.exists():
            self.account.load(self._state_file)
        self._stopping.clear()
        self._threads = [
            threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True),
            threading.Thread(target=self._tick, name="stripe-clock", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self.webhooks.start()
        return self

    def stop(self) -> None:
        """Listen no more; what was made is kept, so that `start` goes on at the same address."""
        if self._http is None:
            return
        self._stopping.set()
        self.webhooks.stop()
        self._http.close()
        for thread in self._threads:
            thread.join(timeout=10)
        self._http = None
        self._save()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *raised: object) -> None:
        self.stop()
        assert not self.api.mistakes, self.api.mistakes[0]

    @property
    def url(self) -> str:
        """The address of the API, as `base_addresses={"api": …}` takes it."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def secret_key(self) -> str:
        """The only key that opens the API."""
        return self.settings.secret_key

    def client(self, **options: Any) -> StripeClient:
        """The real package's client for this server; it retries nothing unless asked."""
        options.setdefault("max_network_retries", 0)
        return StripeClient(self.secret_key, base_addresses={"api": self.url}, **options)

    def reset(self) -> None:
        """Forget every object, fault, call and delivery; the address, the clock and the settings stay."""
        with self._lock:
            self.account.clear()
            self.api.calls.clear()
            self.faults.waiting.clear()
            self.faults.down = False
            self.webhooks.held = False
            self.webhooks.attempts.clear()
            self._save()

    # --- clock ---

    @property
    def now(self) -> datetime:
        """The server's present."""
        return datetime.fromtimestamp(self.account.now, UTC)

    def advance(self, to: datetime | None = None, **delta: float) -> None:
        """Go forward to a moment, or by days=, hours=…; everything that is due happens, each at its own second."""
        with self._lock:
            moment = to or self.now + timedelta(**delta)
            if moment < self.now:
                raise ValueError(f"the clock does not go back from {self.now} to {moment}")
            run_until(self.account, int(moment.timestamp()))
            self._save()

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the clock, now or at a moment."""
        with self._lock:
            if at:
                self.advance(to=at)
            self.account.clock.frozen_at = self.account.now

    def _tick(self) -> None:
        """A clock that runs does by itself what is due."""
        while not self._stopping.wait(TICK_SECONDS):
            if self.account.clock.frozen_at is not None:
                continue
            with self._lock:
                if is_due(self.account):
                    run_until(self.account, self.account.now)
                    self._save()

    # --- cards, faults, calls ---

    def decline_next(self, code: str = "generic_decline", times: int = 1) -> None:
        """Refuse the next charges whatever the card, with this decline code (see cards.MESSAGES)."""
        self.account.declines.extend([code] * times)

    def use_card(self, customer: str, token: str = "pm_card_visa") -> str:
        """Attach a test card as the customer's default, as the portal would; its identifier."""
        with self._lock:
            found = self.account.get("customer", customer)
            method = attach_card(self.account, token, customer, authenticated=True)
            make_default(self.account, found, method)
            self._save()
            return str(method["id"])

    def fail(
        self, kind: Kind = "error", *, times: int = 1, method: str = "", path: str = "", status: int = 500
    ) -> Fault:
        """Make the next matching calls fail: `error`, `rate_limit`, `act_then_hang_up` or `hang_up`."""
        fault = Fault(kind, times, method, path, status)
        self.faults.waiting.append(fault)
        return fault

    @contextmanager
    def down(self) -> Iterator[None]:
        """Close every connection without an answer."""
        self.faults.down = True
        try:
            yield
        finally:
            self.faults.down = False

    @property
    def calls(self) -> list[Logged]:
        """Every call since the start or the last reset, oldest first."""
        return self.api.calls

    def calls_to(self, path: str, method: str = "") -> list[Logged]:
        """The calls to exactly this path."""
        return [call for call in self.calls if call.path == path and method in ("", call.method)]

    def events(self, type: str = "") -> list[Object]:
        """The events logged so far, oldest first."""
        found = self.account.all("event")
        return [self.account.render(event) for event in found if type in ("", event["type"])]

    def add_endpoint(self, url: str, *, secret: str | None = None, enabled_events: list[str] | None = None) -> Object:
        """Register an address for webhooks; the answer holds its `secret`."""
        with self._lock:
            made = add_endpoint(self.account, url, enabled_events or ["*"], secret=secret)
            self._save()
            return {**self.account.render(made), "secret": made["_secret"]}

    def tell(self, url: str, secret: str | None = None) -> None:
        """Register an address once, even over restarts; a new secret replaces the old one."""
        with self._lock:
            for endpoint in self.account.all("webhook_endpoint", url=url):
                endpoint["_secret"] = secret or endpoint["_secret"]
                return
            self.add_endpoint(url, secret=secret)

    def fill_in(self, url: str, number: str = "4242424242424242", *, accept: bool = True) -> str | None:
        """Type a card on a hosted page, answer the bank; where the page leads, or None when it refuses."""
        form = {"number": number, "expiry": "12/34", "cvc": "123", "name": "Ada Vulcain", "email": "ada@vulcain.test"}
        return self._post_page(url, form, accept=accept)

    def pay_with_kept_card(self, url: str, *, accept: bool = True) -> str | None:
        """Pay an invoice's page with the card that the customer has, answer the bank; same answer."""
        return self._post_page(url, {"saved": "yes"}, accept=accept)

    def _post_page(self, url: str, form: dict[str, str], *, accept: bool) -> str | None:
        answer = requests.post(url, data=form, allow_redirects=False, timeout=30)
        if 'name="authentication"' in answer.text:
            form["authentication"] = "accepted" if accept else "refused"
            answer = requests.post(url, data=form, allow_redirects=False, timeout=30)
        return answer.headers.get("Location")

    # --- answering ---

    def _answer(self, request: Request) -> Answer | Page | None:
        if self.faults.down:
            return None
        with self._lock:
            try:
                return self._route(request)
            finally:
                if request.method != "GET":
                    self._save()

    def _route(self, request: Request) -> Answer | Page | None:
        if request.path.startswith("/v1/"):
            return self.api.answer(request)
        form = {name: value for name, value in decode(request.body).items() if isinstance(value, str)}
        if request.path == "/" or request.path.startswith("/_control"):
            return control(self, request.method, request.path, form)
        return hosted.serve(self.account, request.method, request.path, form)

    def _save(self) -> None:
        if self._state_file:
            with self._lock:
                self.account.save(self._state_file)
