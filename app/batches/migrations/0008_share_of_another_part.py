"""Powder that is posted for another part changes the work of both: its note says so (projects 0023).

An item of a batch never moves (0001); its statements keep the trigger of 0006.
"""

from django.db import migrations

ROWS = """
DROP TRIGGER work_changes ON batches_powdershare;
CREATE TRIGGER work_changes AFTER UPDATE ON batches_powdershare FOR EACH ROW
EXECUTE FUNCTION projects_note_change('work');
"""
STATEMENTS = """
DROP TRIGGER work_changes ON batches_powdershare;
CREATE TRIGGER work_changes AFTER UPDATE ON batches_powdershare REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
EXECUTE FUNCTION projects_note_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("batches", "0007_part_stays"), ("projects", "0023_whose_work_changes")]

    operations = [migrations.RunSQL(ROWS, reverse_sql=STATEMENTS)]
