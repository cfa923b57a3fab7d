"""The messages of quotes."""

from app.crm.services.portal_links import make_link
from app.kernel.money import format_money
from app.notify.services import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop

from .models import Quote


def mail_quote(*, workshop: Workshop, quote: Quote) -> None:
    """The quote with its PDF: an invitation for a new customer, "in your space" for one who has been invited."""
    customer = quote.customer
    kind = "quote_new_customer" if customer.is_new else "quote_existing_customer"
    queue_email(
        workshop=workshop,
        actor=Actor.system("quote sent"),
        kind=kind,
        to=quote.sent_to,
        context=_context(workshop, quote),
        subject_ref=quote,
        attachments=[quote.pdf_file_id],
        dedupe_key=f"quote:{quote.pk}:sent:{quote.sendings}",
    )


def mail_signed_quote(*, workshop: Workshop, quote: Quote) -> None:
    """The signed document, to the customer and to the workshop."""
    for to, side in ((quote.sent_to, "customer"), (workshop.email, "workshop")):
        queue_email(
            workshop=workshop,
            actor=Actor.system("quote signed"),
            kind="quote_signed_copy",
            to=to,
            context=_context(workshop, quote),
            subject_ref=quote,
            attachments=[quote.signed_file_id],
            dedupe_key=f"quote:{quote.pk}:signed:{side}",
        )


def _context(workshop: Workshop, quote: Quote) -> dict[str, str]:
    path = workshop_url(workshop, "portal:quote", public_id=quote.public_id)
    return {
        "customer_name": quote.customer.person_name or quote.customer.display_name,
        "quote_number": quote.number or "",
        "quote_title": quote.title,
        "total": format_money(quote.total_incl_tax),
        "valid_until": f"{quote.valid_until:%d/%m/%Y}" if quote.valid_until else "",
        "link": make_link(workshop=workshop, customer=quote.customer, path=path),
    }
