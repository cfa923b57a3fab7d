"""The side navigation of the backoffice."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A line: the page it opens, by its URL name."""

    label: str | Promise
    name: str
    icon: str


ENTRIES = (
    Entry(_("Overview"), "backoffice:overview", "chart-bar"),
    Entry(_("Workshops"), "backoffice:workshop_list", "building-storefront"),
    Entry(_("Unpaid and failed"), "backoffice:dunning", "exclamation-triangle"),
    Entry(_("Messages"), "backoffice:message_list", "inbox"),
    Entry(_("Help centre"), "backoffice:help_figures", "lifebuoy"),
    Entry(_("Monitors"), "backoffice:monitors", "signal"),
    Entry(_("Powder catalogue"), "backoffice:powders", "swatch"),
    Entry(_("Log"), "backoffice:log_list", "queue-list"),
    Entry(_("Incidents"), "backoffice:incident_list", "bell-alert"),
    Entry(_("Targets and churn"), "backoffice:indicators", "arrow-trending-up"),
    Entry(_("Service credits"), "backoffice:credits", "receipt-percent"),
    Entry(_("SaaS settings"), "backoffice:catalogue", "adjustments-horizontal"),
    Entry(_("Feature flags"), "backoffice:flag_list", "flag"),
    Entry(_("Release notes"), "backoffice:news", "megaphone"),
    Entry(_("Tests of wording"), "backoffice:experiment_list", "beaker"),
    Entry(_("History of changes"), "backoffice:change_list", "clock"),
)


def backoffice_navigation(request: HttpRequest) -> dict[str, Any]:
    """`backoffice_links` in the templates of the backoffice; nothing elsewhere."""
    match = request.resolver_match
    if match is None or match.app_name != "backoffice":
        return {}
    here = match.view_name.split("_")[0]
    return {
        "backoffice_links": [
            {
                "label": entry.label,
                "icon": entry.icon,
                "url": reverse(entry.name),
                "current": entry.name.split("_")[0] == here,
            }
            for entry in ENTRIES
        ]
    }
