"""The guides supplied with the product; each text is the file of its name."""

from pathlib import Path
from typing import Any

from cms.loading import put_page
from wagtail.models import Site

from helpcenter.models import GuidePage, HelpIndexPage

TEXTS = Path(__file__).parent
INDEX: dict[str, Any] = {
    "title": "Aide",
    "seo_title": "Aide de ThermoGestion",
    "search_description": (
        "Les guides de ThermoGestion, pas à pas : devis, signature, imports, poudres, étapes, sécurité."
    ),
    "introduction": "Une chose à la fois, du début à la fin.",
    "show_in_menus": True,
}
GUIDES: dict[str, dict[str, Any]] = {
    "premier-devis": {
        "title": "Faire et envoyer un premier devis",
        "summary": "Du client à l’envoi : mesures, poudre, prix, vérification du PDF.",
        "screens": ["quotes"],
    },
    "signature-en-ligne": {
        "title": "Faire signer un devis en ligne",
        "summary": "Ce que le client reçoit, ce qu’il fait, ce qui est conservé comme preuve.",
        "screens": ["portal"],
    },
    "importer-ses-clients": {
        "title": "Importer ses clients",
        "summary": "D’un fichier CSV à la liste des clients, sans doublon.",
        "screens": ["crm", "dataio"],
    },
    "poudres": {
        "title": "Tenir ses poudres et leurs prix",
        "summary": "Référence, type et finition, consommation, cuisson, prix datés.",
        "screens": ["powders"],
    },
    "etapes-de-l-atelier": {
        "title": "Suivre les pièces dans l’atelier",
        "summary": "Les étapes d’un projet, leur validation, le contrôle et le rapport final.",
        "screens": ["projects"],
    },
    "double-authentification": {
        "title": "Protéger son compte avec un second facteur",
        "summary": "Application de codes ou clé de sécurité, codes de secours, téléphone perdu.",
        "screens": ["accounts", "mfa_index", "mfa_activate_totp", "mfa_authenticate", "accounts:second_factor"],
    },
}


def load() -> int:
    """Put the help centre and its guides under the home page; how many pages there are."""
    home = Site.objects.get(is_default_site=True).root_page
    index = put_page(HelpIndexPage, parent=home, slug="aide", values=INDEX)
    for slug, values in GUIDES.items():
        text = (TEXTS / f"{slug}.html").read_text(encoding="utf-8")
        summary = {"search_description": values["summary"]}
        put_page(GuidePage, parent=index, slug=slug, values={**values, **summary, "body": [("prose", text)]})
    return 1 + len(GUIDES)
