"""The start of a trial and the mails that accompany it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.permissions import Permission
from app.tenancy.selectors import list_members_with

from ..constants import END_MAIL_DAYS, MORNING_HOURS, TRIAL_END_MAIL, TRIAL_MAILS
from ..emails import send_trial_mail
from ..models import Offer, Trial
from ..selectors import find_trial, has_plan, trial_days
from .access import apply_access

TRIAL = Actor.system("free trial")


def start_trial(*, workshop: Workshop, actor: Actor = TRIAL) -> Trial:
    """Open every feature for the days set by the publisher; a workshop that had its trial keeps that one.

    Call it in the workshop's scope. At the end the workshop becomes read-only by itself.
    """
    now = timezone.now()
    ends_at = now + timedelta(days=trial_days())
    with transaction.atomic():
        trial, is_new = Trial.objects.get_or_create(workshop=workshop, defaults={"started_at": now, "ends_at": ends_at})
        if is_new:
            apply_access(workshop=workshop, now=now)
            record(
                workshop=workshop,
                actor=actor,
                action="trial.started",
                subject=trial,
                changes={"ends_at": trial.ends_at},
            )
    return trial


def want_plan(*, workshop: Workshop, actor: Actor, plan: Offer | None) -> None:
    """Keep the plan that the workshop thinks of during its trial; it commits to nothing."""
    with transaction.atomic():
        trial = Trial.objects.select_for_update(of=("self",)).select_related("wanted_plan").first()
        if trial is None or trial.wanted_plan == plan:
            return
        changes = {"plan": [str(trial.wanted_plan or ""), str(plan or "")]}
        trial.wanted_plan = plan
        trial.save(update_fields=["wanted_plan"])
        record(workshop=workshop, actor=actor, action="trial.plan_chosen", subject=trial, changes=changes)


def mind_trial(*, workshop: Workshop, now: datetime | None = None) -> None:
    """Send each Owner the mail of the trial that is due, in the morning of their own clock; each one once.

    A mail that could not leave in time gives way to the next one. A workshop that has a plan gets none. An end that is
    put off is told again when it comes.
    """
    now = now or timezone.now()
    trial = find_trial()
    kind = due_mail(trial, now) if trial else None
    if trial is None or kind is None or has_plan():
        return
    for owner in list_members_with(Permission.SUBSCRIPTION_MANAGE):
        if now.astimezone(ZoneInfo(owner.user.time_zone)).hour in MORNING_HOURS:
            send_trial_mail(workshop=workshop, actor=TRIAL, trial=trial, kind=kind, owner=owner)


def due_mail(trial: Trial, now: datetime) -> str | None:
    """The kind of the latest mail whose day has come, or None before the first one and long after the last one."""
    if now >= trial.ends_at:
        return TRIAL_END_MAIL if now < trial.ends_at + timedelta(days=END_MAIL_DAYS) else None
    days = (now - (trial.counted_from or trial.started_at)) // timedelta(days=1)
    return max(((day, kind) for day, kind in TRIAL_MAILS.items() if day <= days), default=(0, None))[1]
