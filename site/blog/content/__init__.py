"""The articles supplied with the product; each text is the file of its name."""

from datetime import date
from pathlib import Path
from typing import Any

from cms.loading import is_edited, put_page
from cms.typography import french_spaces
from wagtail.models import Site

from blog.models import ArticlePage, Author, BlogIndexPage, Category

from .texts import read_blocks

TEXTS = Path(__file__).parent
INDEX: dict[str, Any] = {
    "title": "Blog",
    "seo_title": "Le blog des ateliers de thermolaquage · ThermoGestion",
    "search_description": (
        "Articles de métier pour les ateliers de thermolaquage : poudres, cuisson, qualité, chiffrage, facturation."
    ),
    "introduction": "Le métier, la gestion, le produit : des articles à garder sous la main à l’atelier.",
    "show_in_menus": True,
}
TEAM: dict[str, Any] = {
    "name": "L’équipe ThermoGestion",
    "role": "Éditeur du logiciel des ateliers de thermolaquage",
    "bio": (
        "Nous concevons ThermoGestion. Nos articles s’appuient sur les normes, les fiches techniques et les textes "
        "officiels ; une erreur vous saute aux yeux ? Écrivez-nous, nous corrigeons."
    ),
    "is_team": True,
}
#: Address → name, description, colour and finish of its powder.
CATEGORIES: dict[str, tuple[str, str, str, str]] = {
    "poudres": ("Poudres", "Choisir, consommer et conserver la poudre.", "#007cb0", "satin"),
    "procede": ("Procédé", "Préparation, application, cuisson, contrôle.", "#c2410c", "texture"),
    "qualite": ("Qualité", "Prévenir et traiter les défauts.", "#114232", "gloss"),
    "gestion": ("Gestion", "Chiffrer, facturer, organiser l’atelier.", "#383e42", "satin"),
}
ARTICLES: dict[str, dict[str, Any]] = {
    "choisir-poudre-exterieur": {
        "title": "Bien choisir sa poudre pour l’extérieur",
        "introduction": (
            "Résine, classe Qualicoat, finition, primaire : les questions à se poser avant de parler de teinte."
        ),
        "published_on": date(2026, 11, 3),
        "categories": ["poudres"],
        "tags": ["Qualicoat", "extérieur", "finitions"],
    },
    "calculer-consommation-poudre": {
        "title": "Calculer la consommation de poudre, et la vérifier à la balance",
        "introduction": (
            "Densité, épaisseur, perte : une formule courte, un exemple chiffré, et la pesée qui la corrige."
        ),
        "published_on": date(2026, 11, 6),
        "categories": ["poudres", "gestion"],
        "tags": ["chiffrage", "consommation", "stock"],
    },
    "temperature-piece-four": {
        "title": "Cuisson : la température de la pièce n’est pas celle du four",
        "introduction": (
            "Une poudre réticule à la température du métal. Comment lire une courbe de cuisson, et la mesurer."
        ),
        "published_on": date(2026, 11, 10),
        "categories": ["procede", "qualite"],
        "tags": ["cuisson", "four", "contrôle"],
    },
    "eviter-non-conformites": {
        "title": "Dégazage, peau d’orange, cratères : lire un défaut et supprimer sa cause",
        "introduction": (
            "La plupart des reprises viennent de quelques causes. Un tableau pour les reconnaître, des gestes pour les "
            "éviter."
        ),
        "published_on": date(2026, 11, 13),
        "categories": ["qualite", "procede"],
        "tags": ["défauts", "non-conformité", "contrôle"],
    },
    "facturation-electronique-ateliers": {
        "title": "Facturation électronique : ce qu’un atelier doit faire, et quand",
        "introduction": (
            "Recevoir depuis septembre 2026, émettre en septembre 2027 : les dates, les mentions, un plan en six "
            "étapes."
        ),
        "published_on": date(2026, 11, 17),
        "categories": ["gestion"],
        "tags": ["facturation", "réglementation", "chiffrage"],
    },
}


def load() -> int:
    """Put the blog and its articles under the home page; how many pages there are."""
    home = Site.objects.get(is_default_site=True).root_page
    index = put_page(BlogIndexPage, parent=home, slug="blog", values=INDEX)
    author, _made = Author.objects.get_or_create(slug="equipe", defaults=TEAM)
    categories = {slug: _category(slug) for slug in CATEGORIES}
    for slug, supplied in ARTICLES.items():
        filing = {"categories": [categories[name] for name in supplied["categories"]], "tags": supplied["tags"]}
        values = {key: _words(value) for key, value in supplied.items() if key not in filing}
        body = read_blocks((TEXTS / f"{slug}.html").read_text(encoding="utf-8"))
        values |= {"author": author, "body": body, "search_description": values["introduction"]}
        _file(put_page(ArticlePage, parent=index, slug=slug, values=values), **filing)
    return 1 + len(ARTICLES)


def _words(value: Any) -> Any:
    return french_spaces(value) if isinstance(value, str) else value


def _category(slug: str) -> Category:
    """A category that exists keeps what the editors made of it."""
    name, description, colour, finish = CATEGORIES[slug]
    values = {"name": name, "description": description, "colour": colour, "finish": finish}
    found, _made = Category.objects.get_or_create(slug=slug, defaults=values)
    return found


def _file(page: ArticlePage, *, categories: list[Category], tags: list[str]) -> None:
    """Give a supplied article its categories and tags, unless it has them or a person has edited it."""
    filed = set(page.categories.all()) == set(categories) and {tag.name for tag in page.tags.all()} == set(tags)
    if filed or is_edited(page):
        return
    page.categories.set(categories)
    page.tags.set(tags)
    page.save_revision().publish()
