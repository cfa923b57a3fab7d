"""A note says whether a powder may be named no more, or be called otherwise, so that a part that comes leaves the powders
of a filter as they are kept: whoever reads them looks whether its powder is among them."""

from importlib import import_module

from django.db import migrations, models

NOTE = """
CREATE OR REPLACE FUNCTION projects_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject_of text := 'project';
    subjects bigint[];
    names boolean := false;
BEGIN
    IF TG_TABLE_NAME = 'projects_part' THEN
        subject_of := 'powder';
        subjects := ARRAY[OLD.powder_id, NEW.powder_id];
        names := OLD.powder_id IS DISTINCT FROM NEW.powder_id;
    ELSIF TG_TABLE_NAME = 'powders_powder' THEN
        subject_of := 'powder';
        subjects := ARRAY[NEW.id];
        names := true;
    ELSIF TG_TABLE_NAME = 'quotes_quote' THEN
        subject_of := 'quote';
        subjects := ARRAY[NEW.id];
    ELSIF TG_TABLE_NAME = 'projects_project' THEN
        subjects := ARRAY[NEW.id];
    ELSIF TG_TABLE_NAME IN ('projects_step', 'projects_nonconformity') THEN
        subjects := ARRAY[OLD.project_id, NEW.project_id];
    ELSE
        subject_of := 'part';
        subjects := ARRAY[OLD.part_id, NEW.part_id];
    END IF;
    INSERT INTO projects_workchange (id, workshop_id, what, about, subject_pk, mark, of_names)
    SELECT gen_random_uuid(), NEW.workshop_id, TG_ARGV[0], subject_of, subject,
        uuid_hash_extended(gen_random_uuid(), 0), names
    FROM (SELECT DISTINCT unnest(subjects) AS subject) AS touched WHERE subject IS NOT NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION projects_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'projects_part' THEN
        INSERT INTO projects_workchange (id, workshop_id, what, about, subject_pk, mark, of_names)
        SELECT gen_random_uuid(), workshop_id, 'work', 'powder', powder_id, uuid_hash_extended(gen_random_uuid(), 0),
            TG_OP = 'DELETE'
        FROM (SELECT DISTINCT workshop_id, powder_id FROM changed) AS touched WHERE powder_id IS NOT NULL;
    ELSIF TG_TABLE_NAME IN ('projects_step', 'projects_nonconformity') THEN
        INSERT INTO projects_workchange (id, workshop_id, what, about, subject_pk, mark)
        SELECT gen_random_uuid(), workshop_id, 'work', 'project', project_id, uuid_hash_extended(gen_random_uuid(), 0)
        FROM (SELECT DISTINCT workshop_id, project_id FROM changed) AS touched;
    ELSE
        INSERT INTO projects_workchange (id, workshop_id, what, about, subject_pk, mark)
        SELECT gen_random_uuid(), workshop_id, 'work', 'part', part_id, uuid_hash_extended(gen_random_uuid(), 0)
        FROM (SELECT DISTINCT workshop_id, part_id FROM changed) AS touched;
    END IF;
    RETURN NULL;
END $$;
"""
#: As 0023 made them.
BEFORE = import_module("app.projects.migrations.0023_whose_work_changes").NOTE


class Migration(migrations.Migration):
    dependencies = [("projects", "0023_whose_work_changes")]

    operations = [
        migrations.AddField(  # notes of before do not say it: they may
            model_name="workchange", name="of_names", field=models.BooleanField(default=True), preserve_default=False
        ),
        migrations.AlterField(
            model_name="workchange", name="of_names", field=models.BooleanField(db_default=False)
        ),
        migrations.RunSQL(NOTE, reverse_sql=BEFORE),
    ]
