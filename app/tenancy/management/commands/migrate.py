"""Django's migrate, as the role that owns the schema; then every table is protected."""

from typing import Any

from django.apps import apps
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from app.tenancy.owner import as_owner
from app.tenancy.rls import protect_tables

#: Apps of others whose hundreds of operations end, on an empty database, in what their models say and carry no data:
#: dj-stripe's sixty tables took a minute of processor. (The ids of three are integers so, and bigints otherwise.)
MADE_AT_ONCE = ("djstripe",)


class Command(DjangoMigrate):
    """Migrate as the owner of the schema, then grant and protect every table."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        with as_owner(connection):
            if not (options["app_label"] or options["plan"] or options["check_unapplied"]):
                _migrate_app_by_app(connection)
            super().handle(*args, **options)
            protect_tables(connection)


def _migrate_app_by_app(connection: BaseDatabaseWrapper) -> None:
    """Give a new database every migration, each app's beside nothing but what its migrations depend on.

    Django keeps one state of all models, and an operation renders again every model that it can be reached from: three
    hundred by way of the workshop or the user. With its ancestors only a migration finds a third of them at most, which
    takes a quarter of the time; one that needs more has forgotten a dependency and fails here.
    """
    executor = MigrationExecutor(connection)
    loader = executor.loader
    loader.check_consistent_history(connection)
    if loader.detect_conflicts() or loader.applied_migrations:
        return
    for leaf in loader.graph.leaf_nodes():
        if leaf[0] not in MADE_AT_ONCE:
            executor.migrate([leaf], state=_state_of_ancestors(loader, leaf))
            loader.applied_migrations.update(executor.recorder.applied_migrations())  # type: ignore[arg-type]
    for label in MADE_AT_ONCE:
        _make_at_once(executor, label)


def _make_at_once(executor: MigrationExecutor, label: str) -> None:
    """Create the tables of an app as its models are now and note its migrations as applied."""
    with executor.connection.schema_editor() as editor:
        for model in apps.get_app_config(label).get_models():
            if model._meta.managed:
                editor.create_model(model)
    for node in executor.loader.graph.nodes:
        if node[0] == label:
            executor.recorder.record_applied(*node)


class SparingState(ProjectState):
    """Django's, but for an index or a constraint that is added: it concerns one table, and no class is made anew.

    Django makes the model again with all that it refers to and that refers to it: a fifth of all that migrating takes.
    """

    def _append_option(self, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        options = self.models[app_label, model_name].options
        options[option_name] = [*options[option_name], obj]
        if "apps" in self.__dict__:  # made when it is first asked for
            setattr(self.apps.get_model(app_label, model_name)._meta, option_name, options[option_name])


def _state_of_ancestors(loader: MigrationLoader, leaf: tuple[str, str]) -> ProjectState:
    """The models as the applied migrations that this one depends on leave them."""
    state = SparingState(real_apps=loader.unmigrated_apps)
    for node in loader.graph.forwards_plan(leaf):
        if node in loader.applied_migrations:
            loader.graph.nodes[node].mutate_state(state, preserve=False)
    return state
