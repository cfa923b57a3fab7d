"""Reads of customers; every queryset wants a workshop's scope."""

from .models import Customer


def find_customer(customer_pk: str) -> Customer | None:
    """The customer of a key as an address writes it; None for anything else."""
    return Customer.objects.filter(pk=int(customer_pk)).first() if customer_pk.isdecimal() else None


def find_by_email(email: str) -> Customer | None:
    """The latest customer with this address, or None."""
    key = email.strip().lower()
    return Customer.objects.filter(email_key=key, erased_at=None).order_by("-pk").first() if key else None
