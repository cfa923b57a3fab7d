"""What carries a customer's name among its search words, told by the apps above: their quotes, their projects.

An app that has some says so in its AppConfig: `customer_words = "app.quotes.services.indexing.index_quotes_of"`, a
function that takes keys of customers and writes the words of their rows anew. Doing it twice changes nothing.
"""

from collections.abc import Callable, Collection

from django.apps import apps
from django.utils.module_loading import import_string

from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from .models import Customer

Follower = Callable[[Collection[int]], None]


def follow_names(customer_pks: Collection[int]) -> None:
    """Bring the words of all that refers to these customers up to date, in the transaction that changed the names."""
    if customer_pks:
        for follow in _followers():
            follow(customer_pks)


def erase_elsewhere(*, workshop: Workshop, actor: Actor, customer: Customer) -> None:
    """Have the apps above remove what is about the person and kept for no law, in the transaction of the erasure.

    They say who does it in their AppConfig: `customer_erasure = "app.projects.services.erasing.erase_work_of"`.
    """
    for erase in _named("customer_erasure"):
        erase(workshop=workshop, actor=actor, customer_pk=customer.pk)


def _followers() -> list[Follower]:
    return _named("customer_words")


def _named(attribute: str) -> list[Callable[..., None]]:
    paths = [getattr(config, attribute, "") for config in apps.get_app_configs()]
    return [import_string(path) for path in paths if path]
