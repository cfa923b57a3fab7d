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
QUESTIONS: dict[str, Any] = {
    "title": "Questions fréquentes",
    "seo_title": "Questions fréquentes sur ThermoGestion",
    "search_description": "Essai, devis, signature, poudres, équipe, abonnement, données : des réponses courtes.",
    "introduction": "Des réponses courtes ; les guides disent le détail.",
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
    "premiers-pas": {
        "title": "Ouvrir son atelier et faire ses premiers pas",
        "summary": "De la confirmation de l’adresse au premier devis : quoi remplir, dans quel ordre.",
        "topic": "demarrer",
        "screens": ["home:onboarding", "home:entry"],
    },
    "comprendre-l-accueil": {
        "title": "Comprendre l’accueil et les alertes",
        "summary": "Les chiffres du jour, ce qui presse, les bandeaux et ce qu’ils demandent.",
        "topic": "demarrer",
        "screens": ["home"],
    },
    "migrer": {
        "title": "Venir d’un autre logiciel, ou en partir",
        "summary": "Pas à pas, dans les deux sens : fichiers, ordre, vérifications.",
        "topic": "demarrer",
        "screens": ["dataio:import_list"],
    },
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
    "espace-client": {
        "title": "Ouvrir à un client son espace",
        "summary": "Ce que le client y voit, comment il y entre, ce qui ne s’y voit jamais.",
        "topic": "clients",
        "screens": [],
    },
    "modifier-un-devis-envoye": {
        "title": "Modifier un devis déjà envoyé",
        "summary": "Nouvelle version, états d’un devis, copie, rétractation.",
        "topic": "devis",
        "screens": ["quotes:quote_detail"],
    },
    "regler-ses-prix": {
        "title": "Régler ses prix et comprendre le calcul",
        "summary": "Taux horaire, marges, perte au poudrage : d’où vient chaque euro.",
        "topic": "devis",
        "screens": ["quotes:settings"],
    },
    "ouvrir-un-projet": {
        "title": "Ouvrir et tenir un projet",
        "summary": "D’un devis signé ou à la main : date promise, usage, consignes.",
        "topic": "projets",
        "screens": ["projects:project_list", "projects:project_create", "projects:project_edit"],
    },
    "etapes-de-l-atelier": {
        "title": "Suivre les pièces dans l’atelier",
        "summary": "Les étapes d’un projet, leur validation, le contrôle et le rapport final.",
        "topic": "projets",
        "screens": ["projects"],
    },
    "photos-du-travail": {
        "title": "Photographier le travail",
        "summary": "Avant, pendant, après : ajouter, comparer, annoter, écarter, et faire de la place.",
        "topic": "projets",
        "screens": ["projects:photo_detail", "projects:photo_settings"],
    },
    "mode-atelier": {
        "title": "Travailler en mode atelier, même sans réseau",
        "summary": "La tablette au poste de travail : valider, photographier, scanner, sans réseau s’il le faut.",
        "topic": "projets",
        "screens": ["shopfloor"],
    },
    "tablettes-partagees": {
        "title": "Partager une tablette à l’atelier",
        "summary": "Mise en service, codes des opérateurs, verrouillage, tablette perdue.",
        "topic": "projets",
        "screens": ["tablets"],
    },
    "plan-de-cuisson": {
        "title": "Planifier les fournées du four",
        "summary": "Choisir les pièces, lire le plan et ses raisons, déplacer, adopter, imprimer les fiches.",
        "topic": "projets",
        "screens": [
            "batches:plan_list",
            "batches:plan_create",
            "batches:plan_detail",
            "batches:plan_load",
            "batches:plan_sheets",
            "batches:part_measure",
        ],
    },
    "fours": {
        "title": "Décrire ses fours et suivre leur occupation",
        "summary": "Dimensions, crochets, horaires et coûts ; entrées et sorties ; capacité utilisée ; durées réelles.",
        "topic": "projets",
        "screens": [
            "batches:oven_board",
            "batches:oven_usage",
            "batches:oven_list",
            "batches:oven_create",
            "batches:oven_edit",
            "batches:load_create",
            "batches:load_detail",
        ],
    },
    "gammes": {
        "title": "Composer ses gammes d’étapes",
        "summary": "L’ordre des étapes, les contrôles, les photos obligatoires, la retouche, les projets en cours.",
        "topic": "projets",
        "screens": [
            "projects:workflow_list",
            "projects:workflow_create",
            "projects:workflow_edit",
            "projects:project_reroute",
        ],
    },
    "series": {
        "title": "Grouper les pièces en séries sans jamais mélanger",
        "summary": "Les séries recommandées, ce qui va ensemble, lancer, clôturer, et la poudre qui sort du stock.",
        "topic": "projets",
        "screens": ["batches"],
    },
    "non-conformites": {
        "title": "Déclarer et suivre les non-conformités",
        "summary": "Dire ce qui ne va pas, renvoyer les pièces à une étape, corriger, lire les chiffres.",
        "topic": "projets",
        "screens": [
            "projects:nonconformity_declare",
            "projects:nonconformity_detail",
            "projects:quality_statistics",
            "projects:quality_terms",
        ],
    },
    "rapport-final": {
        "title": "Remettre les pièces avec leur rapport",
        "summary": "Ce que contient le rapport final, comment le corriger, où le retrouver.",
        "topic": "projets",
        "screens": ["projects:report"],
    },
    "tenir-ses-clients": {
        "title": "Tenir ses clients",
        "summary": "Créer, retrouver, noter les échanges, fusionner deux fiches.",
        "topic": "clients",
        "screens": ["crm"],
    },
    "importer-ses-clients": {
        "title": "Importer ses clients",
        "summary": "D’un fichier CSV à la liste des clients, sans doublon.",
        "topic": "clients",
        "screens": ["dataio"],
    },
    "poudres": {
        "title": "Tenir ses poudres et leurs prix",
        "summary": "Référence, type et finition, consommation, cuisson, prix datés.",
        "topic": "poudres",
        "screens": ["powders"],
    },
    "stock": {
        "title": "Tenir son stock à la balance",
        "summary": "Recevoir des cartons, les étiqueter, les peser ; corriger, transférer, compter les consommables.",
        "topic": "poudres",
        "screens": ["stock"],
    },
    "stock-juste": {
        "title": "Garder un stock juste sans journée d’inventaire",
        "summary": "La liste du jour, la fiabilité, la dérive, les inventaires partiels, les commandes et les alertes.",
        "topic": "poudres",
        "screens": [
            "stock:to_weigh",
            "stock:plan_list",
            "stock:plan_detail",
            "stock:suggestion_list",
            "alerts",
            "stock:indicators",
            "stock:settings",
        ],
    },
    "identite-de-l-atelier": {
        "title": "Donner son identité à l’atelier",
        "summary": "Nom, mentions, logo, couleur, adresse des pages, numéros.",
        "topic": "reglages",
        "screens": ["workshops:identity", "workshops:address", "workshops:site_list", "numbering"],
    },
    "inviter-son-equipe": {
        "title": "Inviter son équipe et choisir les rôles",
        "summary": "Invitations, rôles et droits, départ d’un membre, plusieurs ateliers.",
        "topic": "reglages",
        "screens": ["workshops"],
    },
    "boite-mail": {
        "title": "Envoyer depuis sa propre boîte mail",
        "summary": "Connexion, textes des messages, suivi des envois, pannes.",
        "topic": "reglages",
        "screens": ["notify"],
    },
    "double-authentification": {
        "title": "Protéger son compte avec un second facteur",
        "summary": "Application de codes ou clé de sécurité, codes de secours, téléphone perdu.",
        "topic": "securite",
        "screens": ["accounts:second_factor", "mfa_index", "mfa_activate_totp", "mfa_authenticate"],
    },
    "mot-de-passe-et-sessions": {
        "title": "Mot de passe, sessions et assistance",
        "summary": "Oubli, appareils connectés, compte bloqué, accès de l’assistance.",
        "topic": "securite",
        "screens": ["accounts"],
    },
    "abonnement": {
        "title": "S’abonner, changer de formule, résilier",
        "summary": "L’essai, le paiement, le prorata, les factures, un paiement refusé.",
        "topic": "abonnement",
        "screens": ["billing"],
    },
    "quotas": {
        "title": "Comprendre les quotas et la consommation",
        "summary": "Ce qui est compté, les alertes à 80 et 100 %, ce qui est refusé.",
        "topic": "abonnement",
        "screens": ["billing:usage"],
    },
    "exporter-ses-donnees": {
        "title": "Exporter ses données",
        "summary": "Clients, historique, documents : formats, droits, ouverture dans Excel.",
        "topic": "donnees",
        "screens": ["dataio:customer_export", "dataio:export_detail", "audit"],
    },
    "conservation-et-effacement": {
        "title": "Ce qui est gardé, ce qui est effacé",
        "summary": "Durées de conservation et effacement, pour l’atelier et ses clients.",
        "topic": "donnees",
        "screens": [],
    },
    "developpeurs": {
        "title": "Pour les développeurs : ce qui se lit par une machine",
        "summary": "État du service, flux, fichiers CSV : les adresses et les formats d’aujourd’hui.",
        "topic": "donnees",
        "screens": [],
    },
    "donnees-personnelles": {
        "title": "Répondre à une demande sur des données personnelles",
        "summary": "Remettre, corriger, effacer : les gestes et leur trace.",
        "topic": "donnees",
        "screens": [],
    },
}
#: Read by the customers of workshops, from their space.
CUSTOMER_GUIDES: dict[str, dict[str, Any]] = {
    "lire-et-signer": {
        "title": "Lire et signer un devis",
        "summary": "Ouvrir le lien, lire, signer sur le téléphone, garder la preuve.",
        "topic": "devis",
    },
    "suivre-ses-pieces": {
        "title": "Suivre ses pièces",
        "summary": "L’avancement, le message quand c’est prêt, le rapport final.",
        "topic": "projets",
    },
    "renoncer": {
        "title": "Renoncer à un contrat signé",
        "summary": "Le délai de quatorze jours des particuliers, et comment s’en servir.",
        "topic": "devis",
    },
    "vos-donnees": {
        "title": "Vos données chez votre atelier",
        "summary": "Ce qui est gardé, combien de temps, et vos droits.",
        "topic": "donnees",
    },
}
