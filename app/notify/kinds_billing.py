"""The messages of the subscription, from the publisher to the Owners. None can be switched off."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .kinds_base import DATE, FIRST_NAME, LINK, WORKSHOP, EmailKind, Sender, Variable

OFFER = Variable(_("the plan"), "Pro")
PRICE = Variable(_("an amount"), "118,80 €")
INVOICE = Variable(_("the invoice's number"), "TG-0042")
WHAT = Variable(_("what changes, from which value to which one"), "Pro : 99,00 € → 109,00 €")
_BASE = {"prenom": FIRST_NAME, "atelier": WORKSHOP, "lien": LINK}


def _kind(
    key: str, label: Promise, subject: Promise, body: Promise, button: Promise, **variables: Variable
) -> EmailKind:
    return EmailKind(
        key=key,
        label=label,
        subject=subject,
        body=body,
        button=button,
        variables={**_BASE, **variables},
        sender=Sender.PLATFORM,
    )


BILLING = (
    _kind(
        "subscription_started",
        _("Subscription started"),
        _("Welcome: {atelier} is subscribed to {offre}"),
        _(
            "Hello {prenom},\n\n{atelier} is now subscribed to {offre}. Everything is open, as you left it.\n\n"
            "The next payment is on {date}. You can change plan or cancel at any time."
        ),
        _("See my subscription"),
        offre=OFFER,
        date=DATE,
    ),
    _kind(
        "saas_invoice",
        _("Invoice of the subscription"),
        _("Your ThermoGestion invoice {numero}"),
        _("Hello {prenom},\n\nThe invoice {numero} of {atelier}, {montant} with VAT, is available."),
        _("See my invoices"),
        numero=INVOICE,
        montant=PRICE,
    ),
    _kind(
        "saas_paid",
        _("Payment received"),
        _("Payment received: {montant}"),
        _(
            "Hello {prenom},\n\nWe have received {montant} for the invoice {numero} of {atelier}. Thank you. The "
            "invoice is kept with your subscription."
        ),
        _("See my invoices"),
        numero=INVOICE,
        montant=PRICE,
    ),
    _kind(
        "saas_failed",
        _("Payment refused"),
        _("The payment of {montant} was refused"),
        _(
            "Hello {prenom},\n\nThe card of {atelier} was refused for the invoice {numero}, {montant}. Nothing stops "
            "today: check the card or pay by another one. Premium functions would be suspended on {date}."
        ),
        _("Pay now"),
        numero=INVOICE,
        montant=PRICE,
        date=DATE,
    ),
    _kind(
        "change_to_confirm",
        _("Change of plan to confirm with the bank"),
        _("Confirm the payment of {montant} with your bank"),
        _(
            "Hello {prenom},\n\nThe bank of {atelier} asks you to confirm the payment of {montant} before the change "
            "of the subscription takes place. Until then nothing changes and nothing is charged; after 23 hours the "
            "change is given up."
        ),
        _("Confirm the payment"),
        montant=PRICE,
    ),
    _kind(
        "change_not_confirmed",
        _("Change of plan given up"),
        _("The change of your subscription was not confirmed"),
        _(
            "Hello {prenom},\n\nThe payment of {montant} was not confirmed with the bank of {atelier} in time. The "
            "subscription stays as it was and nothing was charged. You may ask for the change again at any time."
        ),
        _("See my subscription"),
        montant=PRICE,
    ),
    _kind(
        "saas_reminder",
        _("Reminder of an unpaid invoice"),
        _("Reminder: {montant} is still unpaid"),
        _(
            "Hello {prenom},\n\nThe subscription of {atelier} is still unpaid: {montant}. Without a payment, access is "
            "suspended on {date}. Your data is kept and can be exported whatever happens."
        ),
        _("Pay now"),
        montant=PRICE,
        date=DATE,
    ),
    _kind(
        "premium_suspended",
        _("Premium functions suspended"),
        _("{atelier}: premium functions are suspended"),
        _(
            "Hello {prenom},\n\nThe subscription of {atelier} is still unpaid ({montant}): its premium functions are "
            "suspended. Quotes, projects and customers go on working until {date}. A payment opens everything again "
            "within a minute."
        ),
        _("Pay now"),
        montant=PRICE,
        date=DATE,
    ),
    _kind(
        "access_suspended",
        _("Access suspended"),
        _("{atelier}: access is suspended"),
        _(
            "Hello {prenom},\n\nThe subscription of {atelier} is unpaid ({montant}): access is suspended. Nothing is "
            "deleted: you can export your data, and a payment opens everything again within a minute."
        ),
        _("Pay now"),
        montant=PRICE,
    ),
    _kind(
        "access_restored",
        _("Access restored"),
        _("{atelier} is open again"),
        _("Hello {prenom},\n\nYour payment has arrived: everything is open again for {atelier}, as you left it."),
        _("Go back to my workshop"),
    ),
    _kind(
        "subscription_cancelled",
        _("Subscription cancelled"),
        _("Your subscription ends on {date}"),
        _(
            "Hello {prenom},\n\nThe subscription of {atelier} is cancelled: it ends on {date}, and everything works "
            "until then. You can change your mind at any time before.\n\nAfterwards your data can be read and exported."
        ),
        _("See my subscription"),
        date=DATE,
    ),
    _kind(
        "subscription_ended",
        _("Subscription ended"),
        _("Your subscription has ended, your data is safe"),
        _(
            "Hello {prenom},\n\nThe subscription of {atelier} ended on {date}. Your data can be read and exported; "
            "subscribing opens everything again at once, as you left it."
        ),
        _("See my subscription"),
        date=DATE,
    ),
    _kind(
        "price_changed",
        _("Change of price"),
        _("The price of your subscription changes"),
        _(
            "Hello {prenom},\n\nThe price of what {atelier} is subscribed to changes:\n\n{changement}\n\n"
            "It applies from your next invoice, on {date}. You can change plan or cancel before then, free of charge."
        ),
        _("See my subscription"),
        changement=WHAT,
        date=DATE,
    ),
    _kind(
        "rules_changed",
        _("Change of rules or quotas"),
        _("What your plan holds changes"),
        _("Hello {prenom},\n\nThe plan of {atelier} changes:\n\n{changement}"),
        _("See my subscription"),
        changement=WHAT,
    ),
    _kind(
        "support_opened",
        _("Support signs in to your workshop"),
        _("ThermoGestion support is in {atelier}"),
        _(
            "Hello {prenom},\n\nTo help you, ThermoGestion support is looking at {atelier} as {membre} sees it, until "
            "{date_fin}. It can read, not change, and cannot take your data out.\n\nReason: {raison}\n\nEverything is "
            "written in your action history."
        ),
        _("See the action history"),
        membre=Variable(_("the member"), "Olivia Roche"),
        raison=Variable(_("the reason"), _("Question about a quote")),
        date_fin=DATE,
    ),
    _kind(
        "support_writes",
        _("Support may write in your workshop"),
        _("ThermoGestion support may change data in {atelier}"),
        _(
            "Hello {prenom},\n\nThermoGestion support, as {membre}, may change data of {atelier} until {date_fin}."
            "\n\nReason: {raison}\n\nEach change is written in your action history under both names."
        ),
        _("See the action history"),
        membre=Variable(_("the member"), "Olivia Roche"),
        raison=Variable(_("the reason"), _("Put right a wrong price")),
        date_fin=DATE,
    ),
    _kind(
        "plan_given",
        _("Plan opened by ThermoGestion"),
        _("{atelier}: the plan {offre} is open"),
        _("Hello {prenom},\n\nWe have opened the plan {offre} for {atelier}, until {date}.\n\nReason: {raison}"),
        _("See my subscription"),
        offre=OFFER,
        date=DATE,
        raison=Variable(_("the reason"), _("Pilot workshop")),
    ),
)
