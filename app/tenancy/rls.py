"""Row security, grants and composite foreign keys, derived from the models after each migrate.

A table that this module has not seen has no grant at all: it fails closed. Every statement can be run again.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from .base import TenantModel
from .models import Workshop
from .scope import APP_ROLE, PLATFORM_ROLE

IN_SCOPE = "NULLIF(current_setting('app.workshop_id', true), '')::bigint"
ALL_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"


def protect_tables(connection: BaseDatabaseWrapper) -> None:
    """Grant and protect every table of every installed model; runs as the owner of the schema."""
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for statement in _statements(existing):
            cursor.execute(statement)


def tenant_models() -> list[type[TenantModel]]:
    """Every concrete model whose rows belong to one workshop."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def tenant_foreign_keys(model: type[TenantModel]) -> list["models.ForeignKey[models.Model, models.Model]"]:
    """The foreign keys of a tenant model that point at another tenant row."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and issubclass(field.related_model, TenantModel)
    ]


def _statements(existing: set[str]) -> Iterator[str]:
    yield f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}, {PLATFORM_ROLE}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}, {PLATFORM_ROLE}"
    tenant = [model for model in tenant_models() if model._meta.db_table in existing]
    protected = {Workshop._meta.db_table} | {model._meta.db_table for model in tenant}
    shared = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    for table in sorted(existing - protected):
        model = shared.get(table)
        app_rights = getattr(model, "app_rights", ALL_RIGHTS)
        yield from _grants(table, app_rights, getattr(model, "platform_rights", ALL_RIGHTS))
    yield from _protection(Workshop._meta.db_table, "id")
    yield from _grants(Workshop._meta.db_table, ALL_RIGHTS)
    for model in tenant:
        yield from _protection(model._meta.db_table, "workshop_id")
        yield from _grants(model._meta.db_table, model.app_rights)
        yield from _composite_target(model._meta.db_table)
    for model in tenant:
        for field in tenant_foreign_keys(model):
            yield _composite_key(model._meta.db_table, field)


def _grants(table: str, app_rights: str, platform_rights: str = ALL_RIGHTS) -> Iterator[str]:
    yield f'REVOKE ALL ON "{table}" FROM {APP_ROLE}, {PLATFORM_ROLE}'
    yield f'GRANT {app_rights} ON "{table}" TO {APP_ROLE}'
    yield f'GRANT {platform_rights} ON "{table}" TO {PLATFORM_ROLE}'


def _protection(table: str, column: str) -> Iterator[str]:
    """Two policies to two roles rather than one with OR: an OR would keep PostgreSQL from the index."""
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    for name, role, test in (
        ("workshop_rows", APP_ROLE, f"{column} = {IN_SCOPE}"),
        ("platform_rows", PLATFORM_ROLE, "true"),
    ):
        yield f'DROP POLICY IF EXISTS {name} ON "{table}"'
        yield f'CREATE POLICY {name} ON "{table}" TO {role} USING ({test}) WITH CHECK ({test})'


def _composite_target(table: str) -> Iterator[str]:
    yield f'CREATE UNIQUE INDEX IF NOT EXISTS "{table}_workshop_row" ON "{table}" (workshop_id, id)'


def _composite_key(table: str, field: "models.ForeignKey[models.Model, models.Model]") -> str:
    """Row security does not check foreign keys: this key refuses a row that points into another workshop."""
    target = field.related_model._meta.db_table
    name = f"{table}_{field.column}_in_workshop"[:63]
    return (  # names of models, never of users
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint "
        f"WHERE conname = '{name}' AND conrelid = '\"{table}\"'::regclass) THEN "
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (workshop_id, "{field.column}") '
        f'REFERENCES "{target}" (workshop_id, id) DEFERRABLE INITIALLY DEFERRED; END IF; END $$'
    )
