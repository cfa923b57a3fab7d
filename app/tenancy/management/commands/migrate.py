from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from app.tenancy.owner import as_owner
from app.tenancy.rls import protect_tables


class Command(DjangoMigrate):
    """Migrate as the owner of the schema, then grant and protect every table."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with as_owner(connection):
            super().handle(*args, **options)
            protect_tables(connection)
