"""The messages of the first weeks, to the Owners: the welcome, then what is not done yet."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core import signing
from django.urls import reverse
from django.utils import formats, timezone, translation

from app.accounts.models import User
from app.billing.models import Trial
from app.billing.selectors import find_trial, has_plan
from app.notify.services.outbox import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from app.workshops.selectors import list_owners

from .checklist import Checklist, Line, read_checklist

GUIDANCE = Actor.system("tips of the first weeks")
SALT = "app.home.guidance"
#: Days after the sign-up of the list of what is not done, then of single tips; not those of the trial's own mails (7,
#: 15, 25).
NEXT_STEPS_DAY = 3
TIP_DAYS = (5, 10, 18)
MORNING_HOURS = range(8, 12)
LAST_DAY = 28


def list_guided_workshops(now: datetime) -> list[int]:
    """The keys of the workshops in their first weeks that have not put the first steps away."""
    with platform_scope():
        young = Workshop.objects.filter(created_at__gt=now - timedelta(days=LAST_DAY), checklist_closed_at=None)
        return list(young.order_by("pk").values_list("pk", flat=True))


def welcome(*, workshop: Workshop, owner: User, trial: Trial) -> None:
    """Tell whoever has just opened a workshop how to begin; once, whatever they want of the tips."""
    with translation.override(owner.language):
        last_day = formats.date_format(timezone.localtime(trial.ends_at), "j F Y")
    queue_email(
        workshop=workshop,
        kind="welcome",
        to=owner.email,
        context={
            "prenom": owner.first_name or workshop.name,
            "date_fin": last_day,
            "aide": absolute_url(reverse("helpcenter:screen_help", args=["home:onboarding"])),
            "lien": absolute_url(workshop_url(workshop, "home:onboarding")),
        },
        actor=GUIDANCE,
        dedupe_key="welcome",
        language=owner.language,
    )


def guide(*, workshop: Workshop, now: datetime | None = None) -> None:
    """Send each Owner who wants it the message of the day, in their morning: all that is not done, then its first.

    Each once. None when all is done or put away, nor to a workshop whose trial is over: it can write nothing.
    """
    now = now or timezone.now()
    days = (now - workshop.created_at) // timedelta(days=1)
    due = [day for day in (NEXT_STEPS_DAY, *TIP_DAYS) if day <= days]
    if not due or days >= LAST_DAY or workshop.checklist_closed_at is not None or _trial_is_over(now):
        return
    checklist = read_checklist()
    line = checklist.next_line
    if line is None:
        return
    for owner in list_owners().filter(wants_guidance=True):
        if now.astimezone(ZoneInfo(owner.user.time_zone)).hour in MORNING_HOURS:
            _send(workshop, owner, checklist, line, due[-1])


def _trial_is_over(now: datetime) -> bool:
    trial = find_trial()
    return trial is not None and trial.ends_at <= now and not has_plan()


def _send(workshop: Workshop, owner: Membership, checklist: Checklist, line: Line, day: int) -> None:
    """One mail a day of the list at most: the key is the day's, whatever is to be done has become."""
    is_list = day == NEXT_STEPS_DAY
    queue_email(
        workshop=workshop,
        kind="next_steps" if is_list else f"tip_{line.subject.key}",
        to=owner.user.email,
        context={
            "prenom": owner.user.first_name or workshop.name,
            "lien": absolute_url(workshop_url(workshop, line.subject.page)),
            "arreter": absolute_url(reverse("guidance_stop", args=[stop_token(owner)])),
            "etapes": _list_open(checklist, owner.user.language) if is_list else "",
        },
        actor=GUIDANCE,
        dedupe_key=f"tip:{day}:{owner.pk}",
        language=owner.user.language,
    )


def _list_open(checklist: Checklist, language: str) -> str:
    """What is not done, a line each, in the reader's language."""
    with translation.override(language):
        return "\n".join(f"– {line.subject.label}" for line in checklist.lines if not line.is_done)


def stop_token(member: Membership) -> str:
    """What stands in the link that stops the tips; it opens nothing else."""
    return signing.dumps([member.workshop_id, member.pk], salt=SALT)


def stop_guidance(token: str) -> bool:
    """Stop the tips of the member whom the link names; False when it is not one of ours."""
    try:
        workshop_id, membership_pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return False
    with workshop_scope(workshop_id):
        return bool(Membership.objects.filter(pk=membership_pk).update(wants_guidance=False))
