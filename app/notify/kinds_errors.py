"""The message that tells the publisher of too many errors."""

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
)
