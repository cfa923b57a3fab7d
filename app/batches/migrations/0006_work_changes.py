"""A part that enters or leaves a batch, and powder that is posted, change the work that waits (projects 0018)."""

from django.db import migrations

TABLES = ("batches_batchitem", "batches_powdershare")
ACTS = (("comes", "INSERT", "NEW"), ("changes", "UPDATE", "NEW"), ("goes", "DELETE", "OLD"))
KEEP = "".join(
    f"CREATE TRIGGER work_{name} AFTER {act} ON {table} REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT "
    "EXECUTE FUNCTION projects_note_changes();"
    for table in TABLES
    for name, act, rows in ACTS
)
UNDO = "".join(f"DROP TRIGGER work_{name} ON {table};" for table in TABLES for name, _act, _rows in ACTS)


class Migration(migrations.Migration):
    dependencies = [("batches", "0005_plan_found"), ("projects", "0018_work_changes")]

    operations = [migrations.RunSQL(KEEP, reverse_sql=UNDO)]
