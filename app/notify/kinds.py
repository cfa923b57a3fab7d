"""The messages of the product, but those of one subject, which have a file each: kinds_<subject>.py."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import (
    ADDRESS,
    AMOUNT,
    CUSTOMER,
    DATE,
    FIRST_NAME,
    LINK,
    PHONE,
    PROJECT,
    QUOTE,
    VALID_UNTIL,
    WORKSHOP,
    EmailKind,
    Sender,
    Variable,
)
from .kinds_billing import BILLING
from .kinds_consumer import CONSUMER
from .kinds_contact import CONTACT
from .kinds_errors import ERRORS
from .kinds_guidance import GUIDANCE
from .kinds_legal import LEGAL
from .kinds_news import NEWS
from .kinds_photos import PHOTOS
from .kinds_projects import PROJECTS
from .kinds_status import STATUS
from .kinds_usage import USAGE

__all__ = ["KINDS", "TO_CUSTOMERS", "TO_STAFF", "EmailKind", "Sender", "Variable"]

TO_CUSTOMERS = (
    EmailKind(
        key="portal_invitation",
        label=_("Invitation to the customer space"),
        subject=_("{atelier} opens your customer space"),
        body=_(
            "Hello {nom_client},\n\n{atelier} now uses a new system to manage its work and its billing. You have "
            "your own space there: your quotes to read and sign, the progress of your parts, your documents.\n\n"
            "Your account is ready: the button below is all you need to open it."
        ),
        button=_("Open my space"),
        variables={"nom_client": CUSTOMER, "atelier": WORKSHOP, "telephone_atelier": PHONE, "lien": LINK},
        keeps_link=False,
        is_optional=True,
    ),
    EmailKind(
        key="quote_new_customer",
        label=_("Quote for a new customer"),
        subject=_("Your quote {numero_devis} from {atelier}"),
        body=_(
            "Hello {nom_client},\n\nThank you for your trust. Your quote {numero_devis}, {montant} including tax, is "
            "attached. It is valid until {date_validite}.\n\nTo sign it online, open your customer space: it takes "
            "a minute and needs no password. You will also follow the progress of your parts there."
        ),
        button=_("Create my space and see the quote"),
        variables={
            "nom_client": CUSTOMER,
            "atelier": WORKSHOP,
            "telephone_atelier": PHONE,
            "numero_devis": QUOTE,
            "montant": AMOUNT,
            "date_validite": VALID_UNTIL,
            "lien": LINK,
        },
        keeps_link=False,
    ),
    EmailKind(
        key="quote_existing_customer",
        label=_("Quote for a known customer"),
        subject=_("Your quote {numero_devis} is in your space"),
        body=_(
            "Hello {nom_client},\n\nYour quote {numero_devis}, {montant} including tax, is in your space and "
            "attached to this message. It is valid until {date_validite}.\n\nYou can sign it online."
        ),
        button=_("See and sign the quote"),
        variables={
            "nom_client": CUSTOMER,
            "atelier": WORKSHOP,
            "telephone_atelier": PHONE,
            "numero_devis": QUOTE,
            "montant": AMOUNT,
            "date_validite": VALID_UNTIL,
            "lien": LINK,
        },
        keeps_link=False,
    ),
    EmailKind(
        key="signed_copy",
        label=_("Copy of the signed document"),
        subject=_("Your signed quote {numero_devis}"),
        body=_(
            "Hello {nom_client},\n\nYou signed the quote {numero_devis} on {date_signature}. Your copy is attached "
            "and stays in your space.\n\n{atelier} takes it from here and keeps you informed."
        ),
        button=_("See my space"),
        variables={
            "nom_client": CUSTOMER,
            "atelier": WORKSHOP,
            "telephone_atelier": PHONE,
            "numero_devis": QUOTE,
            "date_signature": DATE,
            "lien": LINK,
        },
        keeps_link=False,
    ),
    EmailKind(
        key="ready_to_collect",
        label=_("Ready to collect"),
        subject=_("Your parts are ready at {atelier}"),
        body=_(
            "Hello {nom_client},\n\nGood news: your project {numero_projet} is finished. Your parts are waiting for "
            "you at {atelier}, {adresse_atelier}.\n\n{rapport}\n\nA question before you come? Call {telephone_atelier}."
        ),
        button=_("See my project"),
        variables={
            "nom_client": CUSTOMER,
            "atelier": WORKSHOP,
            "telephone_atelier": PHONE,
            "adresse_atelier": ADDRESS,
            "numero_projet": PROJECT,
            "rapport": Variable(
                _("whether the final report is attached"), _("The final report of the work is attached.")
            ),
            "lien": LINK,
        },
        keeps_link=False,
    ),
    EmailKind(
        key="portal_link",
        label=_("Link to the customer space"),
        subject=_("Your link to {atelier}"),
        body=_(
            "Hello {nom_client},\n\nHere is your link to your space at {atelier}. It works once, for {duree}.\n\n"
            "You did not ask for it? Ignore this message: nobody can enter without it."
        ),
        button=_("Open my space"),
        variables={
            "nom_client": CUSTOMER,
            "atelier": WORKSHOP,
            "duree": Variable(_("how long the link works"), _("30 minutes")),
            "lien": LINK,
        },
        keeps_link=False,
    ),
)

TRIAL_VARIABLES = {"prenom": FIRST_NAME, "atelier": WORKSHOP, "date_fin": DATE, "lien": LINK}
TO_STAFF = (
    EmailKind(
        key="team_invitation",
        label=_("Invitation to the team"),
        subject=_("{invite_par} invites you to {atelier}"),
        body=_(
            "Hello {prenom},\n\n{invite_par} invites you to work with {atelier} on ThermoGestion, as: {roles}.\n\n"
            "The invitation is valid until {date_fin}."
        ),
        button=_("Join the workshop"),
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "invite_par": Variable(_("who invites"), "Olivia Roche"),
            "roles": Variable(_("the roles given"), _("Operator")),
            "date_fin": DATE,
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
        keeps_link=False,
    ),
    EmailKind(
        key="trial_day_7",
        label=_("Trial, day 7"),
        subject=_("A week with ThermoGestion"),
        body=_(
            "Hello {prenom},\n\n{atelier} has been on ThermoGestion for a week. The trial runs until {date_fin}, "
            "with everything open and no card asked.\n\nNot everything is in place yet? A first quote sent to a real "
            "customer is the shortest way to see what changes."
        ),
        button=_("Go back to my workshop"),
        variables=TRIAL_VARIABLES,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="trial_day_15",
        label=_("Trial, day 15"),
        subject=_("Half of your trial: where does {atelier} stand?"),
        body=_(
            "Hello {prenom},\n\nHalf of the trial is behind you; it runs until {date_fin}. Have you invited your team? "
            "An operator who validates the steps on a tablet is what makes the follow-up live."
        ),
        button=_("Go back to my workshop"),
        variables=TRIAL_VARIABLES,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="trial_day_25",
        label=_("Trial, day 25"),
        subject=_("Your trial ends on {date_fin}"),
        body=_(
            "Hello {prenom},\n\nThe trial of {atelier} ends on {date_fin}. Choose a plan to go on without a break.\n\n"
            "Without a plan, nothing is lost: your data can still be read and exported, but no longer changed."
        ),
        button=_("Choose a plan"),
        variables=TRIAL_VARIABLES,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="trial_end",
        label=_("End of the trial"),
        subject=_("Your trial has ended, your data is safe"),
        body=_(
            "Hello {prenom},\n\nThe trial of {atelier} ended on {date_fin}. Your data can be read and exported; "
            "a plan opens everything again at once, as you left it."
        ),
        button=_("Choose a plan"),
        variables=TRIAL_VARIABLES,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="staff_event",
        label=_("What happens in the workshop"),
        subject=_("{atelier}: {titre}"),
        body=_("Hello {prenom},\n\n{titre}: {texte}\n\nYou choose what you are told of in your settings."),
        button=_("Open"),
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "titre": Variable(_("what happened"), _("Quote signed")),
            "texte": Variable(_("what it is about"), "DEV-2026-0042 · Camille Lefèvre"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="new_device",
        label=_("Sign-in from a new device"),
        subject=_("New sign-in to your account"),
        body=_(
            "Hello {prenom},\n\nYour account has just been opened from a device that we did not know: {appareil}, on "
            "{date}, from the address {ip}.\n\nIt was you? There is nothing to do. Otherwise close that session and "
            "change your password."
        ),
        button=_("See my sessions"),
        variables={
            "prenom": FIRST_NAME,
            "appareil": Variable(_("browser and system"), "Firefox, Windows"),
            "date": DATE,
            "ip": Variable(_("network address"), "203.0.113.7"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="mailbox_refused",
        label=_("The mailbox must be connected again"),
        subject=_("{atelier}: your messages are waiting"),
        body=_(
            "Hello {prenom},\n\nThe mailbox {adresse} refuses our connection: its authorisation has expired or its "
            "password has changed. The messages of {atelier} are kept and will leave as soon as it is connected "
            "again.\n\nAnswer of the provider: {raison}"
        ),
        button=_("Connect the mailbox"),
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "adresse": Variable(_("the mailbox"), "contact@vulcain.fr"),
            "raison": Variable(_("the provider's answer"), "535 5.7.8"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="mailbox_test",
        label=_("Test of the mailbox"),
        subject=_("Test message from {atelier}"),
        body=_(
            "This message left from {adresse}. If you can read it, the messages of {atelier} reach your customers "
            "from this address."
        ),
        variables={"atelier": WORKSHOP, "adresse": Variable(_("the mailbox"), "contact@vulcain.fr")},
    ),
)

KINDS: dict[str, EmailKind] = {
    kind.key: kind
    for group in (
        TO_CUSTOMERS,
        TO_STAFF,
        CONSUMER,
        BILLING,
        GUIDANCE,
        USAGE,
        CONTACT,
        ERRORS,
        LEGAL,
        NEWS,
        PHOTOS,
        PROJECTS,
        STATUS,
    )
    for kind in group
}
