"""The messages of the first weeks: the welcome, then what the workshop has not done yet, which each reader can stop."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .kinds_base import DATE, FIRST_NAME, LINK, WORKSHOP, EmailKind, Sender, Variable

STOP = Variable(_("the address that stops these tips"), "https://exemple.fr/arreter")


def _tip(subject: str, label: Promise, title: Promise, body: Promise, button: Promise) -> EmailKind:
    return EmailKind(
        key=f"tip_{subject}",
        label=label,
        subject=title,
        body=body,
        button=button,
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "lien": LINK,
            "arreter": STOP,
        },
        sender=Sender.PLATFORM,
    )


GUIDANCE = (
    EmailKind(
        key="welcome",
        label=_("Welcome"),
        subject=_("Welcome: {atelier} is open"),
        body=_(
            "Hello {prenom},\n\nYour address is confirmed and {atelier} is ready on ThermoGestion. Everything is open "
            "until {date_fin}, and no card is asked.\n\nThe setting-up takes ten short steps, each of which can be "
            "skipped: your prices first, then a powder and a customer. A first quote can leave in less than ten "
            "minutes.\n\nA question on the way? The help is here: {aide}"
        ),
        button=_("Set up my workshop"),
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "date_fin": DATE,
            "aide": Variable(_("the address of the help"), "https://exemple.fr/aide/"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="next_steps",
        label=_("Next steps"),
        subject=_("{atelier}: what comes next"),
        body=_(
            "Hello {prenom},\n\n{atelier} has been on ThermoGestion for a few days. Still to do:\n\n{etapes}\n\n"
            "In this order, each step makes the next one easier.\n\nTo receive no more tips: {arreter}"
        ),
        button=_("Do the first one"),
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "etapes": Variable(_("the first steps that are not done"), _("– Add a powder\n– Invite a colleague")),
            "lien": LINK,
            "arreter": STOP,
        },
        sender=Sender.PLATFORM,
    ),
    _tip(
        "powder",
        _("Tip: a first powder"),
        _("The powder first: everything else follows"),
        _(
            "Hello {prenom},\n\nQuotes, projects and labels of {atelier} take their colour, their finish and "
            "their yield from your powders. Type a reference, or import your list.\n\nTo receive no more tips: "
            "{arreter}"
        ),
        _("Add a powder"),
    ),
    _tip(
        "customer",
        _("Tip: a first customer"),
        _("Your customers, from Excel, in two minutes"),
        _(
            "Hello {prenom},\n\nThe customer file of {atelier} can be imported as it comes out of Excel: columns "
            "are recognised, duplicates found, nothing is written before you confirm.\n\nTo receive no more "
            "tips: {arreter}"
        ),
        _("Add a customer"),
    ),
    _tip(
        "sent",
        _("Tip: a first quote"),
        _("Send a first quote: your customer signs on a phone"),
        _(
            "Hello {prenom},\n\nA quote takes two minutes, and its signature a few seconds: it is the shortest "
            "way to see what changes for {atelier}.\n\nTo receive no more tips: {arreter}"
        ),
        _("Write a quote"),
    ),
    _tip(
        "project",
        _("Tip: a first project"),
        _("From the signed quote to the finished part"),
        _(
            "Hello {prenom},\n\nA signed quote of {atelier} becomes a project by itself, with its parts and its "
            "steps; your customer is told when it is ready.\n\nTo receive no more tips: {arreter}"
        ),
        _("See the projects"),
    ),
    _tip(
        "team",
        _("Tip: the team"),
        _("Your operators validate, you follow"),
        _(
            "Hello {prenom},\n\nInvite an operator to {atelier}: each validated step is seen at once from the "
            "office. Members are not counted.\n\nTo receive no more tips: {arreter}"
        ),
        _("Invite a colleague"),
    ),
    _tip(
        "mailbox",
        _("Tip: your own address"),
        _("Write to your customers from your own address"),
        _(
            "Hello {prenom},\n\nConnect the mailbox of {atelier}: quotes and ready notices leave from the "
            "address that your customers know.\n\nTo receive no more tips: {arreter}"
        ),
        _("Connect my e-mail"),
    ),
)
