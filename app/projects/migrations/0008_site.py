"""Each project gets a site: the main one of its workshop, which is made for those that have projects."""

import django.db.models.deletion
from django.db import migrations, models

#: The owner of the schema is under row security too: it is lifted while the rows change, and `migrate` puts it back.
FILL = """
ALTER TABLE projects_project NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenancy_workshop NO FORCE ROW LEVEL SECURITY;
ALTER TABLE tenancy_site NO FORCE ROW LEVEL SECURITY;
INSERT INTO tenancy_site (workshop_id, name, is_main)
  SELECT id, COALESCE(NULLIF(city, ''), name), TRUE FROM tenancy_workshop w
  WHERE EXISTS (SELECT 1 FROM projects_project p WHERE p.workshop_id = w.id)
  ON CONFLICT DO NOTHING;
UPDATE projects_project SET site_id = tenancy_site.id
  FROM tenancy_site WHERE tenancy_site.workshop_id = projects_project.workshop_id AND tenancy_site.is_main;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE projects_project FORCE ROW LEVEL SECURITY;
ALTER TABLE tenancy_workshop FORCE ROW LEVEL SECURITY;
ALTER TABLE tenancy_site FORCE ROW LEVEL SECURITY;
"""


def _key(*, null: bool) -> models.Field:
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="tenancy.site",
        verbose_name="site",
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_photo_rules"), ("tenancy", "0006_sites")]

    operations = [
        migrations.AddField(model_name="project", name="site", field=_key(null=True)),
        migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop),
        migrations.AlterField(model_name="project", name="site", field=_key(null=False)),
    ]
