"""What django-axes counts failures by."""

from typing import Any

from django.http import HttpRequest


def username(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str | None:
    """The address that was tried: allauth names the field `login`, Django `username`."""
    data = credentials or getattr(request, "POST", None) or {}
    tried = data.get("login") or data.get("email") or data.get("username") or ""
    return tried.strip().lower() or None
