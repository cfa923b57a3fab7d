"""The words of the pages, in French. Only what the product does today is promised."""

from typing import Any

HOME: dict[str, Any] = {
    "title": "ThermoGestion",
    "seo_title": "ThermoGestion, le logiciel des ateliers de thermolaquage",
    "search_description": (
        "Devis chiffrés à la poudre près, signature en ligne, suivi de chaque pièce étape par étape et rapport final : "
        "le logiciel des ateliers de thermolaquage. Essai gratuit, sans carte bancaire."
    ),
    "eyebrow": "Le logiciel des ateliers de thermolaquage",
    "hero_title": "Du devis au four, sans une poudre de travers.",
    "hero_text": (
        "Chiffrez devant le client, faites signer sur son téléphone, suivez chaque pièce jusqu’au contrôle. "
        "Tout est écrit une seule fois, de la première mesure au rapport final."
    ),
    "body": [
        (
            "benefits",
            {
                "title": "Une journée d’atelier, du premier appel au départ des pièces",
                "introduction": "Quatre moments où l’on perd du temps aujourd’hui, et ce qui change.",
                "items": [
                    {
                        "icon": "document-text",
                        "title": "Le devis se fait devant le client",
                        "text": (
                            "Dimensions, poudre, couches, main-d’œuvre : surface, consommation et prix se calculent "
                            "à mesure que vous tapez. Le PDF part avec votre logo."
                        ),
                    },
                    {
                        "icon": "pencil-square",
                        "title": "Il signe sur son téléphone",
                        "text": (
                            "Un lien, le document, une signature au doigt. La preuve est scellée avec le PDF exact "
                            "qu’il a lu, et le projet s’ouvre tout seul."
                        ),
                    },
                    {
                        "icon": "fire",
                        "title": "Chaque pièce est à son étape",
                        "text": (
                            "Réception, grenaillage, poudrage, cuisson, contrôle : l’opérateur valide, le bureau voit "
                            "ce qui avance et ce qui va être en retard."
                        ),
                    },
                    {
                        "icon": "clipboard-document-check",
                        "title": "Les pièces partent avec leur rapport",
                        "text": (
                            "Poudre utilisée, couches, température, durée, points de contrôle et noms : le client "
                            "repart avec la preuve du travail fait."
                        ),
                    },
                ],
            },
        ),
        (
            "showcase",
            {
                "title": "Le matin, tout est déjà rangé",
                "introduction": "Ce qui presse d’abord, ce qui attend une signature, ce qui est prêt à partir.",
                "screen": "day",
                "description": "L’accueil de l’atelier : devis à signer, projets en cours, retards, derniers devis",
            },
        ),
        (
            "palette",
            {
                "title": "Un RAL 7016 mat n’est pas un RAL 7016 texturé",
                "introduction": (
                    "Le nuancier RAL Classic est là dès le premier jour. Chaque poudre de votre atelier garde sa "
                    "référence, son type, sa finition, sa cuisson et son prix daté : celle du devis est celle du four."
                ),
                "sunken": True,
            },
        ),
        (
            "reasons",
            {
                "title": "Pourquoi ThermoGestion ?",
                "introduction": (
                    "Parce qu’un logiciel de facturation adapté tant bien que mal ne sait rien de votre four."
                ),
                "items": [
                    {
                        "title": "Il parle votre métier",
                        "text": (
                            "Faces, développés, primaire, vernis, grammes au mètre carré, température de pièce : les "
                            "mots et les calculs sont ceux de l’atelier."
                        ),
                    },
                    {
                        "title": "Rien ne se recopie",
                        "text": (
                            "Le devis accepté devient le projet, ses lignes deviennent les pièces, les étapes "
                            "validées deviennent le rapport."
                        ),
                    },
                    {
                        "title": "Chacun voit ce qu’il lui faut",
                        "text": (
                            "L’opérateur voit ses pièces et leurs consignes, pas les prix. Le comptable voit les "
                            "devis, pas les réglages. Chaque action est signée et datée."
                        ),
                    },
                    {
                        "title": "Vos données restent les vôtres",
                        "text": (
                            "Importez vos clients et vos poudres depuis un tableur, exportez-les quand vous voulez. "
                            "Les données d’un atelier ne sont visibles d’aucun autre."
                        ),
                    },
                ],
            },
        ),
        (
            "showcase",
            {
                "title": "Où en est le portail de Mme Martin ?",
                "introduction": "Une courbe, une étape en cours, un bouton. La réponse tient en une seconde.",
                "screen": "project",
                "description": "Un projet dans l’atelier, sa courbe d’étapes et l’étape à valider",
            },
        ),
        (
            "journey",
            {
                "title": "Prêt ce soir, sans formation",
                "introduction": "",
                "sunken": True,
                "items": [
                    {
                        "title": "Ouvrez votre atelier",
                        "text": "Votre nom, votre e-mail, votre téléphone. Pas de carte bancaire, pas de commercial.",
                    },
                    {
                        "title": "Importez clients et poudres",
                        "text": (
                            "Un fichier CSV de votre tableur : colonnes reconnues, erreurs montrées avant d’importer."
                        ),
                    },
                    {
                        "title": "Envoyez un premier devis",
                        "text": "Choisissez la poudre, entrez les mesures, vérifiez le prix, envoyez.",
                    },
                    {
                        "title": "Lancez la production",
                        "text": "La signature ouvre le projet ; chaque étape se valide d’un geste.",
                    },
                ],
            },
        ),
        ("stories", {"title": "Ce qu’en disent les ateliers", "introduction": "", "most": 3}),
        (
            "plans",
            {
                "title": "Un prix par atelier, pas par personne",
                "introduction": "Toutes les fonctions pendant l’essai. Ensuite, la formule que vous choisissez.",
            },
        ),
        (
            "faq",
            {
                "title": "Avant de commencer",
                "introduction": "Les réponses courtes aux premières questions.",
                "sunken": True,
                "items": [
                    {
                        "title": "Faut-il installer quelque chose ?",
                        "text": (
                            "Non. ThermoGestion s’ouvre dans le navigateur d’un ordinateur, d’une tablette ou d’un "
                            "téléphone."
                        ),
                    },
                    {
                        "title": "Puis-je reprendre mes clients et mes poudres ?",
                        "text": (
                            "Oui, depuis un fichier CSV de votre tableur ou de votre ancien logiciel. Vous voyez "
                            "ce qui "
                            "sera créé avant de confirmer."
                        ),
                    },
                    {
                        "title": "La signature en ligne a-t-elle une valeur ?",
                        "text": (
                            "C’est une signature électronique simple (Code civil, articles 1366 et 1367). Le document "
                            "lu, son empreinte, la date et le journal sont conservés comme preuve."
                        ),
                    },
                    {
                        "title": "Où lire les conditions ?",
                        "text": (
                            "Les conditions d’utilisation, les conditions de vente et l’engagement de service sont au "
                            "bas de chaque page, avec toutes leurs versions."
                        ),
                    },
                ],
            },
        ),
        (
            "trial_call",
            {
                "title": "Essayez avec vos vrais devis",
                "text": (
                    "Toutes les fonctions, sans carte bancaire. À la fin de l’essai, rien n’est effacé et rien n’est "
                    "débité."
                ),
            },
        ),
    ],
}

