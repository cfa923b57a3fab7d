"""The questions supplied with the product, by topic."""

from typing import Any

PAGE: dict[str, Any] = {
    "title": "Questions fréquentes",
    "seo_title": "Questions fréquentes sur ThermoGestion",
    "search_description": "Essai, devis, signature, poudres, équipe, abonnement, données : des réponses courtes.",
    "introduction": "Des réponses courtes ; les guides disent le détail.",
}
QUESTIONS: dict[str, list[tuple[str, str]]] = {}
