"""The messages of the status page: to its subscribers, to those who answer for a workshop, to the publisher."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import AMOUNT, DATE, FIRST_NAME, LINK, WORKSHOP, EmailKind, Sender, Variable

_ELEMENTS = Variable(_("the elements concerned"), _("Application, Database"))
_TEXT = Variable(_("what was written"), _("The team is looking for the cause."))
_STOP = Variable(_("the address that ends the subscription"), "https://exemple.fr/arreter")
_INCIDENT = {
    "titre": Variable(_("the incident's title"), _("The application answers slowly")),
    "gravite": Variable(_("the severity"), _("Critical")),
    "etat": Variable(_("the state"), _("Investigating")),
    "elements": _ELEMENTS,
    "texte": _TEXT,
    "lien": LINK,
}
_MAINTENANCE = {
    "annonce": Variable(_("what happens"), _("Maintenance is planned.")),
    "titre": Variable(_("the maintenance's title"), _("Change of database version")),
    "elements": _ELEMENTS,
    "debut": DATE,
    "fin": DATE,
    "texte": _TEXT,
    "lien": LINK,
}

STATUS = (
    EmailKind(
        key="status_confirm",
        label=_("Status page: confirm a subscription"),
        subject=_("Confirm your subscription to the state of the service"),
        body=_(
            "Hello,\n\nThis address was given to receive the incidents and the maintenance of ThermoGestion: "
            "{elements}.\n\nNothing is kept until you confirm. You did not ask for it? Ignore this message."
        ),
        button=_("Confirm the subscription"),
        variables={"elements": _ELEMENTS, "lien": LINK},
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="status_incident",
        label=_("Status page: incident"),
        subject=_("{etat}: {titre}"),
        body=_(
            "{titre}\n\nState: {etat}. Severity: {gravite}. Elements: {elements}.\n\n{texte}\n\n"
            "To receive no more of these messages: {arreter}"
        ),
        button=_("See the incident"),
        variables={**_INCIDENT, "arreter": _STOP},
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="status_critical",
        label=_("Incident that concerns the workshop"),
        subject=_("ThermoGestion, incident: {titre}"),
        body=_(
            "Hello,\n\nAn incident concerns your use of ThermoGestion: {titre}.\n\nState: {etat}. Severity: "
            "{gravite}. Elements: {elements}.\n\n{texte}\n\nThis message goes to the Owners and Administrators; "
            "the page of the incident says what follows."
        ),
        button=_("Follow the incident"),
        variables=_INCIDENT,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="status_maintenance",
        label=_("Status page: maintenance"),
        subject=_("{annonce} {titre}"),
        body=_(
            "{annonce}\n\n{titre}: from {debut} to {fin} (Paris time). Elements: {elements}.\n\n{texte}\n\n"
            "To receive no more of these messages: {arreter}"
        ),
        button=_("See the maintenance"),
        variables={**_MAINTENANCE, "arreter": _STOP},
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="status_planned",
        label=_("Maintenance that concerns the workshop"),
        subject=_("ThermoGestion: {annonce} {titre}"),
        body=_(
            "Hello,\n\n{annonce}\n\n{titre}: from {debut} to {fin} (Paris time). Elements: {elements}.\n\n{texte}\n\n"
            "This message goes to the Owners and Administrators."
        ),
        button=_("See the maintenance"),
        variables=_MAINTENANCE,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="status_failure",
        label=_("A probe fails (to the publisher)"),
        subject=_("Probe: {element} does not answer"),
        body=_(
            "{element} has not answered since {date} ({cause}).\n\nA draft of an incident waits: publish it, or set it "
            "aside. A critical incident is told within thirty minutes."
        ),
        button=_("Open the draft"),
        variables={
            "element": Variable(_("the element"), _("Application")),
            "date": DATE,
            "cause": Variable(_("what the probe saw"), "HTTP 502"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="service_credit",
        label=_("Service credit"),
        subject=_("{atelier}: a credit of {montant} for {mois}"),
        body=_(
            "Hello {prenom},\n\nIn {mois} the uptime of ThermoGestion was {mesure} instead of the {garantie} that your "
            "plan guarantees. You are owed {montant} before VAT.\n\nThe calculation: {calcul}.\n\nThe credit goes on "
            "your next invoice by itself: there is nothing to do."
        ),
        button=_("See the calculation"),
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "mois": Variable(_("the month"), _("October 2026")),
            "mesure": Variable(_("the measured uptime"), "99,3 %"),
            "garantie": Variable(_("the guaranteed uptime"), "99,5 %"),
            "montant": AMOUNT,
            "calcul": Variable(_("the calculation"), "49,00 € × 10 % × 40 %"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
)
