"""The words of each quote learn where it stands in the list: when it was made."""

from django.db import migrations

#: The owner of the schema is under row security too: it is lifted while the rows change. A moment is written as Python
#: writes it in UTC: without its microseconds when it has none.
FILL = """
ALTER TABLE quotes_quote NO FORCE ROW LEVEL SECURITY;
ALTER TABLE search_searchtoken NO FORCE ROW LEVEL SECURITY;
UPDATE search_searchtoken AS word SET sort_key = to_char(
    quote.created_at AT TIME ZONE 'UTC',
    CASE WHEN date_trunc('second', quote.created_at) = quote.created_at
    THEN 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"' ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"' END
) FROM quotes_quote AS quote
WHERE word.kind = 'quote' AND word.workshop_id = quote.workshop_id AND word.object_pk = quote.id;
ALTER TABLE quotes_quote FORCE ROW LEVEL SECURITY;
ALTER TABLE search_searchtoken FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("quotes", "0003_costs"), ("search", "0003_words_in_order")]

    operations = [migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop)]
