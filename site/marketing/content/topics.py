"""The words of the pages on a subject, in French. Only what the product does today is written."""

from typing import Any

FEATURES: dict[str, Any] = {
    "title": "Fonctionnalités",
    "seo_title": "Fonctionnalités de ThermoGestion, logiciel de thermolaquage",
    "search_description": (
        "Devis calculés à la poudre près, signature en ligne, étapes de production, rapport final, poudres, clients, "
        "espace client, équipe : tout ce que fait ThermoGestion dans un atelier de thermolaquage."
    ),
    "eyebrow": "Fonctionnalités",
    "hero_title": "Tout ce qu’un atelier écrit, une seule fois.",
    "hero_text": (
        "Voici ce que le logiciel fait aujourd’hui, écran par écran. Les images sont de vrais écrans, avec les données "
        "d’un atelier de démonstration."
    ),
    "body": [
        ("feature", {
            "icon": "document-text", "anchor": "devis", "screen": "quote",
            "title": "Devis : le prix se calcule pendant que vous tapez",
            "text": (
                "Tôle, tube, caisson ou surface directe, poudre, couches, primaire, vernis : la surface, les "
                "grammes de "
                "poudre et le prix suivent chaque frappe."
            ),
            "points": [
                "Surface calculée d’après les dimensions, ou saisie directement",
                "Main-d’œuvre, forfaits, marges de l’atelier, remise et TVA par ligne",
                "Prix de la poudre à la date du devis : une hausse ne change pas un devis déjà envoyé",
                "Copie, nouvelle version, refus : chaque devis garde son histoire",
            ],
            "description": "Un devis en cours : pièces, poudre, surface, consommation et total",
        }),
        ("feature", {
            "icon": "clipboard-document-check", "anchor": "documents", "screen": "document",
            "title": "Un PDF à votre nom, relu avant l’envoi",
            "text": (
                "Votre logo, vos mentions, vos conditions. Vous voyez le document exact avant qu’il parte, et il est "
                "numéroté sans trou."
            ),
            "points": [
                "Identité, assurance, médiateur et conditions de l’atelier remplis une fois",
                "Envoi depuis votre propre boîte : Gmail, Microsoft 365 ou SMTP",
                "Textes des messages à vos mots ; chaque message envoyé reste consultable",
            ],
            "description": "Le document d’un devis, avec ses pièces et ses totaux",
        }),
        ("feature", {
            "icon": "pencil-square", "anchor": "signature", "screen": "signature",
            "title": "Signature en ligne, sur le téléphone du client",
            "text": (
                "Un lien, le document, une signature au doigt ou au clavier. La preuve est scellée avec l’empreinte du "
                "PDF exact qui a été lu."
            ),
            "points": [
                "Aucun mot de passe : le lien s’ouvre d’un geste, une seule fois",
                "Date, adresse réseau, empreinte et journal dans un certificat joint au PDF",
                "Droit de rétractation des particuliers : exercé en ligne, avec accusé de réception",
                "La signature ouvre le projet, sans rien recopier",
            ],
            "description": "Un devis à signer sur un téléphone",
        }),
        ("feature", {
            "icon": "queue-list", "anchor": "projets", "screen": "project",
            "title": "Projets : chaque pièce est à son étape",
            "text": (
                "Réception, grenaillage, préparation, poudrage, cuisson, contrôle : vos gammes, vos points de "
                "contrôle, "
                "validés dans l’ordre par qui en a le droit."
            ),
            "points": [
                "Gammes à votre image : étapes, ordre et listes de contrôle",
                "Qui, quand, quelle remarque : chaque validation est signée et peut être reprise",
                "Priorités, dates promises et retards en tête de l’accueil",
                "Message « vos pièces sont prêtes », puis remise ou livraison",
            ],
            "description": "Un projet dans l’atelier, sa courbe d’étapes et l’étape à valider",
        }),
        ("feature", {
            "icon": "check-badge", "anchor": "rapport", "screen": "",
            "title": "Traçabilité : le rapport final part avec les pièces",
            "text": (
                "Poudre, couches, température, durée, points de contrôle, noms et dates : le rapport s’écrit avec les "
                "étapes validées. Le client le retrouve dans son espace."
            ),
            "points": [], "description": "",
        }),
        ("feature", {
            "icon": "device-tablet", "anchor": "atelier", "screen": "floor",
            "title": "Mode atelier : la tablette qui marche sans réseau",
            "text": (
                "Grandes touches pour les gants, thème clair ou sombre, aucun prix à l’écran. Sans réseau, l’opérateur "
                "continue : tout part au retour du signal, une seule fois."
            ),
            "points": [
                "Scanner l’étiquette, photographier, valider : trois gestes par étape",
                "Ce qui attend d’être envoyé est visible, avec la raison d’un refus",
                "Deux saisies différentes pour la même cuisson : une personne tranche, rien ne se perd",
                "Tablette partagée, un code par opérateur, verrouillage automatique",
            ],
            "description": "La journée de l’atelier sur une tablette, avec les projets et leur étape",
        }),
        ("feature", {
            "icon": "tag", "anchor": "etiquettes", "screen": "",
            "title": "Étiquettes : chaque pièce a son numéro",
            "text": (
                "Un numéro court, sans caractères qui se confondent, avec une clé qui signale l’erreur de frappe. En "
                "QR code, ou en grand sur le papier qui passe au four."
            ),
            "points": [
                "Rouleaux et planches A4 courants, même une planche entamée",
                "Lu par la caméra, une douchette, un téléphone, ou tapé",
            ],
            "description": "",
        }),
        ("feature", {
            "icon": "camera", "anchor": "qualite", "screen": "board",
            "title": "Photos et qualité : ce qui s’est passé se voit",
            "text": (
                "Avant, pendant, après : les photos suivent la pièce, annotées sans être modifiées. Un défaut déclaré "
                "renvoie le projet à l’étape choisie, et les deux passages restent dans l’histoire."
            ),
            "points": [
                "Comparaison avant et après, rapport final avec photos",
                "Défauts, causes, actions correctives, et leurs chiffres par poudre et par finition",
                "Tableau par étape et calendrier des dates promises",
            ],
            "description": "Le tableau des projets, une colonne par étape",
        }),
        ("feature", {
            "icon": "swatch", "anchor": "poudres", "screen": "powders",
            "title": "Poudres : la bonne référence, la bonne finition, le bon prix",
            "text": (
                "Marque, référence, type, finition, cuisson, rendement, conditionnements et tares. Le nuancier RAL "
                "Classic est là dès le premier jour."
            ),
            "points": [
                "Prix datés : l’historique reste, le devis prend celui du jour",
                "Grammes au mètre carré et épaisseur pour chaque poudre",
                "Import d’un tableur, avec les lignes refusées et leur raison",
                "Une poudre utilisée s’archive, elle ne disparaît jamais d’un devis",
            ],
            "description": "La liste des poudres de l’atelier avec leur teinte et leur finition",
        }),
        ("feature", {
            "icon": "rectangle-stack", "anchor": "series", "screen": "batches",
            "title": "Séries : jamais deux poudres dans la même fournée",
            "text": (
                "Deux pièces ne vont ensemble que si tout est pareil : référence, type, finition, couches, primaire, "
                "vernis, cuisson. Le RAL seul ne suffit jamais, et personne ne peut passer outre."
            ),
            "points": [
                "Séries recommandées, les plus urgentes d’abord, avec la poudre qu’il faut et celle qui reste",
                "Un refus dit ce qui diffère, avec les deux valeurs",
                "Lancer et clore une série fait avancer tous ses projets, ou aucun",
            ],
            "description": "Les séries proposées : des pièces de même poudre, même finition et même cuisson",
        }),
        ("feature", {
            "icon": "scale", "anchor": "stock", "screen": "stock",
            "title": "Stock à la balance : juste sans journée d’inventaire",
            "text": (
                "Posez le carton, tapez le poids : le stock est à jour. Chaque jour, trois poudres à peser suffisent "
                "pour qu’aucune ne soit oubliée."
            ),
            "points": [
                "Un poids invraisemblable est questionné avant d’être cru : grammes pour kilos, autre poudre",
                "Consommation prévue et pesée comparées, fiabilité de chaque poudre de 0 à 100",
                "Date de rupture estimée, quantités à commander en cartons entiers",
                "Sur la tablette, même sans réseau",
            ],
            "description": "Le stock de poudres : niveaux, consommation, poudres à commander, fiabilité",
        }),
        ("feature", {
            "icon": "fire", "anchor": "fours", "screen": "",
            "title": "Fours : des fournées mieux remplies, dans le bon ordre",
            "text": (
                "Donnez les dimensions du four et des pièces : un plan propose quoi accrocher où, dans quelle fournée "
                "et à quelle heure, en tenant compte des dates promises."
            ),
            "points": [
                "Crochets, rails, écarts, masse, chariot : le plan est vérifié règle par règle",
                "Vue de dessus, coupe et vue en volume ; une pièce se déplace à la souris ou au clavier",
                "Le gain face à l’ordre d’arrivée : fournées, heures et euros, même quand il est nul",
            ],
            "description": "",
        }),
        ("feature", {
            "icon": "users", "anchor": "clients", "screen": "customer",
            "title": "Clients : tout ce qui s’est dit et fait",
            "text": (
                "Particuliers et entreprises, étiquettes, échanges, devis et projets sur une page. Les doublons sont "
                "vus avant d’être créés, et deux fiches se fusionnent."
            ),
            "points": [
                "Appels, visites et messages notés avec leur suite à donner",
                "Ressemblances par e-mail, téléphone ou nom, selon vos critères",
                "Données d’une personne remises ou effacées à sa demande, comme le veut le RGPD",
            ],
            "description": "La fiche d’un client : coordonnées, échanges, devis et projets",
        }),
        ("feature", {
            "icon": "device-phone-mobile", "anchor": "espace-client", "screen": "portal",
            "title": "Espace client : la réponse avant l’appel",
            "text": (
                "Votre client voit ses devis à signer, l’étape de ses pièces et ses documents, à vos couleurs et avec "
                "votre logo."
            ),
            "points": [
                "Entrée par un lien reçu par e-mail, sans compte à créer",
                "Avancement en direct, rapport final et devis signés à télécharger",
                "Lisible sur n’importe quel téléphone",
            ],
            "description": "L’espace d’un client sur un téléphone",
        }),
        ("feature", {
            "icon": "arrow-down-tray", "anchor": "imports", "screen": "imports",
            "title": "Reprise : vos fichiers d’hier, sans les retaper",
            "text": (
                "Clients et poudres arrivent d’un fichier CSV. Les colonnes sont reconnues, les doublons comptés, et "
                "rien n’est écrit avant votre accord."
            ),
            "points": [
                "Jusqu’à 100 000 lignes, avec l’avancement à l’écran",
                "Lignes refusées rendues dans un fichier, avec leur raison",
                "Export de vos clients et de vos poudres quand vous voulez",
            ],
            "description": "Un import de clients, avant sa confirmation",
        }),
        ("feature", {
            "icon": "lock-closed", "anchor": "equipe", "screen": "team",
            "title": "Équipe : à chacun ses droits",
            "text": (
                "Propriétaire, administrateur, comptable, opérateur, lecture seule : l’opérateur voit ses pièces et "
                "leurs consignes, pas les prix."
            ),
            "points": [
                "Autant de personnes que votre formule le permet, invitées par e-mail",
                "Second facteur, clé de sécurité ou empreinte, obligatoire pour les responsables",
                "Historique de chaque action, en ajout seul et exportable",
            ],
            "description": "L’équipe de l’atelier et les rôles de chacun",
        }),
        ("benefits", {
            "title": "Et au quotidien", "introduction": "Ce qui fait gagner des secondes cent fois par "
                "jour.", "sunken": True,
            "items": [
                {"icon": "chart-bar", "title": "Un accueil qui trie", "text": (
                    "Les devis à signer, les projets en cours, les retards et ce qui est prêt : l’accueil de "
                    "chacun dépend "
                    "de ses droits.")},
                {"icon": "clock", "title": "Tout à portée de clavier", "text": (
                    "Une recherche unique (Ctrl ou Cmd K) trouve un client, un devis, un projet ou une poudre, "
                    "avec ou sans "
                    "les accents.")},
                {"icon": "arrow-path", "title": "Plusieurs ateliers", "text": (
                    "Une même personne passe d’un atelier à l’autre ; les données de chacun restent cloisonnées.")},
            ],
        }),
        ("comparison", {"title": "Lite et Pro, ligne par ligne", "introduction": "Tel que le catalogue le dit "
            "aujourd’hui."}),
        ("trial_call", {"title": "Le plus parlant, c’est votre propre devis",
                        "text": "Ouvrez votre atelier et chiffrez une vraie demande."}),
    ],
}  # fmt: skip

