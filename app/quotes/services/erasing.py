"""What an erased customer leaves in their quotes: the offer and its proof, without the address that it was sent to.

A signed document is a contract: it stays as it was signed, with its evidence (docs/adr/0008). The document of an offer
that nobody signed proves nothing that the law wants kept, and bears the person's name: it goes. The offer itself
stays, and is read as a page.
"""

from app.files.models import StoredFile
from app.files.services import delete_file
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import Quote


def erase_person_from_quotes(*, workshop: Workshop, actor: Actor, customer_pk: int) -> None:
    """Forget where the customer's quotes were sent, and remove the documents of those that were never signed."""
    quotes = Quote.objects.filter(customer_id=customer_pk)
    quotes.exclude(sent_to="").update(sent_to="")
    unsigned = quotes.filter(accepted_at=None).exclude(pdf_file_id=None)
    for stored in StoredFile.objects.filter(public_id__in=unsigned.values("pdf_file_id")):
        delete_file(actor=actor, stored=stored)
    unsigned.update(pdf_file_id=None, pdf_sha256="")
