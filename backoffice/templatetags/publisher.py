"""Values of the backoffice in words."""

from django import template
from django.utils.safestring import SafeString

from app.billing.constants import AccessState, ExitReason
from app.billing.models import OveragePrice
from app.billing.usage_words import per_words, quantity_words
from app.entitlements.constants import Dimension
from app.kernel.templatetags.quick import pill

register = template.Library()
TONES = {
    AccessState.TRIAL: "ember",
    AccessState.ACTIVE: "ok",
    AccessState.UNPAID: "warn",
    AccessState.LIMITED: "warn",
    AccessState.SUSPENDED: "bad",
}


@register.filter
def storage(size: int | None) -> str:
    """Bytes as gigabytes; `unlimited` for None."""
    return quantity_words(Dimension.STORAGE, size)


@register.filter
def quantity(value: int | None, dimension: str) -> str:
    """So much of a dimension, in its own unit."""
    return quantity_words(dimension, value)


@register.filter
def overage(price: OveragePrice) -> str:
    """The price of going over, in words."""
    return per_words(price)


@register.filter
def dimension_label(dimension: str) -> str:
    return str(Dimension(dimension).label)


@register.filter
def share(used: int, limit: int | None) -> int | None:
    """Whole percent of a limit; None when there is none."""
    if limit is None:
        return None
    return used * 100 // limit if limit else 100


@register.filter
def access_pill(state: str) -> SafeString:
    """The state of a workshop, with its colour."""
    known = AccessState(state or AccessState.READ_ONLY)
    return pill(TONES.get(known, "neutral"), known.label)


@register.filter
def exit_reason(reason: str) -> str:
    """Why a workshop leaves, in words."""
    return str(dict(ExitReason.choices).get(reason, reason))
