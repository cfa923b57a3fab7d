"""The news of the product: to confirm the address, then once a month; every message says how to stop."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import LINK, EmailKind, Sender, Variable

NEWS = (
    EmailKind(
        key="news_confirm",
        label=_("News: confirmation of the address"),
        subject=_("Confirm your address to receive the news"),
        body=_(
            "Hello,\n\nSomebody, probably you, asked for the monthly news of ThermoGestion at this address. One click "
            "confirms it; the link works for seven days.\n\nIt was not you? Ignore this message: "
            "nothing else will come."
        ),
        button=_("Confirm my address"),
        variables={"lien": LINK},
        sender=Sender.PLATFORM,
        keeps_link=False,
    ),
    EmailKind(
        key="news_monthly",
        label=_("News of the month"),
        subject=_("ThermoGestion: what is new in {mois}"),
        body=_(
            "Hello,\n\nHere is what changed in ThermoGestion in {mois}.\n\n{nouveautes}\n\nEach change is explained in "
            "the release notes.\n\nTo receive no more news: {arreter}"
        ),
        button=_("Read the release notes"),
        variables={
            "mois": Variable(_("the month"), "novembre 2026"),
            "nouveautes": Variable(_("the changes, one a line"), "0.1.0\n• Nouveauté – Devis signés en ligne"),
            "arreter": Variable(_("the address that stops these messages"), "https://exemple.fr/arreter"),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
)
