"""Migrations can be undone, and one never adds and removes at once: the old code still runs while the new one arrives."""

import pytest
from django.apps import apps
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddField,
    AddIndex,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
)

OURS = {config.label for config in apps.get_app_configs() if ".venv" not in config.path}
LOADER = MigrationLoader(None, ignore_no_migrations=True)
MIGRATIONS = {f"{label}.{name}": found for (label, name), found in LOADER.disk_migrations.items() if label in OURS}
ADDS = (CreateModel, AddField, AddIndex)
REMOVES = (DeleteModel, RemoveField, RenameField, RenameModel)

each_migration = pytest.mark.parametrize("migration", MIGRATIONS.values(), ids=MIGRATIONS)


def test_the_migrations_of_the_product_are_found() -> None:
    assert {"crm.0001_initial", "quotes.0001_initial", "tenancy.0001_initial"} <= set(MIGRATIONS)


@pytest.mark.spec("OPS-08")
@each_migration
def test_each_step_can_be_undone(migration: Migration) -> None:
    assert [str(operation) for operation in migration.operations if not operation.reversible] == []


@pytest.mark.spec("OPS-09")
@each_migration
def test_what_is_added_and_what_is_removed_are_two_releases(migration: Migration) -> None:
    adds = any(isinstance(operation, ADDS) for operation in migration.operations)
    removes = any(isinstance(operation, REMOVES) for operation in migration.operations)
    assert not (adds and removes)
