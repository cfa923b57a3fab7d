"""Reasons to keep a customer, told by the apps above: an open project, a quote that can still be signed.

An app that has one says so in its AppConfig: `customer_guard = "app.quotes.guards.why_keep"`, a function that takes
the customer and returns the translated reason, or None.
"""

from collections.abc import Callable

from django.apps import apps
from django.utils.module_loading import import_string

from app.kernel.errors import RuleError

from .models import Customer

Guard = Callable[[Customer], str | None]


def require_free(customer: Customer) -> None:
    """RuleError with every reason why this customer must be kept."""
    answers = [guard(customer) for guard in _guards()]
    if reasons := [reason for reason in answers if reason]:
        raise RuleError(" ".join(reasons))


def _guards() -> list[Guard]:
    paths = [getattr(config, "customer_guard", "") for config in apps.get_app_configs()]
    return [import_string(path) for path in paths if path]
