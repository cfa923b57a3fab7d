"""The state of a batch as its pill says it."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from app.kernel.templatetags.quick import pill

from ..constants import BatchState
from ..models import Batch

register = template.Library()

TONES = {
    BatchState.OPEN: "info",
    BatchState.LAUNCHED: "ember",
    BatchState.CLOSED: "ok",
    BatchState.CANCELLED: "neutral",
}


@register.simple_tag
def batch_pill(batch: Batch) -> SafeString:
    """Open, launched, closed or cancelled: {% batch_pill batch %}."""
    state = BatchState(batch.state)
    return pill(TONES[state], str(state.label))


@register.filter
def of_key(values: Mapping[Any, Any], key: Any) -> Any:
    """The value of a key that is only known here, or None: {{ changes|of_key:load.pk }}."""
    return values.get(key)
