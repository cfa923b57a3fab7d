"""What an erased customer leaves in their quotes: the offer and its proof, without the address that it was sent to."""

from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import Quote


def erase_address_of(*, workshop: Workshop, actor: Actor, customer_pk: int) -> None:
    """Forget where the customer's quotes were sent; a signature keeps its own evidence (docs/adr/0008)."""
    Quote.objects.filter(customer_id=customer_pk).exclude(sent_to="").update(sent_to="")
