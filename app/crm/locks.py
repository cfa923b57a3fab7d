"""Rows held until the end of the transaction, in one order."""

from collections.abc import Iterable

from .models import Customer


def hold_customers(pks: Iterable[int]) -> None:
    """Keep these customers as they are, by increasing key; what was removed meanwhile is passed over.

    Quotes and projects of theirs can still be made.
    """
    list(Customer.objects.select_for_update(no_key=True).filter(pk__in=set(pks)).order_by("pk").values_list("pk"))


def lock_customers(pks: Iterable[int]) -> list[Customer]:
    """These customers, locked by increasing key; Customer.DoesNotExist when one is not in this workshop."""
    wanted = set(pks)
    rows = list(Customer.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    if len(rows) < len(wanted):
        raise Customer.DoesNotExist
    return rows
