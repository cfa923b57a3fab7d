"""The messages of quotes."""

from uuid import UUID

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from app.audit.selectors import find_author
from app.crm.services.portal_links import make_link
from app.files.selectors import get_file
from app.kernel.money import format_money
from app.notify.constants import CUSTOMERS_LANGUAGE
from app.notify.events import StaffEvent
from app.notify.selectors import language_of
from app.notify.services import Attachment, News, queue_email, tell_staff
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Workshop

from .models import Quote
from .withdrawal import REFUND


def mail_quote(*, workshop: Workshop, quote: Quote) -> None:
    """The quote with its PDF: an invitation for a new customer, "in your space" for one who has been invited."""
    kind = "quote_new_customer" if quote.customer.is_new else "quote_existing_customer"
    language = language_of(kind, quote.customer.language)
    queue_email(
        workshop=workshop,
        actor=find_author(quote, ("quote.sent", "quote.resent")) or Actor.system("quote sent"),
        kind=kind,
        to=quote.sent_to,
        context=_context(workshop, quote, language),
        language=language,
        subject_ref=quote,
        attachments=[_attachment(quote.pdf_file_id)],
        dedupe_key=f"quote:{quote.pk}:sent:{quote.sendings}",
    )


def mail_signed_quote(*, workshop: Workshop, quote: Quote) -> None:
    """The signed document, to the customer (unless they were erased since) and to the workshop.

    The quote may have been sent to an address that was corrected before it was signed. The workshop's copy leads to
    its own page of the quote: a link to the customer's space would let whoever reads it sign in their place.
    """
    for to, side in ((quote.customer.email, "customer"), (workshop.email, "workshop")):
        if not to:
            continue
        wanted = quote.customer.language if side == "customer" else CUSTOMERS_LANGUAGE
        language = language_of("signed_copy", wanted)
        queue_email(
            workshop=workshop,
            actor=Actor.system("quote signed"),
            kind="signed_copy",
            to=to,
            context=_context(workshop, quote, language, to_customer=side == "customer"),
            language=language,
            subject_ref=quote,
            attachments=[_attachment(quote.signed_file_id)],
            dedupe_key=f"quote:{quote.pk}:signed:{side}",
        )


def tell_sent(*, workshop: Workshop, actor: Actor, quote: Quote) -> None:
    """Tell the colleagues who want to know that a quote has left."""
    tell_staff(
        workshop=workshop, actor=actor, event=StaffEvent.QUOTE_SENT, dedupe_key=str(quote.pk),
        news=lambda: News(_("Quote sent"), f"{quote.number} · {quote.customer}"), path=_page(workshop, quote),
    )  # fmt: skip


def tell_signed(*, workshop: Workshop, actor: Actor, quote: Quote) -> None:
    """Tell whoever wants to know that the customer has signed."""
    tell_staff(
        workshop=workshop, actor=actor, event=StaffEvent.QUOTE_SIGNED, dedupe_key=str(quote.pk),
        news=lambda: News(_("Quote signed"), f"{quote.number} · {quote.customer}"), path=_page(workshop, quote),
    )  # fmt: skip


def mail_withdrawal(*, workshop: Workshop, quote: Quote, name: str, email: str, declaration: str) -> None:
    """The receipt to the person who withdrew, at the address given, and the notice to the workshop."""
    assert quote.withdrawn_at  # both messages say when
    moment = timezone.localtime(quote.withdrawn_at)
    with translation.override(CUSTOMERS_LANGUAGE):  # the customer reads their page in the language of their browser
        asked = _("The customer had asked that the work start at once: what was done until then stays due.")
    context = {
        "consommateur": name,
        "numero_devis": quote.number or "",
        "date_retractation": f"{moment:%d/%m/%Y %H:%M}",
        "declaration": declaration,
    }
    more = {
        "date_remboursement": f"{moment + REFUND:%d/%m/%Y}",
        "travail_demande": asked if quote.early_start else "",
        "lien": absolute_url(_page(workshop, quote)),
    }
    for kind, to, values, language in (
        ("withdrawal_receipt", email, context, quote.customer.language),
        ("withdrawal_notice", workshop.email, context | more, CUSTOMERS_LANGUAGE),
    ):
        queue_email(
            workshop=workshop, actor=Actor.system("withdrawal"), kind=kind, to=to, context=values, subject_ref=quote,
            dedupe_key=f"quote:{quote.pk}:{kind}", language=language,
        )  # fmt: skip


def _page(workshop: Workshop, quote: Quote) -> str:
    return workshop_url(workshop, "quotes:quote_detail", quote_pk=quote.pk)


def _attachment(file_id: UUID | None) -> Attachment:
    assert file_id  # both messages leave after their document was made
    stored = get_file(file_id)
    return Attachment(stored.storage_key, stored.name, stored.content_type)


def _context(workshop: Workshop, quote: Quote, language: str, *, to_customer: bool = True) -> dict[str, str]:
    signed = timezone.localtime(quote.accepted_at) if quote.accepted_at else None
    with translation.override(language):
        return {
            "nom_client": quote.customer.person_name or quote.customer.display_name,
            "numero_devis": quote.number or "",
            "montant": format_money(quote.total_incl_tax, locale=language),
            "date_validite": date_format(quote.valid_until) if quote.valid_until else "",
            "date_signature": date_format(signed, "DATETIME_FORMAT") if signed else "",
            "lien": _space_link(workshop, quote) if to_customer else absolute_url(_page(workshop, quote)),
        }


def _space_link(workshop: Workshop, quote: Quote) -> str:
    path = workshop_url(workshop, "portal:quote_detail", public_id=quote.public_id)
    return make_link(workshop=workshop, customer=quote.customer, path=path)
