"""The pages supplied with the product: first versions, which editors then make theirs."""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cms.loading import put_page, put_redirect, rename_page
from django.conf import settings
from wagtail.models import Locale, Page, Site

from marketing.models import HomePage, LegalPage, PricingPage, SignupPage, StoriesPage, TopicPage

from . import english
from .copy import FORMER, HOME, LEGAL, ON_DEMAND, PRICING, SIGNUP
from .topics import ABOUT, ACCESSIBILITY, FEATURES, MODELS, STORIES
from .typography import french

TEXTS = Path(__file__).parent
#: The version that sign-up records, and the day it takes effect.
VERSION, EFFECTIVE_ON = "2026-11-21", date(2026, 11, 21)
#: Where the commitments of the catalogue stand in a legal text.
UPTIME_MARK = "<!--uptime-->"
ENGLISH = "en"


def load() -> int:
    """Put the home page at the root of the site and its pages under it, then those in English; how many there are."""
    home = _home()
    features = put_page(
        TopicPage, parent=home, slug="fonctionnalites", values={**french(FEATURES), "show_in_menus": True}
    )
    prices = put_page(PricingPage, parent=home, slug="tarifs", values={**french(PRICING), "show_in_menus": True})
    stories = put_page(StoriesPage, parent=home, slug="temoignages", values=french(STORIES))
    about = put_page(TopicPage, parent=home, slug="a-propos", values=french(ABOUT))
    signup = put_page(SignupPage, parent=home, slug="inscription", values=french(SIGNUP))
    put_page(TopicPage, parent=home, slug="modeles-de-textes", values=french({**MODELS, "body": _models()}))
    put_page(TopicPage, parent=home, slug="accessibilite", values=french(ACCESSIBILITY))
    for old, new in FORMER.items():
        rename_page(parent=home, old=old, new=new)
    for slug, values in LEGAL.items():
        _put_text(home, slug, values)
    for old, new in FORMER.items():
        put_redirect(old=f"/{old}/", page=home.get_children().get(slug=new))
    _english(home, features=features, pricing=prices, stories=stories, about=about, sign_up=signup)
    return 8 + len(LEGAL) + 6


def _english(home: HomePage, *, features: Page, pricing: Page, stories: Page, about: Page, sign_up: Page) -> None:
    """The main pages in English, each tied to the French one that it translates."""
    root = home.get_parent()
    top = put_page(HomePage, parent=root, slug="home-en", values=english.HOME, translation_of=home, language=ENGLISH)
    for model, slug, values, original in (
        (TopicPage, "features", {**english.FEATURES, "show_in_menus": True}, features),
        (PricingPage, "pricing", {**english.PRICING, "show_in_menus": True}, pricing),
        (StoriesPage, "stories", english.STORIES, stories),
        (TopicPage, "about", english.ABOUT, about),
        (SignupPage, "sign-up", english.SIGNUP, sign_up),
    ):
        put_page(model, parent=top, slug=slug, values=values, translation_of=original, language=ENGLISH)


def _home() -> HomePage:
    """The home page, in the place of the page that Wagtail puts in a new installation."""
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    supplied = Page.objects.child_of(root).filter(slug="home").exclude(pk__in=HomePage.objects.values("pk")).first()
    home = put_page(HomePage, parent=root, slug="accueil", values=french(HOME))
    address = urlsplit(settings.BASE_URL)
    defaults = {"root_page": home, "site_name": "ThermoGestion", "hostname": address.hostname or "localhost",
                "port": address.port or (443 if address.scheme == "https" else 80)}  # fmt: skip
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(is_default_site=True, **defaults)
    elif supplied is not None and site.root_page_id == supplied.pk:
        for name, value in defaults.items():
            setattr(site, name, value)
        site.save()
    if supplied is not None and not supplied.get_children().exists():
        supplied.delete()
    return home


def _put_text(home: HomePage, slug: str, values: dict[str, Any]) -> None:
    """Put a legal text in place; a version that is there is never written again, whatever is supplied since."""
    if not LegalPage.objects.child_of(home).filter(slug=slug, version=VERSION).exists():
        values = {**french(values), **_text(slug)}
        put_page(LegalPage, parent=home, slug=slug, values=values, publish=slug not in ON_DEMAND)


def _text(slug: str) -> dict[str, Any]:
    """The words of a legal text, in the version that the product is supplied with."""
    text = (TEXTS / "legal" / f"{slug}.html").read_text(encoding="utf-8")
    before, mark, after = french(text).partition(UPTIME_MARK)
    body: list[tuple[str, Any]] = [("prose", before)]
    if mark:
        body += [("uptime", {"title": "Disponibilité garantie par formule"}), ("prose", after)]
    return {"version": VERSION, "effective_on": EFFECTIVE_ON, "body": body}


def _models() -> list[tuple[str, Any]]:
    return [("passage", {"text": (TEXTS / "modeles.html").read_text(encoding="utf-8")})]
