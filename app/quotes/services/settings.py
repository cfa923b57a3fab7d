"""How a workshop prices its quotes."""

from django.db import transaction
from django.forms.models import model_to_dict

from app.audit.services import difference, record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import QuoteSettings


def save_settings(*, workshop: Workshop, actor: Actor, prices: QuoteSettings) -> QuoteSettings:
    """Keep the prices that new quotes start from; quotes that exist keep theirs."""
    with transaction.atomic():
        held = QuoteSettings.objects.select_for_update().first()
        before = model_to_dict(held) if held else {}
        prices.pk, prices.workshop = held.pk if held else None, workshop
        prices.save()
        changes = difference(before, model_to_dict(prices))
        record(workshop=workshop, actor=actor, action="settings.prices", subject=prices, changes=changes)
    return prices
