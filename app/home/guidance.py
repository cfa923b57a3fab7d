"""The tips of the first weeks, to the Owners, about what is not done yet."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from app.notify.services.outbox import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from app.workshops.selectors import list_owners

from .checklist import Subject, read_checklist

GUIDANCE = Actor.system("tips of the first weeks")
SALT = "app.home.guidance"
#: Days after the sign-up on which a tip may leave; not those of the trial's own mails (7, 15, 25).
TIP_DAYS = (2, 4, 10, 18)
MORNING_HOURS = range(8, 12)
LAST_DAY = 28


def list_guided_workshops(now: datetime) -> list[int]:
    """The keys of the workshops in their first weeks that have not put the first steps away."""
    with platform_scope():
        young = Workshop.objects.filter(created_at__gt=now - timedelta(days=LAST_DAY), checklist_closed_at=None)
        return list(young.order_by("pk").values_list("pk", flat=True))


def guide(*, workshop: Workshop, now: datetime | None = None) -> None:
    """Send each Owner who wants it the tip of the day, in their morning: the first thing not done; each tip once."""
    now = now or timezone.now()
    days = (now - workshop.created_at) // timedelta(days=1)
    due = [day for day in TIP_DAYS if day <= days]
    if not due or days >= LAST_DAY or workshop.checklist_closed_at is not None:
        return
    line = read_checklist().next_line
    if line is None:
        return
    for owner in list_owners().filter(wants_guidance=True):
        if now.astimezone(ZoneInfo(owner.user.time_zone)).hour in MORNING_HOURS:
            _send(workshop, owner, line.subject, due[-1])


def _send(workshop: Workshop, owner: Membership, subject: Subject, day: int) -> None:
    """One mail a day of the list at most: the key is the day's, whatever the subject has become."""
    queue_email(
        workshop=workshop,
        kind=f"tip_{subject.key}",
        to=owner.user.email,
        context={
            "prenom": owner.user.first_name or workshop.name,
            "lien": absolute_url(workshop_url(workshop, subject.page)),
            "arreter": absolute_url(reverse("guidance_stop", args=[stop_token(owner)])),
        },
        actor=GUIDANCE,
        dedupe_key=f"tip:{day}:{owner.pk}",
        language=owner.user.language,
    )


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
