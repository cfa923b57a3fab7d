"""A note of a change says whose work it is about, so that what is worked out for each powder outlives the others'.

A trigger names what its row names and looks nothing up: whoever reads the notes finds the powders, so that a part that
changes powder meanwhile is in no answer of before.
"""

from django.db import migrations, models

#: Notes that do not say what they are about; what was kept under them is under other keys.
EMPTY = "TRUNCATE projects_workchange"
#: Tables of higher floors name a part.
NOTE = """
CREATE OR REPLACE FUNCTION projects_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject_of text := 'project';
    subjects bigint[];
BEGIN
    IF TG_TABLE_NAME = 'projects_part' THEN
        subject_of := 'powder';
        subjects := ARRAY[OLD.powder_id, NEW.powder_id];
    ELSIF TG_TABLE_NAME = 'powders_powder' THEN
        subject_of := 'powder';
        subjects := ARRAY[NEW.id];
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
    INSERT INTO projects_workchange (id, workshop_id, what, about, subject_pk, mark)
    SELECT gen_random_uuid(), NEW.workshop_id, TG_ARGV[0], subject_of, subject, uuid_hash_extended(gen_random_uuid(), 0)
    FROM (SELECT DISTINCT unnest(subjects) AS subject) AS touched WHERE subject IS NOT NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION projects_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'projects_part' THEN
        INSERT INTO projects_workchange (id, workshop_id, what, about, subject_pk, mark)
        SELECT gen_random_uuid(), workshop_id, 'work', 'powder', powder_id, uuid_hash_extended(gen_random_uuid(), 0)
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
#: As 0018 made them.
BEFORE = """
CREATE OR REPLACE FUNCTION projects_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projects_workchange (id, workshop_id, what) VALUES (gen_random_uuid(), NEW.workshop_id, TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION projects_note_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projects_workchange (id, workshop_id, what)
    SELECT gen_random_uuid(), workshop_id, 'work' FROM changed GROUP BY workshop_id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0022_running_in_order")]

    operations = [
        migrations.RunSQL(EMPTY, reverse_sql=BEFORE),
        migrations.AddField(
            model_name="workchange",
            name="about",
            field=models.CharField(
                choices=[("powder", "Powder"), ("part", "Part"), ("project", "Project"), ("quote", "Quote")],
                default="powder",
                max_length=7,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="workchange", name="subject_pk", field=models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(
            model_name="workchange", name="mark", field=models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.RunSQL(NOTE, reverse_sql=migrations.RunSQL.noop),
    ]
