"""The side navigation: what this member may open, by job."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from app.notify.selectors import count_new_alerts
from app.tenancy.links import workshop_url
from app.tenancy.permissions import Permission


@dataclass(frozen=True)
class Entry:
    """A line of the navigation; `name` is the page's URL name, whose namespace marks the current entry."""

    label: str | Promise
    name: str
    icon: str
    permission: Permission


@dataclass(frozen=True)
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
    Entry(_("Powders"), "powders:powder_list", "swatch", Permission.POWDERS_READ),
    Entry(_("Settings"), "home:settings", "cog-6-tooth", Permission.PROFILE_EDIT),
)


def navigation(request: Any) -> dict[str, Any]:
    """`navigation`, `help_url` and `help_panel_url` in every template of a product page; empty elsewhere."""
    if not hasattr(request, "membership"):
        return {"navigation": []}
    screen = request.resolver_match.view_name if request.resolver_match else ""
    asked = {"screen": screen or "home:dashboard"}
    return {
        "navigation": _with_alerts(_links(request), request.workshop.pk),
        "help_url": reverse("helpcenter:screen_help", kwargs=asked),
        "help_panel_url": f"{reverse('helpcenter:screen_panel', kwargs=asked)}?atelier={request.workshop.slug}",
    }


def _with_alerts(links: Iterable[Link], workshop_pk: int) -> list[Link]:
    """The same links, that of the alerts with how many nobody has seen."""
    count = count_new_alerts(workshop_pk)
    return [replace(link, badge=count or None) if link.icon == ALERTS_ICON else link for link in links]


def _links(request: Any) -> Iterator[Link]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    section = here.partition(":")[0]
    for entry in ENTRIES:
        if entry.permission in request.permissions:
            same = here == entry.name if section == "home" else entry.name.startswith(f"{section}:")
            yield Link(str(entry.label), workshop_url(request.workshop, entry.name), entry.icon, same)
