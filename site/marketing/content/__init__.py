"""The pages supplied with the product: first versions, which editors then make theirs."""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cms.loading import put_page
from django.conf import settings
from wagtail.models import Locale, Page, Site

from marketing.models import HomePage, LegalPage, PricingPage, SignupPage

from .copy import HOME, LEGAL, PRICING, SIGNUP

LEGAL_TEXTS = Path(__file__).parent / "legal"
#: The version that sign-up records, and the day it takes effect.
VERSION, EFFECTIVE_ON = "2026-11", date(2026, 11, 1)


def load() -> int:
    """Put the home page at the root of the site and its pages under it; how many there are."""
    home = _home()
    put_page(PricingPage, parent=home, slug="tarifs", values={**PRICING, "show_in_menus": True})
    put_page(SignupPage, parent=home, slug="inscription", values=SIGNUP)
    for slug, values in LEGAL.items():
        put_page(LegalPage, parent=home, slug=slug, values={**values, **_text(slug)})
    return 3 + len(LEGAL)


def _home() -> HomePage:
    """The home page, in the place of the page that Wagtail puts in a new installation."""
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    supplied = Page.objects.child_of(root).filter(slug="home").exclude(pk__in=HomePage.objects.values("pk")).first()
    home = put_page(HomePage, parent=root, slug="accueil", values=HOME)
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


def _text(slug: str) -> dict[str, Any]:
    text = (LEGAL_TEXTS / f"{slug}.html").read_text(encoding="utf-8")
    return {"version": VERSION, "effective_on": EFFECTIVE_ON, "body": [("prose", text)]}
