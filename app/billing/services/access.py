"""Making a workshop's rights what its trial and its subscription say, in one transaction."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.entitlements.constants import Dimension, Source
from app.entitlements.services import allow, grant
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..access import Facts, Held, Rights, closes_at, decide_access, rights_of_options, rights_of_plan
from ..constants import GIGABYTE, AccessState
from ..models import Offer, SaasSettings, SubscribedItem, Subscription, Trial
from ..selectors import get_saas_settings, public_plans

ACCESS = Actor.system("subscription")
CLOSING = ["access_state", "writable_until", "suspended_at"]


def apply_access(*, workshop: Workshop, now: datetime | None = None, actor: Actor = ACCESS) -> AccessState:
    """Give the workshop the rights of its state at `now`, and return the state; a second call changes nothing.

    Call it in the workshop's scope, after any change of its trial, its subscription, or the catalogue.
    """
    now = now or timezone.now()
    with transaction.atomic():
        held = Workshop.objects.select_for_update().get(pk=workshop.pk)
        subscription = Subscription.objects.select_related("plan").first()
        trial = Trial.objects.first()
        settings = get_saas_settings()
        facts = facts_of(trial, subscription, settings)
        state = decide_access(facts, now)
        _give(held, state, trial, subscription, settings)
        _close(held, facts, state, actor)
    for name in (*CLOSING, "entitlements_version"):
        setattr(workshop, name, getattr(held, name))
    return state


def facts_of(trial: Trial | None, subscription: Subscription | None, settings: SaasSettings) -> Facts:
    """The facts that decide the access, from the rows."""
    trial_ends_at = trial.ends_at if trial else None
    delays = (settings.days_before_limit, settings.days_before_suspension)
    if subscription is None:
        return Facts(trial_ends_at=trial_ends_at, days_before_limit=delays[0], days_before_suspension=delays[1])
    return Facts(
        trial_ends_at=trial_ends_at,
        origin=subscription.origin,
        status=subscription.status,
        period_end=subscription.period_end,
        past_due_since=subscription.past_due_since,
        ended_at=subscription.ended_at,
        days_before_limit=delays[0],
        days_before_suspension=delays[1],
    )


def _give(
    workshop: Workshop,
    state: AccessState,
    trial: Trial | None,
    subscription: Subscription | None,
    settings: SaasSettings,
) -> None:
    storage: dict[str, int | None] = {Dimension.STORAGE: settings.storage_gb * GIGABYTE}
    plan = subscription.plan if subscription else None
    of_plan = Held(plan.features, {**storage, **plan.limits}) if plan else Held((), {})
    options = _held_options(plan)
    if trial and state == AccessState.TRIAL:
        offered = {feature for offer in public_plans() for feature in offer.features}
        grant(workshop=workshop, features=offered, source=Source.TRIAL, ends_at=trial.ends_at)
        allow(workshop=workshop, limits=storage, source=Source.TRIAL)
    elif trial:
        _give_from(workshop, Source.TRIAL, Rights())
    _give_from(workshop, Source.PLAN, rights_of_plan(state, of_plan, settings.premium_features))
    _give_from(workshop, Source.OPTION, rights_of_options(state, options, settings.premium_features))


def _held_options(plan: Offer | None) -> list[Held]:
    items = SubscribedItem.objects.filter(ends_at=None).select_related("offer").order_by("pk")
    return [Held(item.offer.features, item.offer.limits, item.quantity) for item in items if item.offer != plan]


def _give_from(workshop: Workshop, source: Source, rights: Rights) -> None:
    grant(workshop=workshop, features=rights.features, source=source, ends_at=None)
    allow(workshop=workshop, limits=rights.limits, source=source)


def _close(workshop: Workshop, facts: Facts, state: AccessState, actor: Actor) -> None:
    before = [getattr(workshop, name) for name in CLOSING]
    workshop.access_state = state
    workshop.writable_until = closes_at(facts, state)
    workshop.suspended_at = workshop.writable_until if state == AccessState.SUSPENDED else None
    if before == [getattr(workshop, name) for name in CLOSING]:
        return
    workshop.save(update_fields=CLOSING)
    changes = {"state": [before[0], state.value]}
    record(workshop=workshop, actor=actor, action="access.changed", subject=workshop, changes=changes)
