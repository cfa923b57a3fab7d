"""Emptying the database after a test that committed.

Django truncates every table and makes its permissions anew: seconds each time with some 270 tables. Deleting the rows
of the few tables that have any takes milliseconds. It is done as superuser with triggers off, for tables that the
product may only add to. Content types and permissions stay: they are the same in every test.
"""

import psycopg
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

KEPT = ("django_migrations", "django_content_type", "auth_permission")


def empty_quickly() -> None:
    """Make every test that commits tidy up this way."""
    setattr(TransactionTestCase, "_fixture_teardown", _empty)  # noqa: B010  a method that Django does not declare


def _empty(_test: TransactionTestCase) -> None:
    empty()


def empty() -> None:
    """Delete every row that is committed, but those that are the same in every test."""
    connections["default"].close()  # a transaction that a failed test left open would hold its rows
    with psycopg.connect(settings.TEST_ADMIN_URL) as admin:
        admin.execute("SET LOCAL lock_timeout = '30s'")  # a connection left behind is said, not waited for
        filled = filled_tables(admin)
        admin.execute("SET LOCAL session_replication_role = replica")
        for name in filled:
            admin.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))


def filled_tables(admin: psycopg.Connection) -> list[str]:
    """The tables that hold a row, but those that are kept.

    Only those whose file is not empty are asked: to know how to read all of them, a new connection needs 50 ms.
    """
    names = admin.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND relname <> ALL(%s) AND pg_relation_size(oid) > 0",
        [list(KEPT)],
    ).fetchall()
    if not names:
        return []
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("(SELECT {} WHERE EXISTS (SELECT FROM {}))").format(sql.Literal(name), sql.Identifier(name))
        for (name,) in names
    )
    return [name for (name,) in admin.execute(asked).fetchall()]
