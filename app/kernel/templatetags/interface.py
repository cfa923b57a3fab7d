"""What the components ask for."""

from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext

from app.kernel.curve import Curve, curve_of

register = template.Library()

THEMES = ("system", "light", "dark")
FINISHES = {
    "satin": "satin",
    "satiné": "satin",
    "gloss": "gloss",
    "brillant": "gloss",
    "texture": "grain",
    "textured": "grain",
    "texturé": "grain",
    "structured": "grain",
    "metallic": "metal",
    "metallised": "metal",
    "métallisé": "metal",
}
# Order matters: Edge and Opera also say Chrome, Chrome also says Safari, Android also says Linux.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@register.filter
def theme_of(request: object) -> str:
    """The theme to show: the person's own choice, else this device's cookie, else the system's.

    An error page has no request: its template gives an empty string.
    """
    if not isinstance(request, HttpRequest):
        return "system"
    user = getattr(request, "user", None)
    chosen = getattr(user, "theme", None) if user is not None and user.is_authenticated else None
    chosen = chosen or request.COOKIES.get("theme")
    return chosen if chosen in THEMES else "system"


@register.filter
def unit(field: BoundField) -> str:
    """The unit written inside a field: `NumberInput(attrs={"data-unit": "m²"})`."""
    return str(field.field.widget.attrs.get("data-unit", ""))


@register.filter
def finish_pattern(finish: object) -> str:
    """The drawing of a powder's finish: satin, gloss, grain, metal, or nothing for mat."""
    return FINISHES.get(str(finish or "").lower(), "")


@register.filter
def initials(name: object) -> str:
    """Up to two letters for an avatar."""
    words = [word for word in str(name or "").replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words))


@register.filter
def browser_name(user_agent: object) -> str:
    """A browser and its system in two words, from what it says of itself; empty when it says nothing known."""
    said = str(user_agent or "")
    browser = next((name for mark, name in BROWSERS if mark in said), "")
    system = next((name for mark, name in SYSTEMS if mark in said), "")
    return " · ".join(part for part in (browser, system) if part)


@register.simple_tag
def curing_curve(steps: Any, current: Any = 0) -> Curve:
    """The curve of a list of step labels: {% curing_curve steps current as curve %}."""
    return curve_of([str(step) for step in steps or []], int(current or 0))


@register.simple_tag
def trade_steps() -> list[str]:
    """The five steps that every powder coater knows, for pictures of the curve."""
    return [gettext("Reception"), gettext("Blasting"), gettext("Powdering"), gettext("Curing"), gettext("Inspection")]
