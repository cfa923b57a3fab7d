"""The guides: title, summary, topic, and the screens that each explains; the text is the file of its name."""

from typing import Any

INDEX: dict[str, Any] = {
    "title": "Aide",
    "seo_title": "Aide de ThermoGestion",
    "search_description": (
        "Les guides de ThermoGestion, pas à pas : devis, signature, projets, imports, poudres, équipe, abonnement."
    ),
    "introduction": "Une chose à la fois, du début à la fin. Dites ce que vous cherchez, ou prenez un rayon.",
    "show_in_menus": True,
}
CUSTOMERS: dict[str, Any] = {
    "title": "Aide aux clients des ateliers",
    "seo_title": "Signer un devis, suivre ses pièces : aide aux clients",
    "search_description": (
        "Vous avez reçu un devis d’un atelier de thermolaquage : le lire, le signer, suivre vos pièces."
    ),
    "introduction": "Votre atelier vous a envoyé un lien. Voici ce que vous pouvez y faire.",
}
TOPICS: dict[str, dict[str, str]] = {
    "demarrer": {"name": "Démarrer", "icon": "rocket-launch"},
    "devis": {"name": "Devis et signature", "icon": "document-text"},
    "projets": {"name": "Projets et atelier", "icon": "briefcase"},
    "clients": {"name": "Clients", "icon": "users"},
    "poudres": {"name": "Poudres", "icon": "swatch"},
    "reglages": {"name": "Équipe et réglages", "icon": "cog-6-tooth"},
    "securite": {"name": "Compte et sécurité", "icon": "shield-check"},
    "abonnement": {"name": "Abonnement", "icon": "credit-card"},
    "donnees": {"name": "Vos données", "icon": "arrow-down-tray"},
}
GUIDES: dict[str, dict[str, Any]] = {
    "premier-devis": {
        "title": "Faire et envoyer un premier devis",
        "summary": "Du client à l’envoi : mesures, poudre, prix, vérification du PDF.",
        "topic": "devis",
        "screens": ["quotes"],
    },
    "signature-en-ligne": {
        "title": "Faire signer un devis en ligne",
        "summary": "Ce que le client reçoit, ce qu’il fait, ce qui est conservé comme preuve.",
        "topic": "devis",
        "screens": ["portal"],
    },
    "importer-ses-clients": {
        "title": "Importer ses clients",
        "summary": "D’un fichier CSV à la liste des clients, sans doublon.",
        "topic": "clients",
        "screens": ["crm", "dataio"],
    },
    "poudres": {
        "title": "Tenir ses poudres et leurs prix",
        "summary": "Référence, type et finition, consommation, cuisson, prix datés.",
        "topic": "poudres",
        "screens": ["powders"],
    },
    "etapes-de-l-atelier": {
        "title": "Suivre les pièces dans l’atelier",
        "summary": "Les étapes d’un projet, leur validation, le contrôle et le rapport final.",
        "topic": "projets",
        "screens": ["projects"],
    },
    "double-authentification": {
        "title": "Protéger son compte avec un second facteur",
        "summary": "Application de codes ou clé de sécurité, codes de secours, téléphone perdu.",
        "topic": "securite",
        "screens": ["accounts", "mfa_index", "mfa_activate_totp", "mfa_authenticate", "accounts:second_factor"],
    },
}
CUSTOMER_GUIDES: dict[str, dict[str, Any]] = {}
