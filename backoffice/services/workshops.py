"""The publisher's acts on one workshop, each written in that workshop's own history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from app.audit.services import record
from app.billing import stripe_mirror
from app.billing.models import Offer
from app.billing.selectors import find_customer_id
from app.billing.services.changing import record_quota_of
from app.billing.services.extending import extend_trial
from app.billing.services.giving import give_plan, withdraw_plan
from app.entitlements.constants import Dimension
from app.entitlements.selectors import limit_of
from app.entitlements.services import clear_allowance, set_allowance
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope

from ..constants import SetUpStep
from ..models import SetUpItem

RECONCILE = "billing.reconcile"


@dataclass(frozen=True)
class SetUpAnswer:
    """What the publisher notes of a line of the checklist."""

    done_on: date | None
    note: str


def give(*, workshop: Workshop, actor: Actor, plan: Offer, until: datetime | None, reason: str) -> None:
    """Open a plan by hand; RuleError."""
    with workshop_scope(workshop.pk):
        give_plan(workshop=workshop, actor=actor, plan=plan, until=until, reason=reason)


def withdraw(*, workshop: Workshop, actor: Actor, reason: str) -> None:
    """Take back a plan that was given; RuleError."""
    with workshop_scope(workshop.pk):
        withdraw_plan(workshop=workshop, actor=actor, reason=reason)


def extend(*, workshop: Workshop, actor: Actor, days: int, reason: str) -> None:
    """More days of trial; RuleError."""
    with workshop_scope(workshop.pk):
        extend_trial(workshop=workshop, actor=actor, days=days, reason=reason)


def change_quota(*, workshop: Workshop, actor: Actor, dimension: Dimension, limit: int | None, own: bool) -> None:
    """Set one workshop's own limit (storage in bytes; None: unlimited), or with `own` false give back its plan's.

    The change stands in the publisher's history of prices and quotas, and owes the Owners its mail, in the same
    transaction. A limit that is already so changes nothing and sends nothing.
    """
    with platform_scope():
        with workshop_scope(workshop.pk):
            before = limit_of(workshop, dimension)
            if own:
                set_allowance(workshop=workshop, actor=actor, dimension=dimension, limit=limit)
            else:
                clear_allowance(workshop=workshop, actor=actor, dimension=dimension)
            after = limit_of(workshop, dimension)
        if before != after:
            record_quota_of(workshop_id=workshop.pk, actor=actor, changes={dimension.value: [before, after]})


def read_again(*, workshop: Workshop, actor: Actor) -> None:
    """Ask a worker to compare this workshop with the payment service now; RuleError when there is nothing to read."""
    if not stripe_mirror.is_connected():
        raise RuleError(_("No payment service is connected."))
    with workshop_scope(workshop.pk):
        if not find_customer_id():
            raise RuleError(_("The payment service does not know this workshop yet."))
        record(workshop=workshop, actor=actor, action="subscription.read_again", subject=workshop)
        send_on_commit(RECONCILE, workshop_id=workshop.pk)


def save_set_up(*, workshop: Workshop, actor: Actor, answers: Mapping[SetUpStep, SetUpAnswer]) -> None:
    """Note how far the setting up of a workshop is; only what differs is written."""
    with workshop_scope(workshop.pk):
        held = {row.step: row for row in SetUpItem.objects.select_for_update()}
        changes: dict[str, Any] = {}
        for step, answer in answers.items():
            row = held.get(step) or SetUpItem(workshop=workshop, step=step)
            if (row.done_on, row.note) == (answer.done_on, answer.note):
                continue
            changes[step.value] = [
                f"{row.done_on or ''} {row.note}".strip(),
                f"{answer.done_on or ''} {answer.note}".strip(),
            ]
            row.done_on, row.note = answer.done_on, answer.note
            row.save()
        if changes:
            record(workshop=workshop, actor=actor, action="set_up.noted", subject=workshop, changes=changes)
