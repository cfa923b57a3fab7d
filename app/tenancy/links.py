"""Addresses of a workshop's pages."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from .models import Workshop


def workshop_url(workshop: Workshop, name: str, **kwargs: Any) -> str:
    """The path of the page `name` of this workshop."""
    return reverse(name, kwargs={"workshop_slug": workshop.slug, **kwargs})


def absolute_url(path: str) -> str:
    """The whole address of a path, for mails and documents."""
    return f"{settings.BASE_URL}{path}"
