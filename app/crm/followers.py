"""What carries a customer's name among its search words, told by the apps above: their quotes, their projects.

An app that has some says so in its AppConfig: `customer_words = "app.quotes.services.indexing.index_quotes_of"`, a
function that takes keys of customers and writes the words of their rows anew. Doing it twice changes nothing.
"""

from collections.abc import Callable, Collection

from django.apps import apps
from django.utils.module_loading import import_string

Follower = Callable[[Collection[int]], None]


def follow_names(customer_pks: Collection[int]) -> None:
    """Bring the words of all that refers to these customers up to date, in the transaction that changed the names."""
    if customer_pks:
        for follow in _followers():
            follow(customer_pks)


def _followers() -> list[Follower]:
    paths = [getattr(config, "customer_words", "") for config in apps.get_app_configs()]
    return [import_string(path) for path in paths if path]
