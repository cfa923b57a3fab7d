"""How the workshop recognises its customers."""

from django.db import transaction

from app.audit.services import record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import CustomerSettings
from ..selectors import get_settings


def save_criteria(*, workshop: Workshop, actor: Actor, criteria: list[str]) -> CustomerSettings:
    """Choose the criteria by which two customers look alike; none means that no look-alike is shown."""
    settings = get_settings(workshop)
    before, settings.duplicate_criteria = settings.duplicate_criteria, list(criteria)
    with transaction.atomic():
        settings.save()
        record(workshop=workshop, actor=actor, action="settings.duplicates", subject=settings,
               changes={"duplicate_criteria": [before, criteria]})  # fmt: skip
    return settings
