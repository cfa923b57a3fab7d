"""The side navigation: what this member may open, by job."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from app.notify.selectors import count_new_alerts
from app.tenancy.links import path_in
from app.tenancy.permissions import Permission


@dataclass(frozen=True)
class Entry:
    """A line of the navigation; `name` is the page's URL name, whose namespace marks the current entry."""

    label: str | Promise
    name: str
    icon: str
    permission: Permission


@dataclass(frozen=True, eq=False)  # made once for the same rights: the shell knows it by what it is
class Link:
    label: str
    url: str
    icon: str
    current: bool
    badge: int | None = None


ALERTS_ICON = "bell-alert"
ENTRIES = (
    Entry(_("Home"), "home:dashboard", "home", Permission.HOME_VIEW),
    Entry(_("Quotes"), "quotes:quote_list", "document-text", Permission.QUOTES_READ),
    Entry(_("Projects"), "projects:project_list", "briefcase", Permission.PROJECTS_READ),
    Entry(_("Batches"), "batches:recommended", "rectangle-stack", Permission.BATCHES_READ),
    Entry(_("Workshop mode"), "shopfloor:shell", "device-tablet", Permission.FLOOR_USE),
    Entry(_("Customers"), "crm:customer_list", "users", Permission.CUSTOMERS_READ),
    Entry(_("Stock"), "stock:item_list", "scale", Permission.STOCK_READ),
    Entry(_("Alerts"), "alerts:alert_list", ALERTS_ICON, Permission.STOCK_READ),
    Entry(_("Steering"), "home:steering", "chart-bar", Permission.PRICES_SEE),
    Entry(_("Powders"), "powders:powder_list", "swatch", Permission.POWDERS_READ),
    Entry(_("Settings"), "home:settings", "cog-6-tooth", Permission.PROFILE_EDIT),
)


def navigation(request: Any) -> dict[str, Any]:
    """`navigation`, `help_url` and `help_panel_url` in every template of a product page; empty elsewhere."""
    if not hasattr(request, "membership"):
        return {"navigation": ()}
    screen = request.resolver_match.view_name if request.resolver_match else ""
    help_url, panel_url = _help(screen or "home:dashboard")
    section = screen.partition(":")[0]
    return {
        "navigation": _links(
            request.workshop.slug,
            request.permissions,
            screen if section == "home" else f"{section}:",
            count_new_alerts(request.workshop.pk),
            get_language(),
        ),
        "help_url": help_url,
        "help_panel_url": f"{panel_url}?atelier={request.workshop.slug}",
    }


@lru_cache(maxsize=512)
def _help(screen: str) -> tuple[str, str]:
    asked = {"screen": screen}
    return reverse("helpcenter:screen_help", kwargs=asked), reverse("helpcenter:screen_panel", kwargs=asked)


@lru_cache(maxsize=4096)
def _links(slug: str, permissions: frozenset[Permission], here: str, alerts: int, _language: str) -> tuple[Link, ...]:
    """The entries that these rights open; `here` begins the name of the current one, `alerts` is how many are new."""
    return tuple(
        Link(
            str(entry.label),
            path_in(slug, entry.name),
            entry.icon,
            entry.name.startswith(here),
            (alerts or None) if entry.icon == ALERTS_ICON else None,
        )
        for entry in ENTRIES
        if entry.permission in permissions
    )
