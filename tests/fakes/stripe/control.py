"""`/`, for the developer: move the clock, refuse cards, hold the webhooks, see the events.

Each button posts to `/_control/<what>`; a program may post there too and reads JSON when it asks for it with
`format=json`. Tests use the methods of StripeServer instead.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from . import wording
from .api import Answer
from .cards import MESSAGES
from .errors import StripeRefusal
from .faults import Kind
from .pages.html import Page, button, text
from .state import Object

if TYPE_CHECKING:
    from .client import StripeServer


def control(server: "StripeServer", method: str, path: str, form: dict[str, str]) -> Answer | Page:
    """Do what is asked, and show the page again."""
    if method == "GET":
        return _home(server) if path == "/" else Answer(200, state(server))
    what = path.removeprefix("/_control/")
    action = _ACTIONS.get(what)
    if action is None:
        return Answer(404, StripeRefusal(f"Unknown control: {what}").body)
    try:
        action(server, form)
    except (ValueError, StripeRefusal) as refusal:
        return Answer(400, {"error": {"message": str(refusal), "type": "invalid_request_error"}})
    return Answer(200, state(server)) if form.get("format") == "json" else Page.redirect("/")


def state(server: "StripeServer") -> Object:
    """Where the server is: its clock, its queue, its faults."""
    return {
        "now": server.account.now,
        "frozen": server.account.clock.frozen_at is not None,
        "deliveries": len(server.account.deliveries),
        "held": server.webhooks.held,
        "declines": server.account.declines,
        "down": server.faults.down,
        "attempts": [vars(attempt) for attempt in server.webhooks.attempts[-20:]],
    }


def _advance(server: "StripeServer", form: dict[str, str]) -> None:
    if form.get("to"):
        moment = form["to"]
        server.advance(
            to=datetime.fromtimestamp(int(moment), UTC) if moment.isdecimal() else datetime.fromisoformat(moment)
        )
    else:
        server.advance(days=float(form.get("days", "1")))


def _decline(server: "StripeServer", form: dict[str, str]) -> None:
    server.decline_next(form.get("code", "generic_decline"), int(form.get("times", "1")))


def _fail(server: "StripeServer", form: dict[str, str]) -> None:
    kinds: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
    kind = kinds.get(form.get("kind", "error"))
    if kind is None:
        raise ValueError(f"unknown fault: {form['kind']}")
    server.fail(
        kind,
        times=int(form.get("times", "1")),
        method=form.get("method", ""),
        path=form.get("path", ""),
        status=int(form.get("status", "500")),
    )


def _forged(server: "StripeServer", form: dict[str, str]) -> None:
    """The last event once more, signed with another secret, to the first address."""
    endpoints, events = server.account.all("webhook_endpoint"), server.events()
    if not endpoints or not events:
        raise ValueError("there is no address or no event yet")
    server.webhooks.deliver(server.webhooks.forged(events[-1], url=endpoints[0]["url"]))


_ACTIONS: dict[str, Callable[["StripeServer", dict[str, str]], None]] = {
    "advance": _advance,
    "decline": _decline,
    "fail": _fail,
    "forge": _forged,
    "reset": lambda server, form: server.reset(),
    "hold": lambda server, form: server.webhooks.hold(),
    "release": lambda server, form: server.webhooks.release(order=form.get("order", "as_happened")),
    "duplicate": lambda server, form: server.webhooks.duplicate(),
    "replay": lambda server, form: server.webhooks.replay(form.get("event", "")),
    "retry": lambda server, form: server.webhooks.retry_now(),
}


def _home(server: "StripeServer") -> Page:
    account = server.account
    now = datetime.fromtimestamp(account.now, UTC)
    clock = "".join(
        button(label, "/_control/advance", {"days": days}, plain=True)
        for label, days in (("+ 1 jour", "1"), ("+ 7 jours", "7"), ("+ 31 jours", "31"))
    )
    codes = "".join(button(f"Refuser : {code}", "/_control/decline", {"code": code}, plain=True) for code in MESSAGES)
    hold = "release" if server.webhooks.held else "hold"
    said = "Livrer ce qui est retenu" if server.webhooks.held else "Retenir les webhooks"
    body = (
        f"<p>Horloge du serveur : {wording.date(account.now)}, {now:%H:%M} UTC.</p>{clock}"
        f"<h2>Prochain paiement</h2><details><summary>Le faire refuser</summary>{codes}</details>"
        f"<p>Refus en attente : {len(account.declines)}.</p>"
        f"<h2>Webhooks</h2><p>En attente : {len(account.deliveries)}.</p>"
        f"{button(said, f'/_control/{hold}', plain=True)}{button('Réessayer maintenant', '/_control/retry', plain=True)}"
        f"{_customers(server)}{_events(server)}"
    )
    return Page.html("Stripe local", body)


def _customers(server: "StripeServer") -> str:
    rows = "".join(
        f"<tr><td>{text(raw['name'] or raw['email'])}</td><td class='code'>{raw['id']}</td>"
        f"<td>{', '.join(sub['status'] for sub in server.account.all('subscription', customer=raw['id']))}</td></tr>"
        for raw in server.account.all("customer")[-20:]
    )
    head = "<tr><th>Client</th><th>Identifiant</th><th>Abonnements</th></tr>"
    return f"<h2>Clients</h2><table>{head}{rows}</table>" if rows else "<h2>Clients</h2><p>Aucun.</p>"


def _events(server: "StripeServer") -> str:
    rows = "".join(
        f"<tr><td>{wording.date(raw['created'])}</td><td class='code'>{raw['type']}</td>"
        f"<td class='code'>{raw['id']}</td></tr>"
        for raw in reversed(server.account.all("event")[-40:])
    )
    head = "<tr><th>Date</th><th>Type</th><th>Identifiant</th></tr>"
    return f"<h2>Derniers événements</h2><table>{head}{rows}</table>" if rows else ""
