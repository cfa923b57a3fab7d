"""Django's migrate, as the role that owns the schema; then every table is protected."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from app.tenancy.owner import as_owner
from app.tenancy.rls import protect_tables

#: Sixty models that point at the workshop: once they are in Django's migration state, each later migration of ours
#: renders them again. A new database gets everything else first, which takes half the time.
LAST = frozenset({"djstripe"})


class Command(DjangoMigrate):
    """Migrate as the owner of the schema, then grant and protect every table."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with as_owner(connection):
            if not (options["app_label"] or options["plan"] or options["check_unapplied"]):
                _migrate_all_but_the_last(connection)
            super().handle(*args, **options)
            protect_tables(connection)


def _migrate_all_but_the_last(connection: BaseDatabaseWrapper) -> None:
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    if not executor.loader.detect_conflicts() and not executor.loader.applied_migrations:
        executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] not in LAST])
