"""The messages that consumer law words: a workshop cannot change them."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import DATE, LINK, PHONE, QUOTE, WORKSHOP, EmailKind, Variable

MOMENT = Variable(_("the date and time"), "21/11/2026 14:05")
CONSUMER = (
    EmailKind(
        key="person_erased",
        label=_("Personal data erased"),
        subject=_("{atelier} has erased your personal data"),
        body=_(
            "Hello,\n\nAs you asked, or because it was no longer needed, {atelier} erased the personal data that it "
            "held about you, on {date_effacement}: your name, your addresses, your notes and your exchanges.\n\n"
            "The documents that the law obliges {atelier} to keep (signed quotes, invoices) stay in its archive, out "
            "of its daily work.\n\nA question? Call {telephone_atelier}. You may also complain to the CNIL, "
            "cnil.fr."
        ),
        variables={"atelier": WORKSHOP, "telephone_atelier": PHONE, "date_effacement": DATE},
    ),
    EmailKind(
        key="withdrawal_receipt",
        label=_("Receipt of a withdrawal"),
        subject=_("Receipt of your withdrawal from the contract {numero_devis}"),
        body=_(
            "Hello {consommateur},\n\n{atelier} received your withdrawal on {date_retractation}. Here is what you "
            "declared:\n\n{declaration}\n\nThe contract has ended. What you have paid is refunded within 14 days, by "
            "the means that you paid with; if you asked that the work start before the end of the withdrawal period, "
            "the part already done stays due (C. conso. art. L221-24 and L221-25).\n\nKeep this message: it is your "
            "proof."
        ),
        variables={
            "consommateur": Variable(_("the name of the person who withdraws"), "Camille Lefèvre"),
            "atelier": WORKSHOP,
            "numero_devis": QUOTE,
            "date_retractation": MOMENT,
            "declaration": Variable(_("what the person declared"), _("I withdraw from the contract.")),
        },
    ),
    EmailKind(
        key="withdrawal_notice",
        label=_("A customer has withdrawn"),
        subject=_("{consommateur} has withdrawn from the contract {numero_devis}"),
        body=_(
            "{consommateur} withdrew from the contract {numero_devis} on {date_retractation}, within the period that "
            "the law gives to consumers. Stop the work: its project is closed if it was running.\n\nRefund what was "
            "paid before {date_remboursement}, by the same means (C. conso. art. L221-24). {travail_demande}\n\nWhat "
            "was declared:\n\n{declaration}"
        ),
        button=_("See the quote"),
        variables={
            "consommateur": Variable(_("the name of the person who withdraws"), "Camille Lefèvre"),
            "numero_devis": QUOTE,
            "date_retractation": MOMENT,
            "date_remboursement": Variable(_("the last day to refund"), "05/12/2026"),
            "travail_demande": Variable(
                _("whether the work was asked for at once"), _("The work was not asked for before the end of it.")
            ),
            "declaration": Variable(_("what the person declared"), _("I withdraw from the contract.")),
            "lien": LINK,
        },
    ),
)
