"""What the payment of an invoice, or its failure, makes of the subscription."""

from .settings import DAY
from .state import Account, Object

OVER = ("canceled", "incomplete_expired")


def subscription_of(account: Account, invoice: Object) -> Object | None:
    """The subscription that an invoice is for."""
    parent = invoice["parent"]
    if not parent:
        return None
    return account.tables["subscription"].get(parent["subscription_details"]["subscription"])


def after_payment(account: Account, invoice: Object) -> None:
    """The last invoice is settled: what waited for it is active again, or takes place."""
    subscription = subscription_of(account, invoice)
    if invoice.get("_waits"):
        _settle_pending(account, subscription, invoice)
        return
    _set_delinquent(account, invoice["customer"], value=False)
    if subscription is None or subscription["latest_invoice"] != invoice["id"]:
        return
    if subscription["status"] in ("incomplete", "past_due", "unpaid"):
        with account.changing(subscription, "customer.subscription.updated"):
            is_trial = (subscription["trial_end"] or 0) > account.now
            subscription["status"] = "trialing" if is_trial else "active"


def _settle_pending(account: Account, subscription: Object | None, invoice: Object) -> None:
    """Paid, the change that waited takes place; void, it is forgotten."""
    if subscription is None or not subscription["pending_update"] or subscription["latest_invoice"] != invoice["id"]:
        return
    if invoice["status"] != "paid":
        drop_pending(account, subscription)
        return
    with account.changing(subscription, "customer.subscription.updated"):
        for item in account.all("subscription_item", subscription=subscription["id"]):
            account.tables["subscription_item"].pop(item["id"])
        account.tables["subscription_item"].update(subscription.pop("_wanted"))
        subscription["pending_update"] = None
    account.emit("customer.subscription.pending_update_applied", subscription)


def drop_pending(account: Account, subscription: Object) -> None:
    """Forget the change that waits."""
    with account.changing(subscription, "customer.subscription.updated"):
        subscription["pending_update"] = None
        subscription.pop("_wanted", None)


def after_failure(account: Account, invoice: Object) -> None:
    """The first invoice leaves the subscription incomplete; a later one makes it past due, then what was chosen."""
    if invoice["billing_reason"] == "manual" or invoice.get("_waits"):
        return
    _set_delinquent(account, invoice["customer"], value=True)
    subscription = subscription_of(account, invoice)
    if subscription is None or subscription["status"] in (*OVER, "incomplete"):
        return
    if not invoice["auto_advance"] or invoice["next_payment_attempt"]:
        if subscription["status"] in ("active", "trialing"):
            with account.changing(subscription, "customer.subscription.updated"):
                subscription["status"] = "past_due"
        return
    _give_up(account, subscription)


def _give_up(account: Account, subscription: Object) -> None:
    choice = account.settings.after_retries
    if choice == "cancel":
        end(account, subscription, reason="payment_failed")
        return
    with account.changing(subscription, "customer.subscription.updated"):
        subscription["status"] = choice


def plan_retry(account: Account, invoice: Object) -> None:
    """The next attempt of an unpaid invoice, or none once the settings' attempts are over."""
    days = account.settings.retry_days
    number = invoice["attempt_count"]
    goes_on = invoice["auto_advance"] and 1 <= number <= len(days)
    invoice["next_payment_attempt"] = account.now + days[number - 1] * DAY if goes_on else None


def end(account: Account, subscription: Object, *, reason: str, status: str = "canceled") -> None:
    """The subscription is over now; its invoices are no longer collected by themselves."""
    subscription.update(
        status=status,
        ended_at=account.now,
        canceled_at=subscription["canceled_at"] or account.now,
    )
    details = subscription["cancellation_details"] or {"comment": None, "feedback": None, "feedback_option": None}
    subscription["cancellation_details"] = {**details, "reason": details.get("reason") or reason}
    for invoice in account.all("invoice", customer=subscription["customer"]):
        if invoice["status"] in ("draft", "open") and subscription_of(account, invoice) is subscription:
            invoice.update(auto_advance=False, next_payment_attempt=None, automatically_finalizes_at=None)
    if status == "canceled":
        account.emit("customer.subscription.deleted", subscription)


def _set_delinquent(account: Account, customer: str, *, value: bool) -> None:
    found = account.tables["customer"].get(customer)
    if found and found["delinquent"] != value:
        with account.changing(found, "customer.updated"):
            found["delinquent"] = value
