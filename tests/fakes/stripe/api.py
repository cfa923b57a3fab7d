"""One API call from its headers to its answer: key, version, idempotency, faults, errors in Stripe's JSON."""

import base64
import binascii
import sys
import traceback
from dataclasses import dataclass, field
from typing import Any

from . import (
    catalog,
    charging,
    checkout,
    customers,
    events,
    invoice_routes,
    lines,
    methods,
    portal,
    preview,
    refunds,
    subscriptions,
)
from .catalog import ACCOUNT_ID
from .errors import StripeRefusal
from .faults import Faults, Logged
from .form import decode
from .rendering import expand, render
from .routes import perform
from .settings import API_VERSION
from .state import IDEMPOTENCY_SECONDS, Account, Object

#: Importing them fills the table of calls.
ROUTE_MODULES = (
    catalog,
    charging,
    checkout,
    customers,
    events,
    invoice_routes,
    lines,
    methods,
    portal,
    preview,
    refunds,
    subscriptions,
)


#: Refusals before anything was done: the same key may be used again.
NOT_KEPT = frozenset({400, 401, 403, 404})


@dataclass
class Request:
    """What arrived."""

    method: str
    path: str
    query: str
    body: str
    headers: dict[str, str]

    def header(self, name: str) -> str | None:
        """A header, whatever its case."""
        return self.headers.get(name.lower())


@dataclass
class Answer:
    """What leaves; `hang_up`: the connection is closed instead."""

    status: int
    body: Object
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False


class Api:
    """The calls of one account."""

    def __init__(self, account: Account, faults: Faults) -> None:
        self.account = account
        self.faults = faults
        self.calls: list[Logged] = []
        self.requests = 0
        #: Tracebacks of this server's own faults; a test ends with none.
        self.mistakes: list[str] = []

    def answer(self, request: Request) -> Answer:
        """The answer to one call, logged."""
        self.requests += 1
        logged = Logged(request.method, request.path, {}, request.header("Idempotency-Key"))
        self.calls.append(logged)
        answer = self._faulty(request, logged)
        logged.status = 0 if answer.hang_up else answer.status
        identifier = f"req_local{self.requests:016d}"
        answer.headers = {"Request-Id": identifier, "Stripe-Version": API_VERSION, **answer.headers}
        return answer

    def _faulty(self, request: Request, logged: Logged) -> Answer:
        fault = self.faults.next_for(request.method, request.path)
        if fault is None:
            return self._guarded(request, logged)
        if fault.kind == "hang_up":
            return Answer(0, {}, hang_up=True)
        if fault.kind == "act_then_hang_up":
            answer = self._guarded(request, logged)
            answer.hang_up = True
            return answer
        if fault.kind == "rate_limit":
            message = "Request rate limit exceeded. You can learn more at https://stripe.com/docs/rate-limits"
            error = {"message": message, "type": "invalid_request_error", "code": "rate_limit"}
            return Answer(429, {"error": error}, {"Stripe-Should-Retry": "true"})
        message = "Sorry! There was an error while talking to one of our backends."
        return Answer(fault.status, {"error": {"message": message, "type": "api_error"}})

    def _guarded(self, request: Request, logged: Logged) -> Answer:
        try:
            self._check_headers(request)
            logged.params = decode(request.query) | decode(request.body)
            return self._idempotent(request, logged)
        except StripeRefusal as refusal:
            return Answer(refusal.status, refusal.body)
        except Exception as mistake:  # a mistake of this server must be read, not retried
            self.mistakes.append(traceback.format_exc())
            sys.stderr.write(self.mistakes[-1])
            error = {"message": f"The local Stripe server is wrong: {mistake!r}", "type": "api_error"}
            return Answer(500, {"error": error}, {"Stripe-Should-Retry": "false"})

    def _check_headers(self, request: Request) -> None:
        key = _key(request.header("Authorization") or "")
        if not key:
            message = (
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
            )
            raise StripeRefusal(message, status=401)
        if key != self.account.settings.secret_key:
            message = f"Invalid API Key provided: {key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:]}"
            raise StripeRefusal(message, status=401)
        version = request.header("Stripe-Version")
        if version not in (None, API_VERSION):
            raise StripeRefusal(f"Invalid Stripe API version: {version}")
        connected = request.header("Stripe-Account")
        if connected not in (None, ACCOUNT_ID):
            message = f"The provided key does not have access to account '{connected}'."
            raise StripeRefusal(message, status=403, code="account_invalid")

    def _idempotent(self, request: Request, logged: Logged) -> Answer:
        """The same key gives the same answer for a day; with other parameters it is refused."""
        key = logged.idempotency_key if request.method == "POST" else None
        if not key:
            return Answer(*self._act(request, logged.params))
        kept = self.account.answers.get(key)
        if kept and kept["at"] + IDEMPOTENCY_SECONDS > self.account.now:
            if (kept["path"], kept["params"]) != (request.path, logged.params):
                message = (
                    "Keys for idempotent requests can only be used with the same parameters they were first used "
                    f"with. Try using a key other than '{key}' if you meant to execute a different request."
                )
                raise StripeRefusal(message, type="idempotency_error")
            logged.replayed = True
            return Answer(kept["status"], kept["body"], {"Idempotency-Key": key, "Idempotent-Replayed": "true"})
        status, body = self._act(request, logged.params)
        if status in NOT_KEPT:
            return Answer(status, body, {"Idempotency-Key": key})
        answer = {"at": self.account.now, "path": request.path, "params": logged.params, "status": status, "body": body}
        self.account.answers[key] = answer
        return Answer(status, body, {"Idempotency-Key": key})

    def _act(self, request: Request, params: Object) -> tuple[int, Object]:
        given = dict(params)
        identifier = f"req_local{self.requests:016d}"
        self.account.request = {"id": identifier, "idempotency_key": request.header("Idempotency-Key")}
        try:
            result, paths = perform(self.account, request.method, request.path, given)
            shown: Any = result["_preview"] if "_preview" in result else render(self.account, result)
            expand(self.account, shown, paths)
        except StripeRefusal as refusal:
            return refusal.status, refusal.body
        finally:
            self.account.request = {"id": None, "idempotency_key": None}
        return 200, shown


def _key(authorization: str) -> str:
    """The secret key of a Bearer or a Basic header."""
    scheme, _space, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
