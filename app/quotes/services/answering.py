"""What becomes of a sent quote: opened, accepted by a signature, refused."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.documents.models import Signature
from app.documents.services import signed_pdf, store_pdf
from app.files.services import read_file
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import QuoteStatus
from ..emails import mail_signed_quote, tell_signed
from ..locks import lock_quote
from ..models import Quote
from ..selectors import find_newer_version

SIGNED_TASK = "quotes.finish_signature"


def record_opening(*, workshop: Workshop, actor: Actor, quote: Quote) -> None:
    """Note the first time that the customer opened the quote."""
    opened = Quote.objects.filter(pk=quote.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    if opened:
        record(workshop=workshop, actor=actor, action="quote.opened", subject=quote)


def require_signable(quote: Quote) -> None:
    """RuleError that says why this quote cannot be signed: answered, expired, replaced, or not ready yet."""
    if quote.status == QuoteStatus.ACCEPTED:
        raise RuleError(_("This quote is already signed."))
    if quote.status != QuoteStatus.SENT:
        raise RuleError(_("This quote cannot be signed."))
    if quote.is_expired():
        raise RuleError(_("This quote has expired: ask the workshop to renew it."))
    newer = find_newer_version(quote)
    if newer and not newer.is_draft:
        raise RuleError(_("A newer version of this quote has been sent."))
    if not quote.pdf_sha256:
        raise RuleError(_("The document is being prepared: try again in a moment."))


def accept_quote(
    *, workshop: Workshop, actor: Actor, quote: Quote, signature: Signature, early_start: bool = False
) -> Quote:
    """Accept a sent quote with its customer's signature, the only way a quote is ever accepted.

    `early_start`: a consumer asked that the work start within the withdrawal period. RuleError when it cannot be
    signed, or when the signature is not that of the document sent.
    """
    with transaction.atomic():
        held = lock_quote(quote.pk)
        require_signable(held)
        if signature.document_sha256 != held.pdf_sha256:
            raise RuleError(_("The signature is not that of this document."))
        held.status, held.accepted_at = QuoteStatus.ACCEPTED, signature.signed_at
        held.signed_by_consumer = not held.customer.is_pro
        held.early_start = early_start and held.signed_by_consumer
        held.save(update_fields=["status", "accepted_at", "signed_by_consumer", "early_start"])
        changes = {"status": [QuoteStatus.SENT, QuoteStatus.ACCEPTED], "signed_by": signature.signer_name}
        record(workshop=workshop, actor=actor, action="quote.signed", subject=held, changes=changes)
        tell_signed(workshop=workshop, actor=actor, quote=held)
        send_on_commit(SIGNED_TASK, workshop_id=workshop.pk, quote_pk=held.pk, signature_pk=signature.pk)
    return held


def finish_signature(*, workshop: Workshop, quote_pk: int, signature: Signature) -> None:
    """Make the signed document, once, and mail a copy to both sides, once; safe to repeat."""
    with transaction.atomic():
        quote = lock_quote(quote_pk)
        if quote.status != QuoteStatus.ACCEPTED or quote.signed_file_id:
            return
        assert quote.pdf_file_id  # an accepted quote has its document
        content = signed_pdf(workshop=workshop, signature=signature, document=read_file(quote.pdf_file_id))
        stored = store_pdf(workshop=workshop, name=f"devis-{quote.number}-signe.pdf", kind="quote", content=content)
        quote.signed_file_id = stored.public_id
        quote.save(update_fields=["signed_file_id"])
        mail_signed_quote(workshop=workshop, quote=quote)


def refuse_quote(*, workshop: Workshop, actor: Actor, quote: Quote, reason: str) -> Quote:
    """The workshop notes that the customer does not want the quote; a reason is required."""
    if not reason.strip():
        raise RuleError(_("Say why the quote is refused."), field="reason")
    with transaction.atomic():
        held = lock_quote(quote.pk)
        if held.status != QuoteStatus.SENT:
            raise RuleError(_("Only a quote that waits for an answer can be refused."))
        held.status, held.refused_at, held.refusal_reason = QuoteStatus.REFUSED, timezone.now(), reason.strip()
        held.save(update_fields=["status", "refused_at", "refusal_reason"])
        changes = {"status": [QuoteStatus.SENT, QuoteStatus.REFUSED], "reason": held.refusal_reason}
        record(workshop=workshop, actor=actor, action="quote.refused", subject=held, changes=changes)
    return held
