"""Somebody who has lost the device of their second factor and its recovery codes."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from app.accounts.models import User
from app.audit.services import record
from app.kernel.errors import RuleError
from app.notify.rendering import render_plain
from app.notify.services.outbox import queue_rendered
from app.tenancy.actor import Actor, Origin
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import list_accesses

PUBLISHER = Actor(label="ThermoGestion", origin=Origin.PUBLISHER)


def reset_second_factor(*, user: User, reason: str) -> None:
    """Remove every second factor of a person whom the publisher has recognised; they enrol again after the password.

    Their sessions end, they are told by mail, and the history of each of their workshops keeps it with the reason.
    RuleError without a reason, or when there is nothing to remove.
    """
    if not reason.strip():
        raise RuleError(_("Say how the person was recognised: their workshops read it."))
    with transaction.atomic():
        removed, _rows = Authenticator.objects.filter(user=user).delete()
        if not removed:
            raise RuleError(_("This person has no second factor."))
        for session in UserSession.objects.filter(user=user):
            session.end()
        for access in list_accesses(user.pk):
            with workshop_scope(access.workshop.pk):
                record(
                    workshop=access.workshop, actor=PUBLISHER, action="account.second_factor_removed",
                    subject=access.membership, changes={"reason": reason.strip()},
                )  # fmt: skip
        _tell(user)


def _tell(user: User) -> None:
    with translation.override(user.language):
        subject = _("Your second factor was removed")
        text = _(
            "Hello,\n\nAt your request, ThermoGestion removed the second factor of your account, and every open "
            "session was closed. Sign in with your password: a new one is then asked for.\n\nYou asked for nothing? "
            "Answer this message at once."
        )
        rendered = render_plain(subject, text)
    queue_rendered(kind="django", to=user.email, rendered=rendered)
