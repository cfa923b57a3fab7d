"""Each part gets its number; those that exist, in the order in which they were made."""

from itertools import groupby

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from app.projects.codes import code_of

#: The owner of the schema is under row security too: it is lifted while the rows change, and `migrate` puts it back.
LIFT = "ALTER TABLE projects_part NO FORCE ROW LEVEL SECURITY"
PUT_BACK = "SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE projects_part FORCE ROW LEVEL SECURITY"


def number_parts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the parts of each workshop the numbers of their ranks, and start its series after them."""
    part_model, sequence_model = apps.get_model("projects", "Part"), apps.get_model("sequences", "Sequence")
    parts = part_model.objects.order_by("workshop_id", "pk").only("pk", "workshop_id")
    for workshop_id, of_workshop in groupby(parts.iterator(), key=lambda part: part.workshop_id):
        numbered = list(of_workshop)
        for rank, part in enumerate(numbered, start=1):
            part.code = code_of(rank)
        part_model.objects.bulk_update(numbered, ["code"], batch_size=1000)
        sequence_model.objects.update_or_create(name=f"part:{workshop_id}", defaults={"last": len(numbered)})


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("sequences", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="part",
            name="code",
            field=models.CharField(default="", max_length=11, verbose_name="part number"),
            preserve_default=False,
        ),
        migrations.RunSQL(LIFT, reverse_sql=migrations.RunSQL.noop),
        migrations.RunPython(number_parts, migrations.RunPython.noop),
        migrations.RunSQL(PUT_BACK, reverse_sql=migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="part",
            constraint=models.UniqueConstraint(fields=("workshop", "code"), name="part_code_used_once"),
        ),
    ]
