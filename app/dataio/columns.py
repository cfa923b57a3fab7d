"""Which column of a foreign file holds what: names that Excel lists and other software give to their columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from app.kernel.text import fold

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column can fill, and the names (folded) by which files call it."""

    label: "str | _StrPromise"
    names: frozenset[str]


def _target(label: "str | _StrPromise", names: str) -> Target:
    return Target(label, frozenset(fold(name) for name in names.split("|")))


#: In the order of the mapping screen. Exports of Excel, EBP, Sage, Ciel, Odoo, Google Contacts, Outlook, HubSpot.
TARGETS: dict[str, Target] = {
    "type": _target(
        _("Type"),
        "type|type client|type de client|categorie|customer type|is a company|est une société|"
        "est une entreprise|societe oui non|statut juridique|particulier pro|pro particulier|company type",
    ),
    "company": _target(
        _("Company"),
        "société|entreprise|raison sociale|company|company name|organisation|organization|organization name|"
        "organization 1 name|dénomination|nom société|nom de la société|nom entreprise|nom de l'entreprise|"
        "intitulé|intitulé client|intitulé du compte|nom commercial|enseigne|related company|société liée|"
        "business name|nom organisation|account name",
    ),
    "last_name": _target(
        _("Last name"),
        "nom|nom de famille|last name|lastname|surname|family name|nom client|nom du client|nom contact|"
        "nom du contact|name|contact nom",
    ),
    "first_name": _target(
        _("First name"),
        "prénom|prenom|first name|firstname|given name|forename|prénom contact|prénom du contact|"
        "prenom client|contact prénom",
    ),
    "full_name": _target(
        _("Full name"),
        "nom complet|nom et prénom|nom prénom|prénom nom|nom prénom client|full name|display name|contact|"
        "nom d'affichage|interlocuteur|contact name|complete name",
    ),
    "email": _target(
        _("E-mail"),
        "email|e-mail|mail|courriel|adresse email|adresse e-mail|adresse mail|adresse de messagerie|"
        "adresse électronique|email address|e-mail address|e mail 1 value|email 1|mel|e mail contact|"
        "email principal|courrier électronique",
    ),
    "phone": _target(
        _("Telephone"),
        "téléphone|tel|tél|telephone|phone|phone number|numéro de téléphone|n° téléphone|n° tel|num tel|"
        "téléphone fixe|tel fixe|fixe|téléphone 1|tel 1|phone 1 value|téléphone bureau|business phone|"
        "work phone|téléphone principal|primary phone|telephone domicile|home phone",
    ),
    "mobile": _target(
        _("Mobile"),
        "mobile|portable|téléphone portable|tel portable|tel mobile|téléphone mobile|gsm|mobile phone|cell|"
        "cell phone|cellphone|phone 2 value|téléphone 2|tel 2",
    ),
    "street": _target(
        _("Street"),
        "adresse|rue|adresse 1|adresse postale|address|street|street address|address 1|address line 1|"
        "address 1 street|adresse ligne 1|voie|street 1|business street|home street",
    ),
    "street2": _target(
        _("Street, second line"),
        "adresse 2|complément|complément d'adresse|complément adresse|address 2|address line 2|"
        "adresse ligne 2|street 2|rue 2",
    ),
    "postcode": _target(
        _("Postcode"),
        "code postal|cp|postcode|postal code|zip|zip code|code postal ville|address 1 postal code|c p|"
        "code_postal|business postal code",
    ),
    "city": _target(_("City"), "ville|commune|localité|city|town|address 1 city|business city"),
    "country": _target(_("Country"), "pays|country|address 1 country|code pays|country code|pays de résidence"),
    "siret": _target(_("SIRET"), "siret|n° siret|numéro siret|numéro de siret|no siret|code siret|siret number"),
    "vat_number": _target(
        _("VAT number"),
        "tva|n° tva|numéro de tva|numéro tva|tva intracommunautaire|n° tva intracommunautaire|"
        "numéro de tva intracommunautaire|vat|vat number|tax id|n° tva intracom|id tva|"
        "numéro d'identification fiscale",
    ),
    "tags": _target(
        _("Tags"),
        "tags|tag|étiquettes|étiquette|labels|label|groupes|groupe|groups|segment|group membership",
    ),
    "notes": _target(
        _("Notes"),
        "notes|note|commentaire|commentaires|remarque|remarques|observation|observations|comments|comment|"
        "mémo|description|internal notes",
    ),
    "job": _target(_("Position held"), "poste|fonction|job|job title|titre|position|intitulé du poste"),
    "status": _target(_("Status in the former software"), "statut|status|état|lead status|statut du lead"),
    "source": _target(_("Where the customer comes from"), "source|origine|provenance|lead source|canal"),
}
#: Fields of the record; the others are written in its notes, under their label, so that nothing is lost.
NOTED = ("job", "status", "source")
NAMES = ("last_name", "first_name", "full_name", "company", "email")
#: Words that files add to a name without changing what it holds.
FILLERS = frozenset(
    [
        "facturation",
        "client",
        "clients",
        "contact",
        "principal",
        "principale",
        "value",
        "valeur",
        "1",
        "de",
        "du",
        "la",
        "le",
        "l",
        "d",
    ]
)


def guess_mapping(header: Sequence[str]) -> dict[str, int]:
    """The column of each field by its name: first the exact names, then without the words that change nothing."""
    mapping: dict[str, int] = {}
    folded = [fold(name) for name in header]
    stripped = [" ".join(word for word in name.split() if word not in FILLERS) for name in folded]
    for names in (folded, stripped):
        for field, target in TARGETS.items():
            known = target.names | {fold(str(target.label))}
            for index, name in enumerate(names):
                if field not in mapping and index not in mapping.values() and name in known:
                    mapping[field] = index
    return mapping


def names_somebody(mapping: Mapping[str, int]) -> bool:
    """Whether at least one column tells who the customer is."""
    return any(name in mapping for name in NAMES)
