"""A new database: tables made at once are those that the migrations would have made."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.special import RunPython, RunSQL
from django.db.migrations.state import ProjectState

from app.tenancy.management.commands.migrate import MADE_AT_ONCE


@pytest.mark.django_db
@pytest.mark.parametrize("label", MADE_AT_ONCE)
def test_what_is_made_at_once_is_what_its_migrations_end_in(label: str) -> None:
    loader = MigrationLoader(connection)
    migrations = [migration for node, migration in loader.graph.nodes.items() if node[0] == label]
    assert migrations
    carried = [op for one in migrations for op in one.operations if isinstance(op, RunPython | RunSQL)]
    assert carried == [], "these would be skipped on a new database"
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    assert label not in detector.changes(graph=loader.graph)
    assert {node for node in loader.graph.nodes if node[0] == label} <= set(loader.applied_migrations)
    made = set(connection.introspection.table_names())
    assert {model._meta.db_table for model in apps.get_app_config(label).get_models()} <= made
