from django.db import migrations, models

TABLES = ("quotes_quote", "crm_customer")
#: Of a quote signed before, what the customer is called today is all that is known. The owner of the schema is under row
#: security too: it is lifted while the rows change.
FILL = "".join(
    (
        *(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;" for table in TABLES),
        "UPDATE quotes_quote AS quote SET signed_by_consumer = true FROM crm_customer AS customer"
        " WHERE customer.id = quote.customer_id AND quote.accepted_at IS NOT NULL AND customer.type <> 'pro';",
        "SET CONSTRAINTS ALL IMMEDIATE;",
        *(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;" for table in TABLES),
    )
)


class Migration(migrations.Migration):
    """Who signed a quote as a consumer keeps the right to withdraw, whatever the workshop calls them afterwards."""

    dependencies = [("crm", "0006_homonyms_stay_in_trail"), ("quotes", "0005_powder_sent")]

    operations = [
        migrations.AddField(
            model_name="quote", name="signed_by_consumer", field=models.BooleanField(default=False)
        ),
        migrations.RunSQL(FILL, reverse_sql=migrations.RunSQL.noop),
    ]
