"""Addresses of a workshop's pages."""

import re
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse

from .models import Workshop

SLUG_MARK = "slug-mark"
KEY_MARK = 7_000_000_001
NUMBERS = re.compile(r"[0-9]+(-[0-9]+)*")


def workshop_url(workshop: Workshop, name: str, **kwargs: Any) -> str:
    """The path of the page `name` of this workshop."""
    return path_in(workshop.slug, name, **kwargs)


def path_in(slug: str, name: str, **kwargs: Any) -> str:
    """The path of a page of the workshop at this address."""
    if all(_is_number(key) for key in kwargs.values()):
        return _shape(name, tuple(kwargs)).format(slug, *kwargs.values())
    return reverse(name, kwargs={"workshop_slug": slug, **kwargs})


def _is_number(key: Any) -> bool:
    """Whether a key is written in figures: a number, or several with dashes between them."""
    return key >= 0 if type(key) is int else isinstance(key, str) and bool(NUMBERS.fullmatch(key))


@lru_cache(maxsize=1024)
def _shape(name: str, keys: tuple[str, ...]) -> str:
    """The path of a page with holes for the slug and for the keys of objects: a list writes it for each row."""
    marks = {key: KEY_MARK + rank for rank, key in enumerate(keys)}
    shape = reverse(name, kwargs={"workshop_slug": SLUG_MARK, **marks}).replace(SLUG_MARK, "{0}")
    for rank, key in enumerate(keys, start=1):
        shape = shape.replace(str(marks[key]), f"{{{rank}}}")
    return shape


def absolute_url(path: str) -> str:
    """The whole address of a path, for mails and documents."""
    return f"{settings.BASE_URL}{path}"
