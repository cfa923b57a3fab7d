"""The words of the release notes and of the roadmap: what the product does today, and what comes next."""

from datetime import date
from typing import Any

from changelog.constants import Kind, RoadmapState

CHANGELOG: dict[str, Any] = {
    "title": "Nouveautés",
    "seo_title": "Nouveautés et notes de version · ThermoGestion",
    "search_description": (
        "Ce que chaque version de ThermoGestion apporte, corrige ou modifie, avec les changements annoncés à l’avance."
    ),
    "introduction": (
        "Chaque version, ce qu’elle apporte et ce qu’elle change. Une rupture est annoncée au moins 30 jours avant, un "
        "retrait au moins 90 jours avant."
    ),
    "show_in_menus": False,
}
ROADMAP: dict[str, Any] = {
    "title": "Feuille de route",
    "seo_title": "Feuille de route : ce qui vient · ThermoGestion",
    "search_description": (
        "Ce qui est en cours, ce qui est prévu, ce qui est livré. Votez pour ce qui compte pour vous."
    ),
    "introduction": "Ce que nous préparons. Votez pour ce qui compte pour votre atelier : nous en tenons compte.",
    "show_in_menus": False,
}
RELEASES: dict[str, dict[str, Any]] = {
    "0.1.0": {
        "released_on": date(2026, 11, 21),
        "summary": "La première version : du devis à la remise des pièces, l’atelier, le stock, les séries, les fours.",
        "changes": [
            (
                Kind.FEATURE,
                "Mode atelier",
                "Une tablette qui marche sans réseau : la journée, les étapes, les photos, les pesées, un code par "
                "opérateur.",
            ),
            (
                Kind.FEATURE,
                "Étiquettes, photos et qualité",
                "Un numéro par pièce, des photos annotées, des non-conformités avec leurs deux passages.",
            ),
            (
                Kind.FEATURE,
                "Séries strictes",
                "Ce qui peut être poudré ensemble, par poudre exacte ; un refus dit ce qui diffère.",
            ),
            (
                Kind.FEATURE,
                "Stock à la balance",
                "Cartons étiquetés, pesées, écarts, fiabilité, liste du jour, inventaires partiels, quantités à "
                "commander.",
            ),
            (
                Kind.FEATURE,
                "Fours et plan de cuisson",
                "Des fournées mieux remplies dans le bon ordre, vérifiées, modifiables, imprimables.",
            ),
            (
                Kind.FEATURE,
                "Catalogue du fabricant",
                "Une référence Thermopoudre remplit la fiche : cuisson, consommation, conditionnements et tares.",
            ),
            (
                Kind.FEATURE,
                "Devis chiffrés pendant la saisie",
                "Surfaces, couches et poudre donnent la consommation et le prix à chaque frappe ; l’envoi numérote et "
                "fige le devis.",
            ),
            (
                Kind.FEATURE,
                "Signature en ligne",
                "Le client lit, signe et reçoit sa copie avec le certificat, depuis un lien à usage unique.",
            ),
            (
                Kind.FEATURE,
                "Projets et étapes d’atelier",
                "Un devis signé ouvre son projet ; chaque étape se valide dans l’ordre, jusqu’au rapport final.",
            ),
            (
                Kind.FEATURE,
                "Espace client",
                "Devis, avancement et documents, sans mot de passe, aux couleurs de l’atelier.",
            ),
            (
                Kind.FEATURE,
                "Poudres et nuancier",
                "Référence, finition, consommation mesurée, fenêtre de cuisson et prix datés ; nuancier RAL Classic.",
            ),
            (
                Kind.FEATURE,
                "Clients, imports et exports",
                "Fiches, échanges, recherche, doublons ; import CSV prévisualisé, exports à tout moment.",
            ),
            (
                Kind.FEATURE,
                "Équipe, rôles et double authentification",
                "Propriétaire, administrateur, opérateur, compta, lecteur ; historique des actions.",
            ),
            (
                Kind.FEATURE,
                "Essai et abonnement",
                "Formules Lite et Pro, quotas visibles, factures, changement et résiliation en ligne.",
            ),
            (
                Kind.FEATURE,
                "Rétractation en ligne",
                "Pour les clients particuliers, en deux étapes et avec accusé de réception.",
            ),
            (
                Kind.FEATURE,
                "Site, aide, blog, nouveautés et feuille de route",
                "Des guides liés aux écrans, des articles de métier, cette page et ses flux.",
            ),
        ],
    },
}
#: state, title, text, version that delivers it.
ROADMAP_ITEMS: tuple[tuple[RoadmapState, str, str, str], ...] = (
    (
        RoadmapState.PLANNED,
        "Factures, acomptes et avoirs",
        "Numérotation sans trou, scellement, envoi, suivi des règlements.",
        "",
    ),
    (
        RoadmapState.PLANNED,
        "Facturation électronique",
        "Factur-X et raccordement à une plateforme agréée, avant l’échéance de septembre 2027.",
        "",
    ),
    (
        RoadmapState.DELIVERED,
        "Séries par poudre et chargement du four",
        "Regrouper les pièces de même poudre, remplir les fournées, suivre la cuisson.",
        "0.1.0",
    ),
    (
        RoadmapState.DELIVERED,
        "Stock de poudre à la pesée",
        "Cartons, pesées, inventaires partiels, alertes et suggestions d’achat.",
        "0.1.0",
    ),
    (
        RoadmapState.DELIVERED,
        "Photos de chantier et mode atelier",
        "Tablette, gants, réseau faible : valider et photographier, même hors ligne.",
        "0.1.0",
    ),
    (RoadmapState.PLANNED, "Module Jantes", "Fiches de roues, recettes, grilles de prix, véhicules de prêt.", ""),
    (RoadmapState.PLANNED, "API et connexions", "Interface ouverte, webhooks, exports comptables.", ""),
    (RoadmapState.DELIVERED, "Signature en ligne des devis", "Avec preuve et copie au client.", "0.1.0"),
    (RoadmapState.DELIVERED, "Espace client", "Devis, avancement et documents, sans mot de passe.", "0.1.0"),
    (RoadmapState.DELIVERED, "Import des clients", "CSV prévisualisé, doublons signalés.", "0.1.0"),
)