ABOUT: dict[str, Any] = {
    "title": "À propos",
    "seo_title": "À propos de ThermoGestion",
    "search_description": (
        "Pourquoi ThermoGestion existe, ce que nous voulons pour les ateliers de thermolaquage et comment nous joindre."
    ),
    "eyebrow": "À propos",
    "hero_title": "Un logiciel né devant un four.",
    "hero_text": (
        "ThermoGestion est écrit pour un seul métier : recevoir des pièces nues, les rendre laquées, et pouvoir dire à "
        "tout moment où elles en sont."
    ),
    "body": [
        ("passage", {"text": (
            "<h2>D’où nous partons</h2>"
            "<p>Un atelier de thermolaquage vit avec un cahier, un tableur de prix, un logiciel de facturation "
            "fait pour "
            "d’autres et beaucoup de mémoire. Le même portail y est écrit cinq fois : sur le devis, sur la fiche, "
            "sur le "
            "tableau de l’atelier, sur le bon de sortie et dans la tête de celui qui répond au téléphone.</p>"
            "<p>Nous avons pris le problème par là : ce qui est mesuré une fois doit servir jusqu’au rapport final.</p>"
            "<h2>Notre mission</h2>"
            "<p>Que le prix soit juste avant de partir, que la preuve existe avant d’être demandée, et que le client "
            "n’ait pas à appeler pour savoir.</p>"
            "<h2>Notre vision</h2>"
            "<p>Un outil de métier se reconnaît à ses mots. Couches, faces, développé, grammes au mètre carré, "
            "température de pièce : ThermoGestion parle d’abord aux ateliers, et laisse le reste aux autres "
                "logiciels.</p>"
        )}),
        ("reasons", {
            "title": "Ce à quoi nous tenons", "introduction": "Quatre règles que l’on retrouve dans chaque "
                "écran.", "sunken": True,
            "items": [
                {"title": "Rien d’inventé", "text": (
                    "Pas de faux témoignage, pas de compteur gonflé, pas de promesse : ce site ne décrit que ce "
                    "qui marche.")},
                {"title": "Vos données sont à vous", "text": (
                    "Elles s’exportent quand vous le voulez, même après la fin de l’abonnement.")},
                {"title": "Le prix se lit", "text": (
                    "Un prix par atelier, affiché, sans carte pour essayer et sans durée d’engagement.")},
                {"title": "Utilisable par tous", "text": (
                    "Au clavier, au doigt ganté, au soleil ou avec un lecteur d’écran.")},
            ],
        }),
        ("passage", {"text": (
            "<h2>Nous joindre</h2><p>Une question, un doute, une idée : <a href=\"/contact/\">écrivez-nous</a>. "
            "L’adresse "
            "et l’identité de la société sont dans les <a href=\"/mentions-legales/\">mentions légales</a>. Vous "
            "utilisez "
            "déjà ThermoGestion et vous voulez le raconter ? <a href=\"/temoignages/\">Proposez votre "
            "témoignage</a>.</p>"
        )}),
        ("trial_call", {"title": "Jugez sur pièces", "text": "Toutes les fonctions, sans carte bancaire."}),
    ],
}  # fmt: skip

