from typing import Any

from django import template
from django.template.context import Context

from app.entitlements.constants import Dimension
from app.entitlements.selectors import list_alerts

register = template.Library()


@register.simple_tag(takes_context=True)
def quota_alerts(context: Context) -> dict[str, Any]:
    """The quotas of the workshop on screen that are reached, and those that come near: {% quota_alerts as quotas %}.

    Empty outside the pages of a workshop's members. Asks the database nothing while the answer is cached.
    """
    workshop = context.get("workshop")
    if workshop is None or context.get("membership") is None:
        return {}
    alerts = list_alerts(workshop)
    return {
        "reached": [Dimension(alert.dimension).label for alert in alerts if alert.is_full],
        "near": [Dimension(alert.dimension).label for alert in alerts if not alert.is_full],
    }
