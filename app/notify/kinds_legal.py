"""The messages about the texts that bind a workshop to the publisher, and about the stories that it offers to tell."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import FIRST_NAME, LINK, EmailKind, Sender, Variable

LEGAL = (
    EmailKind(
        key="legal_change",
        label=_("Change of a legal text"),
        subject=_("{document}: a new version from {date_effet}"),
        body=_(
            "Hello {prenom},\n\nA new version of this text applies from {date_effet}: {document}.\n\nWhat changes: "
            "{changements}\n\nYou will be asked to accept it when you next sign in. Until {date_effet}, the version "
            "that you accepted applies. If you do not agree, you can end the subscription before that date and take "
            "your data with you."
        ),
        button=_("Read the new version"),
        variables={
            "prenom": FIRST_NAME,
            "document": Variable(_("the title of the text"), _("Terms of sale")),
            "date_effet": Variable(_("the day it takes effect"), "01/01/2027"),
            "changements": Variable(_("what changes, in a few words"), _("the notice of a change of price")),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="story_offered",
        label=_("A workshop offers to tell its story"),
        subject=_("{atelier} offers to tell its story"),
        body=_(
            "{nom}, of {atelier} ({adresse}), writes:\n\n{texte}\n\nNothing is shown before their written agreement."
        ),
        variables={
            "nom": Variable(_("who writes"), "Camille Martin"),
            "atelier": Variable(_("the workshop"), "Atelier Vulcain"),
            "adresse": Variable(_("their e-mail"), "camille@exemple.fr"),
            "texte": Variable(_("their words"), "…"),
        },
        sender=Sender.PLATFORM,
    ),
)
