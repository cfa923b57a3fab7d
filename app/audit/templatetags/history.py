"""A line of an object's history, drawn once for what it says: every page of an object has twenty."""

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from app.kernel.templatetags.quick import draw_kept, moment

from ..models import AuditEntry

register = template.Library()


@register.simple_tag
def history_line(entry: AuditEntry) -> SafeString:
    """What was done, when and by whom: {% history_line entry %}."""
    at = moment(timezone.localtime(entry.at))
    return draw_kept("audit/history_line.html", title=str(entry.label), at=at, who=entry.actor)
