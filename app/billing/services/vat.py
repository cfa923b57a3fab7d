"""Asking VIES for a VAT number and keeping the proof."""

from datetime import timedelta

from django.utils import timezone

from app.audit.services import record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope

from ..models import VatCheck
from ..selectors import is_valid_number
from ..vies import ask_vies

VIES = Actor.system("VIES")
#: A proof older than this is asked again before the next invoice.
FRESH_DAYS = 90


def check_number(*, workshop_id: int, number: str) -> bool:
    """Ask VIES, outside any transaction, and keep its answer; whether the number counts as valid.

    When the service cannot be asked, the last known answer stands: unavailable is not invalid.
    """
    answer = ask_vies(number)
    with workshop_scope(workshop_id):
        workshop = Workshop.objects.get(pk=workshop_id)
        check = VatCheck.objects.create(
            workshop=workshop,
            number=number,
            valid=answer.valid,
            name=answer.name,
            address=answer.address,
            consultation=answer.consultation,
            error=answer.error,
        )
        changes = {"number": number, "valid": answer.valid, "consultation": answer.consultation}
        record(workshop=workshop, actor=VIES, action="vat.checked", subject=check, changes=changes)
        return is_valid_number(number)


def needs_fresh_answer(number: str) -> bool:
    """Whether no real answer about this number is recent enough for an invoice."""
    since = timezone.now() - timedelta(days=FRESH_DAYS)
    return not VatCheck.objects.filter(number=number, asked_at__gt=since).exclude(valid=None).exists()
