"""What happens by itself as the clock goes on: renewals, retries, ends, expirations, each at its own second."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .checkout import expire_session
from .invoices import collect, finalize_and_collect, method_of, void
from .pending import discard
from .preview import upcoming_invoice
from .settings import DAY
from .standing import end
from .state import Account, Object
from .subscribing import invoice_pending, renew

#: Nothing renews for ever: an advance over more steps than this is a mistake of the caller.
MAX_STEPS = 100_000


@dataclass(order=True)
class Due:
    """One thing to do at a moment; of two at the same moment the lower rank, then the older object, comes first."""

    at: int
    rank: int
    order: int
    act: Callable[[], None] = field(compare=False)


def run_until(account: Account, to: int) -> None:
    """Do everything that is due up to `to`, each at its moment, and leave the clock there."""
    with account.clock.stepping(to):
        for _step in range(MAX_STEPS):
            due = min(_everything_due(account), default=None)
            if due is None or due.at > to:
                return
            account.clock.frozen_at = max(due.at, account.now)
            due.act()
        raise RuntimeError("the clock was moved too far")


def is_due(account: Account) -> bool:
    """Whether something waits for a moment that has come."""
    return any(due.at <= account.now for due in _everything_due(account))


def _everything_due(account: Account) -> Iterator[Due]:
    for subscription in account.all("subscription", ended_at=None):
        for at, rank, act in _of_subscription(account, subscription):
            yield Due(at, rank, subscription["_order"], act)
    for invoice in account.tables["invoice"].values():
        for at, rank, act in _of_invoice(account, invoice):
            yield Due(at, rank, invoice["_order"], act)
    for session in account.all("checkout.session", status="open"):
        yield Due(session["expires_at"], 9, session["_order"], _later(expire_session, account, session))


def _later(act: Callable[[Account, Object], object], account: Account, raw: Object) -> Callable[[], None]:
    def do() -> None:
        act(account, raw)

    return do


Step = tuple[int, int, Callable[[], None]]


def _of_subscription(account: Account, subscription: Object) -> Iterator[Step]:
    status = subscription["status"]
    if status == "incomplete":
        yield (
            subscription["created"] + account.settings.incomplete_seconds,
            0,
            _later(_expire, account, subscription),
        )
        return
    if subscription["pending_update"]:
        yield subscription["pending_update"]["expires_at"], 0, _later(discard, account, subscription)
    if subscription["cancel_at"]:
        yield subscription["cancel_at"], 1, _later(_end_as_planned, account, subscription)
    if status == "paused":
        return
    ending = subscription["cancel_at"] and subscription["cancel_at"] <= subscription["_end"]
    if status == "trialing":
        notice = subscription["trial_end"] - account.settings.trial_notice_days * DAY
        if not subscription["_noticed"]:
            yield max(notice, subscription["created"]), 2, _later(_notice, account, subscription)
        if not ending:
            yield subscription["trial_end"], 3, _later(_end_trial, account, subscription)
        return
    if ending:
        return
    before = subscription["_end"] - account.settings.upcoming_days * DAY
    if subscription["_upcoming"] != subscription["_end"] and status != "unpaid":
        yield max(before, subscription["_start"]), 2, _later(_announce, account, subscription)
    yield subscription["_end"], 4, _later(_renew, account, subscription)


def _of_invoice(account: Account, invoice: Object) -> Iterator[Step]:
    if invoice["status"] == "draft" and invoice["automatically_finalizes_at"]:
        yield invoice["automatically_finalizes_at"], 5, _later(finalize_and_collect, account, invoice)
    if invoice["status"] == "open" and invoice["next_payment_attempt"]:
        yield invoice["next_payment_attempt"], 6, _later(collect, account, invoice)


def _expire(account: Account, subscription: Object) -> None:
    """The first payment never came."""
    invoice = account.tables["invoice"].get(subscription["latest_invoice"])
    with account.changing(subscription, "customer.subscription.updated"):
        end(account, subscription, reason="payment_failed", status="incomplete_expired")
    if invoice and invoice["status"] == "open":
        void(account, invoice)


def _end_as_planned(account: Account, subscription: Object) -> None:
    """The end that was asked for; what was pending is still invoiced."""
    invoice = invoice_pending(account, subscription, reason="subscription_cycle")
    end(account, subscription, reason="cancellation_requested")
    if invoice:
        finalize_and_collect(account, invoice)


def _notice(account: Account, subscription: Object) -> None:
    subscription["_noticed"] = True
    account.emit("customer.subscription.trial_will_end", subscription)


def _announce(account: Account, subscription: Object) -> None:
    subscription["_upcoming"] = subscription["_end"]
    shown = upcoming_invoice(account, subscription["customer"], subscription["id"], {})
    account.emit("invoice.upcoming", {name: value for name, value in shown.items() if name != "id"})


def _end_trial(account: Account, subscription: Object) -> None:
    """The first paid period, or what the trial's settings say when there is no card."""
    choice = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    latest = account.get("invoice", subscription["latest_invoice"])
    if choice != "create_invoice" and method_of(account, latest) is None:
        _without_card(account, subscription, choice)
        return
    with account.changing(subscription, "customer.subscription.updated"):
        subscription["status"] = "active"
        invoice = renew(account, subscription, at=subscription["trial_end"])
    _wait_as_draft(account, invoice)


def _without_card(account: Account, subscription: Object, choice: str) -> None:
    if choice == "cancel":
        end(account, subscription, reason="payment_failed")
        return
    with account.changing(subscription, "customer.subscription.updated"):
        subscription["status"] = "paused"
    account.emit("customer.subscription.paused", subscription)


def _renew(account: Account, subscription: Object) -> None:
    """The next period; the invoice stays a draft for a while, and for ever once the attempts are over."""
    with account.changing(subscription, "customer.subscription.updated"):
        invoice = renew(account, subscription, at=subscription["_end"])
    _wait_as_draft(account, invoice)


def _wait_as_draft(account: Account, invoice: Object) -> None:
    if invoice["auto_advance"]:
        invoice["automatically_finalizes_at"] = account.now + account.settings.draft_seconds
