"""The plans of a new installation and the start of a trial."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .constants import INITIAL_PLANS
from .models import Plan, SaasSettings, Trial
from .selectors import trial_days

TRIAL = Actor.system("free trial")


def load_plans() -> list[Plan]:
    """Create the plans and settings that are missing and return the new plans; what exists is left as it is."""
    SaasSettings.objects.get_or_create(pk=1)
    created = []
    for position, initial in enumerate(INITIAL_PLANS, start=1):
        values = {
            "name": initial.name,
            "price_excl_tax": initial.price_excl_tax,
            "description": initial.description,
            "features": list(initial.features),
            "position": position,
        }
        plan, is_new = Plan.objects.get_or_create(key=initial.key, defaults=values)
        if is_new:
            created.append(plan)
    return created


def start_trial(*, workshop: Workshop, actor: Actor = TRIAL) -> Trial:
    """Open every feature for the days set by the publisher; a workshop that had its trial keeps that one.

    Call it in the workshop's scope. At the end the workshop becomes read-only by itself.
    """
    now = timezone.now()
    ends_at = now + timedelta(days=trial_days())
    with transaction.atomic():
        trial, is_new = Trial.objects.get_or_create(
            workshop=workshop, defaults={"started_at": now, "ends_at": ends_at}
        )
        if is_new:
            workshop.writable_until = trial.ends_at
            workshop.save(update_fields=["writable_until"])
            grant(workshop=workshop, features=Feature.values, source=Source.TRIAL, ends_at=trial.ends_at)
            record(workshop=workshop, actor=actor, action="trial.started", subject=trial, changes={"ends_at": trial.ends_at})
    return trial
