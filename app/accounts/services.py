"""What a person changes about their own account."""

from collections.abc import Iterable

from django.db import transaction

from .constants import Document, Theme
from .documents import keep_consents, versions_of_today
from .models import User, WorkshopRequest


def choose_theme(*, user_pk: int, theme: str) -> None:
    """Keep the theme; anything unknown means the device's own."""
    chosen = theme if theme in Theme.values else Theme.SYSTEM
    User.objects.filter(pk=user_pk).update(theme=chosen)


def keep_sign_up(
    *,
    user: User,
    workshop_name: str,
    phone: str,
    documents: Iterable[Document],
    ip: str | None,
    campaign: str = "",
) -> WorkshopRequest:
    """Keep the workshop that a person asks for and each consent, at the version in force.

    `phone` is E.164; `campaign` names the page of the site that brought them, when one did.
    """
    versions = versions_of_today([document.value for document in documents])
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(phone=phone)
        keep_consents(user_pk=user.pk, versions=versions, ip=ip)
        return WorkshopRequest.objects.create(user=user, workshop_name=workshop_name, phone=phone, campaign=campaign)


def save_profile(*, user: User) -> None:
    """Keep a person's name and preferences of screen."""
    user.save(update_fields=["first_name", "last_name", "phone", "language", "time_zone", "theme"])
