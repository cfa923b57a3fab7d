"""Rows that the product's own commands load once, and that each test which commits gets back in an instant.

Loading the site takes seven seconds of processor; copying what it wrote takes a tenth of one. So one process loads it
for all of them, and for the next runs as long as nothing that could change it has changed.
"""

import hashlib
import pickle
from datetime import date

import psycopg
from django.conf import settings
from django.core.management import call_command
from psycopg import sql

from devtools.locks import exclusive
from devtools.preparation import fingerprint
from devtools.testing import TOPS, folder, migrations_fingerprint
from tests.emptying import empty, filled_tables

Rows = dict[str, bytes]
#: What `make run` loads into a new database; none of it writes a file.
LOADED = ("load_catalogue", "load_plans", "load_site")
#: All that the rows could come from; what is said of today's date is added to it.
SOURCES = (*(f"{top}/**/*" for top in TOPS), "templates/**/*", "locale/*/LC_MESSAGES/*.po", "tests/kept_rows.py")


def loaded_rows(new: Rows) -> Rows:
    """The rows of a database into which `make run` has loaded the colour chart, the plans and the site.

    `new` are those of a database that was only migrated, which this one holds again afterwards when they had to be
    loaded. Its sequences stand behind the keys of the rows.
    """
    version = f"{migrations_fingerprint()} {fingerprint(SOURCES)} {date.today()}"  # noqa: DTZ011  texts say the local day
    kept = folder() / f"rows-{hashlib.sha256(version.encode()).hexdigest()[:16]}.pickle"
    with exclusive(folder() / "rows.lock"):
        if not kept.exists():
            for old in folder().glob("rows-*.pickle"):
                old.unlink()
            written = kept.with_suffix(".part")  # a run that is killed leaves no half of it
            written.write_bytes(pickle.dumps(_load(new)))
            written.rename(kept)
        rows, sequences = pickle.loads(kept.read_bytes())
    with psycopg.connect(settings.TEST_ADMIN_URL) as admin:
        for name, last in sequences.items():
            admin.execute("SELECT setval(%s, greatest(%s, nextval(%s)))", [name, last, name])
    return dict(rows)


def _load(new: Rows) -> tuple[Rows, dict[str, int]]:
    """The rows, and how far the sequence of each table has come."""
    put_instead(new)
    for command in LOADED:
        call_command(command, verbosity=0)
    with psycopg.connect(settings.TEST_ADMIN_URL) as admin:
        asked = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
        sequences = {str(name): int(last) for name, last in admin.execute(asked)}
    rows = rows_now()
    put_instead(new)
    return rows, sequences


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
