"""Each part says when its project was made, so that the first projects of a powder are read from one index."""

import django.db.models.functions.datetime
from django.db import migrations, models

#: The owner of the schema is under row security too: it is lifted while the rows change.
FILL = """
ALTER TABLE projects_project NO FORCE ROW LEVEL SECURITY;
ALTER TABLE projects_part NO FORCE ROW LEVEL SECURITY;
UPDATE projects_part AS part SET project_created_at = project.created_at
FROM projects_project AS project WHERE project.id = part.project_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE projects_project FORCE ROW LEVEL SECURITY;
ALTER TABLE projects_part FORCE ROW LEVEL SECURITY;
"""
#: Whatever a part is written with, it says what its project does; a project that is dated anew tells its parts.
KEEP = """
CREATE FUNCTION projects_date_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.project_created_at := coalesce(
        (SELECT created_at FROM projects_project WHERE id = NEW.project_id), NEW.project_created_at
    );
    RETURN NEW;
END $$;
CREATE TRIGGER projects_part_is_dated BEFORE INSERT OR UPDATE OF project_id, project_created_at ON projects_part
FOR EACH ROW EXECUTE FUNCTION projects_date_part();
CREATE FUNCTION projects_date_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE projects_part SET project_created_at = NEW.created_at
    WHERE workshop_id = NEW.workshop_id AND project_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER projects_parts_are_dated AFTER UPDATE OF created_at ON projects_project
FOR EACH ROW WHEN (OLD.created_at <> NEW.created_at) EXECUTE FUNCTION projects_date_parts();
"""
UNDO = """
DROP TRIGGER projects_parts_are_dated ON projects_project;
DROP FUNCTION projects_date_parts();
DROP TRIGGER projects_part_is_dated ON projects_part;
DROP FUNCTION projects_date_part();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0020_surface_not_negative")]

    operations = [
        migrations.AddField(
            model_name="part",
            name="project_created_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, reverse_sql=UNDO),
        migrations.RemoveIndex(model_name="part", name="projects_of_a_powder"),
        migrations.AddIndex(
            model_name="part",
            index=models.Index(
                fields=["workshop", "powder", "-project_created_at", "-project"], name="projects_of_powder_in_order"
            ),
        ),
    ]
