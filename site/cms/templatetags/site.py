"""What the templates of the public pages ask for."""

import json
from typing import Any

import nh3
from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Site
from wagtail.rich_text import RichText

from cms.catalogue import Catalogue, count_workshops, shown_logos, shown_stories
from cms.catalogue import trial_days as read_trial_days
from cms.consent import configured_categories
from cms.models import PublisherSettings
from cms.navigation import Link, footer_menu, main_menu, path_of
from cms.navigation import home_path as find_home_path
from cms.screens import SCREENS, Screen
from cms.tools import Category

register = template.Library()
#: What could end a script element or start a comment in it.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
#: What the editor of long text writes (PROSE of cms.blocks), as markup.
TAGS = {"a", "b", "br", "code", "em", "h2", "h3", "h4", "hr", "i", "li", "mark", "ol", "p", "strong", "ul"}
ATTRIBUTES = {"a": {"href", "id"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "p": {"id"}}
#: Addresses to lead to when the page is not published in this language.
SIGNUP, PRICES, STORIES = "/inscription/", "/tarifs/", "/temoignages/"
#: What a figure counts → over how many days; None: since ever.
COUNTED_DAYS = {"workshops": None, "this_week": 7}
#: Colours of the RAL chart, with the finishes that workshops order most.
PALETTE = (
    ("RAL 9005", "#0e0e10", "mat"), ("RAL 7016", "#383e42", "texture"), ("RAL 7022", "#4b4d46", "satin"),
    ("RAL 9007", "#878581", "metallic"), ("RAL 9006", "#a1a1a0", "metallic"), ("RAL 7035", "#c5c7c4", "satin"),
    ("RAL 9010", "#f1ece1", "gloss"), ("RAL 1013", "#e3d9c6", "satin"), ("RAL 1003", "#f9a800", "gloss"),
    ("RAL 2004", "#e75b12", "gloss"), ("RAL 3020", "#bb1e10", "gloss"), ("RAL 3004", "#6b1c23", "satin"),
    ("RAL 8014", "#4a3526", "texture"), ("RAL 6005", "#114232", "gloss"), ("RAL 6018", "#48a43f", "gloss"),
    ("RAL 5015", "#007cb0", "satin"), ("RAL 5010", "#004f7c", "satin"), ("RAL 4005", "#76689a", "mat"),
)  # fmt: skip


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> list[Link]:
    """The main menu; empty on a page that has no request (an error)."""
    return main_menu(context["request"]) if "request" in context else []


@register.simple_tag(takes_context=True)
def site_footer(context: Context) -> list[tuple[str, list[Link]]]:
    """Every page of the first level, by group."""
    return footer_menu(context["request"]) if "request" in context else []


@register.simple_tag
def home_path() -> str:
    """The home page in the language of the page."""
    return find_home_path()


@register.simple_tag(takes_context=True)
def signup_path(context: Context) -> str:
    """The sign-up in the language of the page."""
    return path_of(context["request"], "signuppage", default=SIGNUP) if "request" in context else SIGNUP


@register.simple_tag(takes_context=True)
def pricing_path(context: Context) -> str:
    """The prices in the language of the page."""
    return path_of(context["request"], "pricingpage", default=PRICES) if "request" in context else PRICES


@register.simple_tag(takes_context=True)
def stories_path(context: Context) -> str:
    """The stories in the language of the page."""
    return path_of(context["request"], "storiespage", default=STORIES) if "request" in context else STORIES


@register.simple_tag(takes_context=True)
def trial_days(context: Context) -> int:
    """How long a new workshop tries everything; read once for each request, since every call to try says it."""
    request = context.get("request")
    kept: int | None = getattr(request, "_trial_days", None)
    if kept is None:
        kept = read_trial_days()
        if request is not None:
            request._trial_days = kept
    return kept


@register.filter
def with_days(words: str, days: int) -> str:
    """Words of an editor, whose `{days}` is the length of the trial."""
    return words.replace("{days}", str(days))


@register.simple_tag
def palette() -> tuple[tuple[str, str, str], ...]:
    """Powders to show: code, screen value, finish."""
    return PALETTE


@register.simple_tag
def screen_path(screen: str, theme: str) -> str:
    """Where the picture of a screen is among the static files."""
    return f"dist/images/screens/{screen}-{theme}.webp"


@register.simple_tag
def screen_size(screen: str) -> Screen:
    """The width and the height of the picture of a screen."""
    return SCREENS[screen]


@register.simple_tag(takes_context=True)
def catalogue(context: Context) -> Catalogue:
    """The plans on sale, read once for each request."""
    return Catalogue.of(context.get("request"))


@register.simple_tag
def customer_stories(most: int) -> list[Any]:
    """The first stories of customers who agreed to tell them."""
    return shown_stories()[:most]


@register.simple_tag
def customer_logos() -> list[Any]:
    """The stories whose customer allows its logo."""
    return shown_logos()


@register.simple_tag
def real_figures(items: list[Any]) -> list[tuple[int, str]]:
    """The counts that reach their threshold, with their words: none is ever typed."""
    counted = [(count_workshops(days=COUNTED_DAYS[item["count"]]), item) for item in items]
    return [(count, item["label"]) for count, item in counted if count >= item["threshold"]]


@register.simple_tag(takes_context=True)
def cookie_categories(context: Context) -> dict[str, Any]:
    """What the cookie banner offers, the same for every visitor: `categories`, `publisher`; none: no banner at all."""
    request = context.get("request")
    if request is None or Site.find_for_request(request) is None:  # a new installation has no site yet
        return {"categories": []}
    publisher = PublisherSettings.for_request(request)
    categories: list[Category] = configured_categories(publisher)
    return {"categories": categories, "publisher": publisher}


@register.filter
def prose(text: RichText) -> SafeString:
    """Long text with its links and pictures in place; whatever an editor cannot write is taken out."""
    return mark_safe(nh3.clean(str(text), tags=TAGS, attributes=ATTRIBUTES, link_rel=None))


@register.filter
def json_ld(data: dict[str, Any]) -> SafeString:
    """Data for machines, in the page: it is never run, so the content-security policy has nothing to say of it."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')
