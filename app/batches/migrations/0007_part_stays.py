"""A part that a batch holds does not go to another project, which may be of another site: no statement mixes sites."""

from django.db import migrations

STAYS = """
CREATE TRIGGER batches_keep_part_in_project BEFORE UPDATE OF project_id ON projects_part
FOR EACH ROW WHEN (OLD.project_id IS DISTINCT FROM NEW.project_id) EXECUTE FUNCTION batches_keep_part();
"""
UNDO = "DROP TRIGGER batches_keep_part_in_project ON projects_part;"


class Migration(migrations.Migration):
    dependencies = [("batches", "0006_work_changes")]
    operations = [migrations.RunSQL(STAYS, UNDO)]
