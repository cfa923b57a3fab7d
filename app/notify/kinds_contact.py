"""What the contact form sends: one message to its author, one to the publisher."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import LINK, WORKSHOP, EmailKind, Sender, Variable

NAME = Variable(_("the author's name"), "Camille Lefèvre")
SUBJECT = Variable(_("what the message is about"), "Une question avant de commencer")
APPOINTMENT = Variable(_("when a call is asked for"), "lundi 30 novembre 2026, entre 9 h et 12 h")

CONTACT = (
    EmailKind(
        key="contact_received",
        label=_("Message received"),
        subject=_("We have received your message"),
        body=_(
            "Hello {nom},\n\nYour message “{sujet}” has reached us. A person reads it and answers you at this "
            "address as soon as it can.\n\n{rendez_vous}"
        ),
        variables={"nom": NAME, "sujet": SUBJECT, "rendez_vous": APPOINTMENT},
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="contact_message",
        label=_("Message from the site"),
        subject=_("{sujet}: {nom}"),
        body=_("{nom} ({email}, {telephone}) of {atelier} writes:\n\n{message}\n\n{rendez_vous}"),
        button=_("Open the message"),
        variables={
            "nom": NAME,
            "sujet": SUBJECT,
            "email": Variable(_("the author's e-mail"), "camille@exemple.fr"),
            "telephone": Variable(_("the author's telephone"), "06 12 34 56 78"),
            "atelier": WORKSHOP,
            "message": Variable(_("what they wrote"), "Bonjour, peut-on…"),
            "rendez_vous": APPOINTMENT,
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
)
