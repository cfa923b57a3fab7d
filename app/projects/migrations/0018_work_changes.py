"""What changes the work that waits leaves a note, so that what was worked out from it is known to be of before."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

#: As every table is protected after each migrate; this one before its triggers, which write for who works meanwhile.
PROTECT = """
ALTER TABLE projects_workchange ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY workshop_rows ON projects_workchange TO thermo_app
USING (workshop_id = NULLIF(current_setting('app.workshop_id', true), '')::bigint)
WITH CHECK (workshop_id = NULLIF(current_setting('app.workshop_id', true), '')::bigint);
CREATE POLICY platform_rows ON projects_workchange TO thermo_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON projects_workchange TO thermo_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON projects_workchange TO thermo_platform;
"""
NOTE = """
CREATE FUNCTION projects_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projects_workchange (id, workshop_id, what) VALUES (gen_random_uuid(), NEW.workshop_id, TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE FUNCTION projects_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projects_workchange (id, workshop_id, what)
    SELECT gen_random_uuid(), workshop_id, 'work' FROM changed GROUP BY workshop_id;
    RETURN NULL;
END $$;
"""
#: Whose rows make the work that waits: what counts of one that changes (of a project, whether it runs and not how), and
#: whether one that comes or goes does.
WATCHED = {
    "projects_project": (("site_id", "status IN ('open', 'in_progress')", "laying", "promised_on", "quote_id"), False),
    "projects_part": (
        ("project_id", "powder_id", "coats", "primer", "varnish", "curing_celsius", "curing_minutes", "surface_m2",
         "quantity"), True,
    ),
    "projects_step": (("project_id", "name", "lays_powder", "done_at"), True),
    "projects_nonconformity": (("project_id", "part_id", "lays_powder", "declared_at"), True),
    "powders_powder": (
        ("reference", "type", "finish", "search_key", "curing_temperature_c", "curing_minutes", "consumption_g_per_m2",
         "density", "thickness_um"), False,
    ),
    "quotes_quote": (("transfer_loss_percent",), False),
}  # fmt: skip
#: Steps that lay no powder change it through their project alone.
ONLY = {"projects_step": "(OLD.lays_powder OR NEW.lays_powder) AND "}


def changed(table: str, columns: tuple[str, ...], what: str = "work") -> str:
    """A note for each row of the table in which one of the columns changes."""
    before, after = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return (
        f"CREATE TRIGGER {what}_changes AFTER UPDATE ON {table} FOR EACH ROW "
        f"WHEN ({ONLY.get(table, '')}({before}) IS DISTINCT FROM ({after})) "
        f"EXECUTE FUNCTION projects_note_change('{what}');"
    )


def came_or_went(table: str) -> str:
    """A note for each statement that adds rows to the table or removes some."""
    return "".join(
        f"CREATE TRIGGER work_{name} AFTER {act} ON {table} REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT "
        "EXECUTE FUNCTION projects_note_changes();"
        for name, act, rows in (("comes", "INSERT", "NEW"), ("goes", "DELETE", "OLD"))
    )


KEEP = (
    NOTE
    + "".join(
        changed(table, columns) + (came_or_went(table) if coming else "")
        for table, (columns, coming) in WATCHED.items()
    )
    + changed("projects_project", ("current_step",), "step")
)
UNDO = (
    "DROP TRIGGER step_changes ON projects_project;"
    + "".join(
        f"DROP TRIGGER work_changes ON {table};"
        + (f"DROP TRIGGER work_comes ON {table}; DROP TRIGGER work_goes ON {table};" if coming else "")
        for table, (_columns, coming) in WATCHED.items()
    )
    + "DROP FUNCTION projects_note_changes(); DROP FUNCTION projects_note_change();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("powders", "0003_imported_by_person"),
        ("projects", "0017_powder_to_lay"),
        ("quotes", "0002_withdrawal"),
        ("tenancy", "0006_sites"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "what",
                    models.CharField(choices=[("work", "Work"), ("step", "Step")], default="work", max_length=4),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.workshop"
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.RunSQL(PROTECT, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, reverse_sql=UNDO),
    ]
