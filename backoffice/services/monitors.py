"""Asking again for what failed."""

from datetime import timedelta

from django.utils.translation import gettext as _

from app.billing.stripe_mirror import TAKE_EVENT, list_waiting_events
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.notify.models import WorkshopEmail
from app.notify.services.outbox import resend_email, resend_platform_email
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope


def resend_workshop_mail(*, workshop: Workshop, actor: Actor, email_pk: int) -> None:
    """Send again a mail of a workshop; RuleError when it has left, or is not one of this workshop."""
    with workshop_scope(workshop.pk):
        email = WorkshopEmail.objects.filter(pk=email_pk).first()
        if email is None:
            raise RuleError(_("There is no such message."))
        resend_email(workshop=workshop, actor=actor, email=email)


def resend_platform_mail(*, email_pk: int) -> None:
    """Send again a mail of the product; RuleError when it has left."""
    resend_platform_email(email_pk=email_pk)


def take_events_again() -> int:
    """Hand every waiting event of the payment service to a worker; how many."""
    waiting = list_waiting_events(timedelta())
    for trigger_pk in waiting:
        send_on_commit(TAKE_EVENT, trigger_pk=trigger_pk)
    return len(waiting)