STORIES: dict[str, Any] = {
    "title": "Témoignages",
    "seo_title": "Témoignages d’ateliers de thermolaquage",
    "search_description": "Ce que les ateliers disent de ThermoGestion, avec leurs mots et leur accord.",
    "introduction": (
        "Nous ne publions que des témoignages réels, avec l’accord écrit de leur auteur et des résultats qu’il a "
        "mesurés "
        "lui-même."
    ),
    "body": [
        ("journey", {
            "title": "Comment se raconte une histoire vraie", "introduction": "",
            "items": [
                {"title": "Vous écrivez quelques lignes", "text": "Ce qui a changé, ce que vous avez mesuré, ce "
                    "qui manque encore."},
                {"title": "Nous vous rappelons", "text": "Vingt minutes au téléphone, puis un texte que vous "
                    "corrigez."},
                {"title": "Vous donnez votre accord", "text": "Par écrit, logo compris ou non. Sans accord, rien "
                    "ne paraît."},
                {"title": "Vous restez maître", "text": "Un message suffit pour que votre témoignage soit retiré."},
            ],
        }),
    ],
}  # fmt: skip

ACCESSIBILITY: dict[str, Any] = {
    "title": "Accessibilité",
    "seo_title": "Déclaration d’accessibilité de ThermoGestion",
    "search_description": "L’état d’accessibilité du site et du service ThermoGestion, et comment signaler un "
        "obstacle.",
    "eyebrow": "Déclaration d’accessibilité",
    "hero_title": "Utilisable par tous, ou à corriger.",
    "hero_text": "Le site, l’espace client et l’application visent la norme européenne EN 301 549 (WCAG 2.1, "
        "niveau AA).",
    "body": [
        ("passage", {"text": (
            "<h2>État</h2><p>Chaque page publique, chaque écran de l’application et de l’espace client est contrôlé "
            "automatiquement avec axe-core, en thème clair et sombre, sur trois largeurs, à chaque changement du "
            "logiciel. "
            "Ces contrôles ne trouvent aucune erreur. Ils ne voient pas tout : aucun audit complet par un tiers n’a "
            "encore été fait, et nous déclarons donc une conformité <b>partielle</b>.</p>"
            "<h2>Ce qui est fait</h2><ul><li>tout s’utilise au clavier, avec un repère visible ;</li><li>les "
            "contrastes "
            "sont d’au moins 4,5 pour 1, y compris avec la couleur choisie par l’atelier ;</li><li>aucun état "
            "n’est dit "
            "par la couleur seule ;</li><li>les erreurs sont écrites, près du champ et dans un résumé ;</li><li>les "
            "animations s’arrêtent si votre appareil le demande.</li></ul>"
            "<h2>Ce qui ne l’est pas encore</h2><ul><li>les documents PDF ne sont pas tous balisés ;</li><li>la "
            "signature "
            "au doigt a une autre voie, au clavier, mais le tracé lui-même n’est pas accessible ;</li><li>les "
            "teintes de "
            "poudre sont nommées, mais leur aspect à l’écran n’a pas d’équivalent textuel complet.</li></ul>"
            "<h2>Signaler un obstacle</h2><p>Dites-nous ce qui vous arrête, sur quelle page et avec quel outil, par la "
            "<a href=\"/contact/\">page de contact</a>. Nous répondons sous cinq jours ouvrés et proposons une "
            "autre voie "
            "en attendant la correction.</p>"
            "<h2>Si la réponse ne suffit pas</h2><p>Vous pouvez saisir le Défenseur des droits "
            "(defenseurdesdroits.fr), ou "
            "la DGCCRF par signal.conso.gouv.fr pour un service aux consommateurs.</p>"
            "<p>Déclaration établie le 21 novembre 2026.</p>"
        )}),
    ],
}  # fmt: skip

MODELS: dict[str, Any] = {
    "title": "Modèles de textes",
    "seo_title": "Modèles de textes pour un atelier de thermolaquage",
    "search_description": (
        "Conditions de vente, information sur les données et accord pour les photos : des modèles à adapter à votre "
        "atelier de thermolaquage."
    ),
    "eyebrow": "Pour votre atelier",
    "hero_title": "Des textes à adapter, jamais imposés.",
    "hero_text": "Conditions de vente, données personnelles, photographies : trois modèles pour vos propres documents.",
}
