"""Each project says where it stands with its powder, so that what waits is found without reading every step ever done."""

from django.conf import settings
from django.db import migrations, models

STATE = """
CASE WHEN count(step.id) = 0 THEN ''
     WHEN count(step.done_at) = 0 THEN 'to_lay'
     WHEN count(step.done_at) < count(step.id) THEN 'again'
     ELSE 'laid' END
"""
#: The owner of the schema is under row security too: it is lifted while the rows change.
FILL = f"""
ALTER TABLE projects_project NO FORCE ROW LEVEL SECURITY;
ALTER TABLE projects_step NO FORCE ROW LEVEL SECURITY;
UPDATE projects_project AS project SET laying = found.laying FROM (
    SELECT step.project_id, {STATE} AS laying FROM projects_step AS step WHERE step.lays_powder GROUP BY step.project_id
) AS found WHERE project.id = found.project_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE projects_project FORCE ROW LEVEL SECURITY;
ALTER TABLE projects_step FORCE ROW LEVEL SECURITY;
"""
#: Nearly all that have powder to lay are running: left to think the two unrelated, the planner looks parts up one by one.
KNOW = "CREATE STATISTICS projects_running_by_laying (mcv) ON laying, status FROM projects_project"
#: The projects are held before their steps are counted: of two who change steps of one project, the second counts both.
KEEP = f"""
CREATE FUNCTION projects_tell_laying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM projects_project WHERE id IN (SELECT project_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE projects_project AS project SET laying = found.laying FROM (
        SELECT touched.project_id, {STATE} AS laying
        FROM (SELECT DISTINCT workshop_id, project_id FROM changed) AS touched
        LEFT JOIN projects_step AS step ON step.workshop_id = touched.workshop_id
            AND step.project_id = touched.project_id AND step.lays_powder
        GROUP BY touched.project_id
    ) AS found WHERE project.id = found.project_id AND project.laying <> found.laying;
    RETURN NULL;
END $$;
CREATE TRIGGER projects_laying_of_new AFTER INSERT ON projects_step
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_tell_laying();
CREATE TRIGGER projects_laying_of_changed AFTER UPDATE ON projects_step
REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_tell_laying();
CREATE TRIGGER projects_laying_of_gone AFTER DELETE ON projects_step
REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_tell_laying();
-- A project that was read before a step was done and is saved whole afterwards does not put the old word back.
CREATE FUNCTION projects_leave_laying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.laying := CASE WHEN TG_OP = 'UPDATE' THEN OLD.laying ELSE '' END;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_laying_begins BEFORE INSERT ON projects_project
FOR EACH ROW WHEN (NEW.laying <> '') EXECUTE FUNCTION projects_leave_laying();
CREATE TRIGGER projects_laying_stays BEFORE UPDATE OF laying ON projects_project
FOR EACH ROW WHEN (pg_trigger_depth() = 0 AND OLD.laying <> NEW.laying) EXECUTE FUNCTION projects_leave_laying();
"""
UNDO = """
DROP TRIGGER projects_laying_stays ON projects_project;
DROP TRIGGER projects_laying_begins ON projects_project;
DROP FUNCTION projects_leave_laying();
DROP TRIGGER projects_laying_of_gone ON projects_step;
DROP TRIGGER projects_laying_of_changed ON projects_step;
DROP TRIGGER projects_laying_of_new ON projects_step;
DROP FUNCTION projects_tell_laying();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0003_language"),
        ("projects", "0016_photo_too_large"),
        ("quotes", "0002_withdrawal"),
        ("tenancy", "0006_sites"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="laying",
            field=models.CharField(
                blank=True,
                choices=[("", "None"), ("to_lay", "To Lay"), ("again", "Again"), ("laid", "Laid")],
                default="",
                editable=False,
                max_length=6,
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(("status__in", ("open", "in_progress"))),
                fields=["workshop", "laying", "id"],
                name="projects_by_laying",
            ),
        ),
        migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(KNOW, reverse_sql="DROP STATISTICS projects_running_by_laying"),
        migrations.RunSQL(KEEP, reverse_sql=UNDO),
    ]
