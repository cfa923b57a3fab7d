"""A consumer withdraws from a contract signed online (C. conso. art. L221-21 and D221-5)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import QuoteStatus
from ..emails import mail_withdrawal
from ..locks import lock_quote
from ..models import Quote
from ..withdrawal import is_lost, last_day


def withdrawal_ends_on(quote: Quote) -> date | None:
    """The last day on which the customer may withdraw; None for a professional or a quote that is not signed."""
    if quote.status != QuoteStatus.ACCEPTED or quote.accepted_at is None or not quote.signed_by_consumer:
        return None
    return last_day(timezone.localdate(quote.accepted_at))


def may_withdraw(quote: Quote, *, fully_performed: bool) -> bool:
    """Whether the customer's page offers to withdraw today."""
    last = withdrawal_ends_on(quote)
    lost = is_lost(early_start=quote.early_start, fully_performed=fully_performed)
    return last is not None and timezone.localdate() <= last and not lost and quote.withdrawn_at is None


def withdraw(*, workshop: Workshop, actor: Actor, quote: Quote, name: str, email: str, fully_performed: bool) -> Quote:
    """End the contract, once, and mail the receipt and the notice; RuleError when there is no such right or no more.

    The receipt goes to `email`, with the declaration, its date and its time; the trail keeps them all.
    """
    with transaction.atomic():
        held = lock_quote(quote.pk)
        if held.withdrawn_at:
            return held
        if not may_withdraw(held, fully_performed=fully_performed):
            raise RuleError(_("The withdrawal period of this contract is over."))
        held.withdrawn_at = timezone.now()
        held.save(update_fields=["withdrawn_at"])
        declaration = declared(held, name)
        changes = {"name": name, "email": email, "declaration": declaration, "early_start": held.early_start}
        record(workshop=workshop, actor=actor, action="quote.withdrawn", subject=held, changes=changes)
        mail_withdrawal(workshop=workshop, quote=held, name=name, email=email, declaration=declaration)
    return held


def declared(quote: Quote, name: str) -> str:
    """The words of the withdrawal, after the model form of the annex to art. R221-1."""
    signed = timezone.localdate(quote.accepted_at)
    words = _(
        "I, %(name)s, notify my withdrawal from the contract of the quote %(number)s, “%(title)s”, signed on %(date)s."
    )
    return words % {"name": name, "number": quote.number, "title": quote.title, "date": f"{signed:%d/%m/%Y}"}
