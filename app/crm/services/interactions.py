"""The log of what was said with a customer."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import Customer, Interaction


def add_interaction(
    *, workshop: Workshop, actor: Actor, customer: Customer, kind: str, text: str, happened_at: datetime | None = None
) -> Interaction:
    """Log a call, a mail, an appointment or a note; `actor` is its author, now its time unless said."""
    with transaction.atomic():
        interaction: Interaction = Interaction.objects.create(
            workshop=workshop,
            customer=customer,
            kind=kind,
            text=text.strip(),
            happened_at=happened_at or timezone.now(),
            author=actor.label,
        )
        record(workshop=workshop, actor=actor, action="customer.interaction_added", subject=customer,
               changes={"kind": kind})  # fmt: skip
    return interaction
