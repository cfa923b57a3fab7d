"""Rows held until the end of the transaction, in one order."""

from collections.abc import Iterable

from .models import Customer


def lock_customers(pks: Iterable[int]) -> list[Customer]:
    """These customers, locked by increasing key; Customer.DoesNotExist when one is not in this workshop."""
    wanted = set(pks)
    rows = list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    if len(rows) < len(wanted):
        raise Customer.DoesNotExist
    return rows
