"""The messages that tell the publisher of too many errors, and of accounts to look at."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import DATE, LINK, EmailKind, Sender, Variable

ERRORS = (
    EmailKind(
        key="errors_above_threshold",
        label=_("Too many errors (to the publisher)"),
        subject=_("Errors: {nombre} in one minute"),
        body=_(
            "{nombre} errors were logged within one minute, up to {date}. The most frequent: {erreur}.\n\n"
            "You are told once: the next message is for the next episode, after a quiet quarter of an hour."
        ),
        button=_("Open the log"),
        variables={
            "nombre": Variable(_("how many errors"), "14"),
            "date": DATE,
            "erreur": Variable(_("the most frequent error"), "request_failed"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="accounts_alert",
        label=_("Accounts to look at (to the publisher)"),
        subject=_("Accounts to look at: {date}"),
        body=_(
            "What happened on {date} to workshops: payments that failed, accesses that closed, quotas that were "
            "reached.\n\n{lignes}"
        ),
        button=_("Open the unpaid workshops"),
        variables={
            "date": DATE,
            "lignes": Variable(_("the workshops and what happened"), "– Atelier Vulcain: suspendu"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
)
