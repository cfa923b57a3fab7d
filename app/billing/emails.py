"""The messages of the trial and of the subscription, to the Owners."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.utils import formats, timezone, translation

from app.kernel.money import babel_locale, format_money
from app.notify.services.outbox import queue_email
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Permission
from app.tenancy.selectors import list_members_with

from .constants import TRIAL_END_MAIL
from .models import Trial

#: A value of a message, written in the reader's language: an amount in EUR, a moment, or words.
Value = Decimal | datetime | str


def send_trial_mail(*, workshop: Workshop, actor: Actor, trial: Trial, kind: str, owner: Membership) -> None:
    """Queue one message of the trial to one Owner; a second call for the same one queues nothing."""
    dedupe = f"{kind}:{trial.ends_at:%Y%m%d}" if kind == TRIAL_END_MAIL and trial.counted_from else kind
    _send(workshop, actor, kind, owner, {"date_fin": trial.ends_at}, dedupe=dedupe)


def send_to_owners(
    *, workshop: Workshop, actor: Actor, kind: str, values: Mapping[str, Value], about: str, path: str = ""
) -> None:
    """Queue a message of the subscription to each Owner, once for each `about` (an invoice, an ending…)."""
    for owner in list_members_with(Permission.SUBSCRIPTION_MANAGE):
        _send(workshop, actor, kind, owner, values, dedupe=f"{kind}:{about}", path=path)


def _send(
    workshop: Workshop,
    actor: Actor,
    kind: str,
    owner: Membership,
    values: Mapping[str, Value],
    *,
    dedupe: str,
    path: str = "",
) -> None:
    with translation.override(owner.user.language):
        words = {name: _written(value) for name, value in values.items()}
    queue_email(
        workshop=workshop,
        kind=kind,
        to=owner.user.email,
        context={
            "prenom": owner.user.first_name or workshop.name,
            "lien": path or absolute_url(workshop_url(workshop, "billing:subscription")),
            **words,
        },
        actor=actor,
        dedupe_key=f"{dedupe}:{owner.pk}",
        language=owner.user.language,
    )


def _written(value: Value) -> str:
    if isinstance(value, Decimal):
        return format_money(value, locale=babel_locale(translation.get_language() or "fr"))
    if isinstance(value, datetime):
        return formats.date_format(timezone.localtime(value), "j F Y")
    return value
