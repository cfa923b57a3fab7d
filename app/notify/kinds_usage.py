"""The messages about quotas, from the publisher to the Owners and Administrators. They are not switched off."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import FIRST_NAME, LINK, WORKSHOP, EmailKind, Sender, Variable

QUOTA = Variable(_("the quota"), _("Quotes per month"))
USED = Variable(_("what is used"), "80")
LIMIT = Variable(_("what the plan allows"), "100")
RENEWAL = Variable(_("when it renews"), _("It renews on 1 December 2026."))
OFFERS = Variable(_("what lifts the limit"), _("To have more: the plan Pro."))
_VARIABLES = {
    "prenom": FIRST_NAME,
    "atelier": WORKSHOP,
    "quota": QUOTA,
    "utilise": USED,
    "limite": LIMIT,
    "renouvellement": RENEWAL,
    "offres": OFFERS,
    "lien": LINK,
}

USAGE = (
    EmailKind(
        key="quota_near",
        label=_("Quota nearly reached"),
        subject=_("{atelier}: a quota is nearly reached"),
        body=_(
            "Hello {prenom},\n\n{quota}: {atelier} has used {utilise} of {limite}. {renouvellement}\n\n"
            "Nothing stops for now. {offres}"
        ),
        button=_("See the use of my plan"),
        variables=_VARIABLES,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="quota_reached",
        label=_("Quota reached"),
        subject=_("{atelier}: a quota is reached"),
        body=_(
            "Hello {prenom},\n\n{quota}: {atelier} has used {utilise} of {limite}. {renouvellement}\n\n"
            "What would go beyond is refused; everything else goes on working, and nothing is deleted. {offres}"
        ),
        button=_("See the use of my plan"),
        variables=_VARIABLES,
        sender=Sender.PLATFORM,
    ),
)
