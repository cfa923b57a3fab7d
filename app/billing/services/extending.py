"""More days of trial, given by the publisher."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..models import Trial
from ..selectors import has_plan
from .access import apply_access

MOST_DAYS = 365


def extend_trial(*, workshop: Workshop, actor: Actor, days: int, reason: str) -> Trial:
    """Add days to the trial, from today when it is over; in the workshop's scope.

    The mails that have not left yet come as many days later as the end does; those that left do not come again.

    RuleError without a reason, when the workshop has a plan, or never had a trial.
    """
    if not reason.strip():
        raise RuleError(_("Say why: the reason stays in the history."), field="reason")
    if not 1 <= days <= MOST_DAYS:
        raise RuleError(_("Between 1 and %(most)d days.") % {"most": MOST_DAYS}, field="days")
    with transaction.atomic():
        trial = Trial.objects.select_for_update(of=("self",)).first()
        if trial is None:
            raise RuleError(_("This workshop had no trial: give it a plan instead."))
        if has_plan():
            raise RuleError(_("This workshop has a plan: its trial no longer counts."))
        before = trial.ends_at
        trial.ends_at = max(before, timezone.now()) + timedelta(days=days)
        trial.counted_from = (trial.counted_from or trial.started_at) + (trial.ends_at - before)
        trial.save(update_fields=["ends_at", "counted_from"])
        changes = {"ends_at": [before, trial.ends_at], "reason": reason}
        record(workshop=workshop, actor=actor, action="trial.extended", subject=trial, changes=changes)
        apply_access(workshop=workshop, actor=actor)
    return trial
