"""What is stored is counted with the other quotas, in one place: the figures move there."""

from django.db import migrations

#: The owner of the schema is under row security too: it is lifted while the rows move, and `migrate` puts it back.
MOVE = """
ALTER TABLE files_storageusage NO FORCE ROW LEVEL SECURITY;
ALTER TABLE entitlements_usage NO FORCE ROW LEVEL SECURITY;
INSERT INTO entitlements_usage (workshop_id, dimension, period, used, warned_at_percent)
SELECT workshop_id, 'storage', '1970-01-01 00:00:00+00', bytes_used, 0 FROM files_storageusage
ON CONFLICT (workshop_id, dimension, period) DO UPDATE SET used = excluded.used;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE entitlements_usage FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0002_alter_grant_feature_allowance_usage_usageday"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(MOVE, reverse_sql=migrations.RunSQL.noop),
        migrations.DeleteModel(name="StorageUsage"),
    ]
