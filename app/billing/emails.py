"""The messages of the trial, to the Owners."""

from django.utils import formats, timezone, translation

from app.notify.services.outbox import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Membership, Workshop

from .models import Trial


def send_trial_mail(*, workshop: Workshop, actor: Actor, trial: Trial, kind: str, owner: Membership) -> None:
    """Queue one message of the trial to one Owner; a second call for the same one queues nothing."""
    with translation.override(owner.user.language):
        last_day = formats.date_format(timezone.localtime(trial.ends_at), "j F Y")
    queue_email(
        workshop=workshop,
        kind=kind,
        to=owner.user.email,
        context={
            "prenom": owner.user.first_name or workshop.name,
            "date_fin": last_day,
            "lien": absolute_url(workshop_url(workshop, "billing:subscription")),
        },
        actor=actor,
        dedupe_key=f"{kind}:{owner.pk}",
        language=owner.user.language,
    )
