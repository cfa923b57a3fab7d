"""The words of the status page, and what it tells inside the application."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ..constants import Component
from ..feeds import state_words
from ..notices_shown import ShownNotice, notices_for
from ..page import Day

register = template.Library()
TONES = {"up": "ok", "down": "bad", "degraded": "warn", "maintenance": "info", "unknown": "neutral"}
SEVERITIES = {"critical": "bad", "major": "warn", "minor": "info"}
WIDTH, STEP, HEIGHT = 3, 4, 34


@register.filter
def duration(value: timedelta | None) -> str:
    """A length of time in two units at most: "3 h 36 min", "45 s"."""
    if value is None:
        return "—"
    seconds = max(0, round(value.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    values = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
    if days:
        return (_("%(days)s d %(hours)s h") if hours else _("%(days)s d")) % values
    if hours:
        return (_("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h")) % values
    return (_("%(minutes)s min") if minutes else _("%(seconds)s s")) % values


@register.filter
def overall_words(state: str) -> str:
    """The overall state, in words."""
    return state_words(state)


@register.filter
def component_name(key: str) -> str:
    """The name of a component."""
    return str(Component(key).label)


@register.filter
def state_tone(state: str) -> str:
    """The tone of a pill for a state."""
    return TONES.get(state, "neutral")


@register.filter
def severity_tone(severity: str) -> str:
    """The tone of a pill for a severity."""
    return SEVERITIES.get(severity, "neutral")


@register.simple_tag
def uptime_bars(days: list[Day], label: str) -> SafeString:
    """Ninety bars, the oldest first; each says its day and its share when it is pointed at."""
    return format_html(
        '<svg class="uptime" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        len(days) * STEP - 1,
        HEIGHT,
        label,
        _bars(tuple(days), get_language()),
    )


@lru_cache(maxsize=64)  # most of a page, and the same one until its last day changes
def _bars(days: tuple[Day, ...], _language: str | None) -> SafeString:
    return format_html_join(
        "",
        '<rect class="uptime-{}" x="{}" width="{}" height="{}" rx="1"><title>{}</title></rect>',
        ((day.tone, rank * STEP, WIDTH, HEIGHT, day_words(day)) for rank, day in enumerate(days)),
    )


@register.filter
def day_words(day: Day) -> str:
    """One day in a sentence."""
    parts = [formats.date_format(day.day, "j F Y")]
    if day.share is None:
        parts.append(_("not measured"))
    else:
        parts.append(f"{formats.number_format(day.share, 2)} %")
        if day.down:
            parts.append(_("down for %(time)s") % {"time": duration(day.down)})
    if day.maintenance:
        parts.append(_("maintenance for %(time)s") % {"time": duration(day.maintenance)})
    return " · ".join(parts)


@register.filter
def notable(days: list[Day]) -> list[Day]:
    """The measured days with an interruption or maintenance, newest first."""
    return [day for day in reversed(days) if day.down or day.maintenance]


@register.filter
def unmeasured(days: list[Day]) -> int:
    """How many days hold no measurement."""
    return sum(1 for day in days if day.share is None)


@register.simple_tag
def site_address() -> str:
    """The address of the site: the status page may have a host of its own."""
    return str(settings.BASE_URL)


@register.simple_tag(takes_context=True)
def service_notices(context: dict[str, Any]) -> list[ShownNotice]:
    """What the status page tells inside the application, but what this browser has put away."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    workshop = getattr(request, "workshop", None)
    return notices_for(workshop_id=workshop.pk if workshop else None, hidden=request.COOKIES.get("hidden_notices", ""))