PRICING: dict[str, Any] = {
    "title": "Tarifs",
    "seo_title": "Tarifs de ThermoGestion",
    "search_description": (
        "Les formules de ThermoGestion, logiciel des ateliers de thermolaquage : prix par mois, fonctions comprises, "
        "essai gratuit sans carte bancaire."
    ),
    "introduction": "Un prix par atelier, pas par personne : toute l’équipe travaille avec vous.",
    "body": [
        (
            "faq",
            {
                "title": "Questions sur les prix",
                "introduction": "La vôtre n’y est pas ? Les guides de l’aide répondent aux autres.",
                "items": [
                    {
                        "title": "Que se passe-t-il à la fin de l’essai ?",
                        "text": (
                            "Rien n’est débité : aucune carte n’a été demandée. Votre atelier passe en lecture seule, "
                            "vos données restent consultables et exportables, et vous choisissez une formule quand "
                            "vous le voulez."
                        ),
                    },
                    {
                        "title": "Combien de personnes peuvent travailler dans l’atelier ?",
                        "text": (
                            "Autant que vous voulez, dans chaque formule. Chaque personne a son compte et ses droits."
                        ),
                    },
                    {
                        "title": "Les prix sont-ils hors taxes ?",
                        "text": "Oui. La TVA s’ajoute au taux en vigueur.",
                    },
                    {
                        "title": "Puis-je changer de formule ?",
                        "text": (
                            "Oui, dans les deux sens. Ce que vous avez enregistré avec une fonction de la formule "
                            "supérieure reste lisible si vous redescendez."
                        ),
                    },
                    {
                        "title": "Y a-t-il un engagement de durée ou un remboursement ?",
                        "text": (
                            "La formule se règle par mois et s’arrête quand vous le décidez ; le mois commencé reste "
                            "dû. L’essai est là pour juger avant de payer."
                        ),
                    },
                    {
                        "title": "Que deviennent mes données si je pars ?",
                        "text": (
                            "Vous exportez vos clients et vos poudres en fichiers lisibles par un tableur, et vos "
                            "documents en PDF."
                        ),
                    },
                ],
            },
        ),
        (
            "trial_call",
            {
                "title": "Le plus simple est d’essayer",
                "text": "Ouvrez votre atelier maintenant, chiffrez un vrai devis.",
            },
        ),
    ],
}

