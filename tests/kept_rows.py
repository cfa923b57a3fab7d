"""Rows that the product's own commands load once, and that each test which commits gets back in an instant.

Loading the site takes seven seconds; copying what it wrote takes a tenth of one. The files that go with the rows stay
where they are for the whole run.
"""

from collections.abc import Sequence

import psycopg
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from tests.emptying import empty, filled_tables

Rows = dict[str, bytes]


def load_rows(commands: Sequence[str]) -> Rows:
    """What the database holds once these commands have been run; they stay."""
    for command in commands:
        call_command(command, verbosity=0)
    return rows_now()


def rows_now() -> Rows:
    """Every row that is committed, but those that are the same in every test."""
    with psycopg.connect(settings.TEST_ADMIN_URL) as admin:
        return {name: _copied_out(admin, name) for name in filled_tables(admin)}


def put_instead(rows: Rows) -> None:
    """Empty the database, then write these rows."""
    empty()
    give_back(rows)


def give_back(rows: Rows) -> None:
    """Write these rows again, under their keys: emptying a table does not turn its sequence back."""
    with psycopg.connect(settings.TEST_ADMIN_URL) as admin:
        admin.execute("SET LOCAL session_replication_role = replica")  # the order of the tables does not matter
        for name, content in rows.items():
            with admin.cursor().copy(
                sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(name))
            ) as copy:
                copy.write(content)


def _copied_out(admin: psycopg.Connection, name: str) -> bytes:
    with admin.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(name))) as copy:
        return b"".join(bytes(part) for part in copy)
