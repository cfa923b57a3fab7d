"""The messages about the storage of photos, to Owners and Administrators. They are not switched off."""

from django.utils.translation import gettext_lazy as _

from .kinds_base import FIRST_NAME, LINK, WORKSHOP, EmailKind, Sender, Variable
from .kinds_usage import LIMIT, OFFERS, QUOTA, RENEWAL, USED

_NEAR = {
    "prenom": FIRST_NAME,
    "atelier": WORKSHOP,
    "quota": QUOTA,
    "utilise": USED,
    "limite": LIMIT,
    "renouvellement": RENEWAL,
    "offres": OFFERS,
    "lien": LINK,
}

PHOTOS = (
    EmailKind(
        key="storage_near",
        label=_("Storage of photos at 80 %"),
        subject=_("{atelier}: the storage of photos is 80 % full"),
        body=_(
            "Hello {prenom},\n\n{atelier} has used {utilise} of {limite}. Nothing stops for now.\n\nFrom 90 %, the "
            "photos of the oldest delivered projects are removed, one project after the other, until 80 % is reached. "
            "Their final report keeps them, reduced; projects that are not delivered are never touched.\n\nTo keep "
            "the originals, download them now, or take more storage. {offres}"
        ),
        button=_("See the use of my plan"),
        variables=_NEAR,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="storage_high",
        label=_("Storage of photos at 90 %"),
        subject=_("{atelier}: room is being made for photos"),
        body=_(
            "Hello {prenom},\n\n{atelier} has used {utilise} of {limite}: the photos of the oldest delivered projects "
            "are being removed until 80 % is reached. Each keeps its final report with its photos, reduced. Projects "
            "that are not delivered are not touched.\n\nA summary follows, with the projects concerned. {offres}"
        ),
        button=_("See the use of my plan"),
        variables=_NEAR,
        sender=Sender.PLATFORM,
    ),
    EmailKind(
        key="photos_purged",
        label=_("Photos removed to make room"),
        subject=_("{atelier}: photos of {nombre} were removed to make room"),
        body=_(
            "Hello {prenom},\n\nThe storage of {atelier} was at {avant} of {limite}; it is now at {apres}. Removed: "
            "the photos of {projets}.\n\nThe projects are complete, and the final report of each keeps its photos, "
            "reduced. {suite}"
        ),
        button=_("See the use of my plan"),
        variables={
            "prenom": FIRST_NAME,
            "atelier": WORKSHOP,
            "nombre": Variable(_("how many projects"), _("2 projects")),
            "avant": Variable(_("what was used before"), "18,1 Go"),
            "apres": Variable(_("what is used now"), "15,9 Go"),
            "limite": LIMIT,
            "projets": Variable(_("the projects, with how many photos"), "2605-0012 (14), 2605-0013 (9)"),
            "suite": Variable(_("what happens next"), _("There is room again.")),
            "lien": LINK,
        },
        sender=Sender.PLATFORM,
    ),
)