SIGNUP: dict[str, Any] = {
    "title": "Ouvrez votre atelier",
    "seo_title": "Essai gratuit de ThermoGestion",
    "search_description": (
        "Ouvrez votre atelier de thermolaquage sur ThermoGestion : toutes les fonctions, sans carte bancaire."
    ),
    "introduction": "Toutes les fonctions, sans carte bancaire. Une adresse e-mail à confirmer et vous y êtes.",
}

LEGAL: dict[str, dict[str, Any]] = {
    "cgu": {
        "title": "Conditions d’utilisation",
        "search_description": "Conditions générales d’utilisation de ThermoGestion.",
        "document": "terms",
    },
    "cgv": {
        "title": "Conditions de vente",
        "search_description": "Conditions générales de vente de ThermoGestion : essai, abonnement, paiement, fin.",
        "document": "sale",
    },
    "engagement-de-service": {
        "title": "Engagement de service",
        "search_description": "La disponibilité que garantit chaque formule de ThermoGestion, et sa compensation.",
        "document": "service_level",
    },
    "confidentialite": {
        "title": "Confidentialité",
        "search_description": (
            "Quelles données personnelles ThermoGestion traite, pourquoi, combien de temps, et vos droits."
        ),
        "document": "privacy",
    },
    "traitement-des-donnees": {
        "title": "Traitement des données",
        "search_description": "L’accord de traitement des données entre l’atelier et ThermoGestion (RGPD, article 28).",
        "document": "processing",
    },
    "cookies": {
        "title": "Cookies",
        "search_description": "Les cookies du site ThermoGestion, ceux qui demandent votre accord, et comment "
        "changer d’avis.",
        "document": "cookies",
    },
    "mentions-legales": {
        "title": "Mentions légales",
        "search_description": "Qui publie et qui héberge le site ThermoGestion.",
        "document": "notice",
        "names_publisher": True,
    },
    "remboursement": {
        "title": "Remboursement",
        "search_description": "La politique de remboursement de ThermoGestion.",
        "document": "refund",
    },
}
#: Pages that exist but wait for the publisher: publishing one is what puts it into force.
ON_DEMAND = ("remboursement",)
#: Addresses of the past → today's.
FORMER = {"conditions-generales": "cgu"}
