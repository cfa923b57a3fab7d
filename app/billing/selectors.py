"""Reads of the plans and of the trial."""

from datetime import datetime

from django.db.models import QuerySet

from app.entitlements.constants import Source
from app.entitlements.models import Grant
from app.tenancy.scope import platform_scope

from .constants import OfferKind
from .models import Offer, SaasSettings, Trial


def list_public_plans() -> list[Offer]:
    """The plans shown on the site, in the publisher's order, at today's prices."""
    return list(public_plans())


def public_plans() -> "QuerySet[Offer]":
    """The plans that a workshop may choose, as a form wants them."""
    return Offer.objects.filter(kind=OfferKind.PLAN, is_public=True, is_active=True)


def get_saas_settings() -> SaasSettings:
    """The publisher's settings; the defaults until they are saved."""
    return SaasSettings.objects.first() or SaasSettings(pk=1)


def trial_days() -> int:
    """How many days a new workshop may try everything."""
    return get_saas_settings().trial_days


def find_trial() -> Trial | None:
    """The trial of the workshop in scope."""
    return Trial.objects.select_related("wanted_plan").first()


def has_plan() -> bool:
    """Whether the workshop in scope has something else than its trial: then nobody writes to it about the trial."""
    return Grant.objects.filter(source__in=[Source.PLAN, Source.PUBLISHER]).exists()


def list_trials_since(ended_after: datetime) -> list[int]:
    """The keys of the workshops in trial, or whose trial ended after this time."""
    with platform_scope():
        trials = Trial.objects.filter(ends_at__gt=ended_after).order_by("workshop_id")
        return list(trials.values_list("workshop_id", flat=True))
