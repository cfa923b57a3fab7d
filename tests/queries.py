"""Counting what a page asks of the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def at_most(most: int) -> Iterator[None]:
    """Fail when more statements are run, the scope's settings and the test's own savepoints left aside."""
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [
        query["sql"] for query in captured if "SAVEPOINT" not in query["sql"] and "set_config(" not in query["sql"]
    ]
    assert len(asked) <= most, "\n".join([f"{len(asked)} statements, {most} allowed:", *asked])
