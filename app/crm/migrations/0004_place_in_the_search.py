"""The words of each customer learn where it stands in the list."""

from django.db import migrations

#: The owner of the schema is under row security too: it is lifted while the rows change.
FILL = """
ALTER TABLE crm_customer NO FORCE ROW LEVEL SECURITY;
ALTER TABLE search_searchtoken NO FORCE ROW LEVEL SECURITY;
UPDATE search_searchtoken AS word SET sort_key = customer.sort_key FROM crm_customer AS customer
WHERE word.kind = 'customer' AND word.workshop_id = customer.workshop_id AND word.object_pk = customer.id;
ALTER TABLE crm_customer FORCE ROW LEVEL SECURITY;
ALTER TABLE search_searchtoken FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("crm", "0003_language"), ("search", "0002_place_of_an_object")]

    operations = [migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop)]
