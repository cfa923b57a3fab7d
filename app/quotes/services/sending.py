"""Sending a quote: numbered and frozen at once; a worker then makes the PDF and the mail."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.crm.services.portal_links import note_invitation
from app.documents.services import store_pdf
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.numbering.services import next_number
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import QUOTE_SERIES, QuoteStatus
from ..emails import mail_quote, tell_sent
from ..locks import lock_quote
from ..models import POWDER_SENT, Quote, QuoteLine
from ..pdf import quote_pdf
from ..selectors import find_newer_version, get_settings, is_number_taken, list_lines
from .indexing import index_quote

TASK = "quotes.finish_sending"


def send_quote(*, workshop: Workshop, actor: Actor, quote: Quote) -> Quote:
    """Number and freeze a draft, and have it mailed to its customer with the PDF.

    RuleError when it was sent already, when the customer has no e-mail address, or when it was priced with a VAT that
    the workshop no longer charges. A quote that replaces another one closes it: the older version can no longer be
    signed, and once signed it is no longer replaced.
    """
    with transaction.atomic():
        if quote.replaces_id:
            _require_unsigned(quote.replaces_id)
        held = lock_quote(quote.pk)
        if not held.is_draft:
            raise RuleError(_("This quote has already been sent."))
        _require_address(held)
        _require_no_vat_under_franchise(workshop, held)
        today = timezone.localdate()
        held.valid_until = held.valid_until or today + timedelta(days=get_settings(workshop).validity_days)
        if held.valid_until < today:
            raise RuleError(_("The validity date has passed."), field="valid_until")
        held.status, held.sent_at, held.sent_to = QuoteStatus.SENT, timezone.now(), held.customer.email
        send_on_commit(TASK, workshop_id=workshop.pk, quote_pk=held.pk)
        held.number = next_number(workshop=workshop, series=QUOTE_SERIES, on=today, is_taken=is_number_taken)
        held.save()
        _keep_powders(held)
        index_quote(held)
        changes = {"status": [QuoteStatus.DRAFT, QuoteStatus.SENT], "number": [None, held.number], "to": held.sent_to}
        record(workshop=workshop, actor=actor, action="quote.sent", subject=held, changes=changes)
        tell_sent(workshop=workshop, actor=actor, quote=held)
    return held


def _keep_powders(quote: Quote) -> None:
    """Freeze the words of the powders with the rest: what is signed never names another one later."""
    lines = [line for line in list_lines(quote) if line.powder]
    for line in lines:
        line.powder_sent = {name: getattr(line.powder, name) for name in POWDER_SENT}
    QuoteLine.objects.bulk_update(lines, ["powder_sent"])


def finish_sending(*, workshop: Workshop, quote_pk: int) -> None:
    """Make the PDF of a sent quote, once, and queue its mail, once; safe to repeat."""
    with transaction.atomic():
        quote = lock_quote(quote_pk)
        if quote.is_draft or quote.mailed_at or not quote.sent_to:  # without an address: the customer was erased
            return
        ensure_pdf(workshop=workshop, quote=quote)
        quote.sent_to = quote.customer.email  # corrected or taken away, perhaps, since somebody pressed the button
        if quote.sent_to:
            mail_quote(workshop=workshop, quote=quote)
            note_invitation(customer=quote.customer)
            quote.mailed_at = timezone.now()
        quote.save(update_fields=["sent_to", "mailed_at"])


def ensure_pdf(*, workshop: Workshop, quote: Quote) -> None:
    """Make and keep the PDF of a sent quote unless it exists; its fingerprint never changes afterwards."""
    if quote.pdf_file_id:
        return
    stored = store_pdf(
        workshop=workshop, name=f"devis-{quote.number}.pdf", kind="quote", content=quote_pdf(workshop, quote)
    )
    quote.pdf_file_id, quote.pdf_sha256 = stored.public_id, stored.sha256
    quote.save(update_fields=["pdf_file_id", "pdf_sha256"])


def resend_quote(*, workshop: Workshop, actor: Actor, quote: Quote, sendings: int | None = None) -> None:
    """Mail a sent quote again, with a new link; RuleError when it can no longer be signed, or without an address.

    `sendings` is how often it had left when the page was shown: the second of two clicks sends nothing more.
    """
    with transaction.atomic():
        held = lock_quote(quote.pk)
        if sendings is not None and held.sendings > sendings:
            return
        if held.status != QuoteStatus.SENT:
            raise RuleError(_("Only a quote that waits for an answer can be sent again."))
        if held.is_expired():
            raise RuleError(_("The validity date has passed: renew the quote as a new version."))
        newer = find_newer_version(held)
        if newer and not newer.is_draft:
            raise RuleError(_("A newer version of this quote has been sent."))
        _require_address(held)
        held.sent_to, held.mailed_at = held.customer.email, None
        held.sendings += 1
        held.save(update_fields=["sent_to", "mailed_at", "sendings"])
        record(workshop=workshop, actor=actor, action="quote.resent", subject=held, changes={"to": held.sent_to})
        send_on_commit(TASK, workshop_id=workshop.pk, quote_pk=held.pk)


def _require_unsigned(replaced_pk: int) -> None:
    """Hold the older version, so that it is not being signed meanwhile; RuleError when its customer has signed it."""
    if lock_quote(replaced_pk).status == QuoteStatus.ACCEPTED:
        raise RuleError(
            _("The quote that this one replaces was signed meanwhile. To propose more, copy this one to a new draft.")
        )


def _require_no_vat_under_franchise(workshop: Workshop, quote: Quote) -> None:
    """A draft of before the franchise would charge a VAT that is then due (art. 283): its totals must be seen anew."""
    if workshop.vat_exempt and quote.total_tax:
        raise RuleError(
            _("Your workshop no longer charges VAT, and this draft does: open it and save it, its totals will follow.")
        )


def _require_address(quote: Quote) -> None:
    if not quote.customer.email:
        raise RuleError(_("This customer has no e-mail address: add one to send the quote."), field="customer")
