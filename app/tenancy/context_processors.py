from typing import Any

from django.http import HttpRequest


def workshop(request: HttpRequest) -> dict[str, Any]:
    """`workshop` and `membership` in every template of a product or portal page."""
    return {
        "workshop": getattr(request, "workshop", None),
        "membership": getattr(request, "membership", None),
    }
