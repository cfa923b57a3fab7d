"""Reads about people."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Count

from .models import User, WorkshopRequest


def get_person(user_pk: int) -> User:
    """One person, by key."""
    return User.objects.get(pk=user_pk)


def find_person(email: str) -> User | None:
    """The person who signs in with this address, their first one or another that they confirmed, or None."""
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return confirmed.user if confirmed else User.objects.filter(email__iexact=email).first()


def has_confirmed_address(user_pk: int) -> bool:
    """Whether one address of this person is confirmed."""
    return bool(EmailAddress.objects.filter(user_id=user_pk, verified=True).exists())


def hold_person(user_pk: int) -> User:
    """One person, held until the end of the transaction."""
    return User.objects.select_for_update().get(pk=user_pk)


def find_workshop_request(user_pk: int) -> WorkshopRequest | None:
    """The workshop that this person asked for, open or not, or None."""
    return WorkshopRequest.objects.filter(user_id=user_pk).first()


def find_waiting_request(user_pk: int) -> WorkshopRequest | None:
    """The workshop that this person asked for and that is not open yet."""
    return WorkshopRequest.objects.filter(user_id=user_pk, opened_at=None).first()


def count_campaign_sign_ups(since: datetime) -> dict[str, int]:
    """How many people signed up since then, by the campaign that brought them."""
    asked = WorkshopRequest.objects.filter(user__date_joined__gte=since).exclude(campaign="")
    return dict(asked.values("campaign").annotate(total=Count("pk")).values_list("campaign", "total"))
