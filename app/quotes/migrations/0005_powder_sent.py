from django.db import migrations, models


class Migration(migrations.Migration):
    """What a sent quote says of its powders stays as it was sent."""

    dependencies = [("quotes", "0004_place_in_the_search")]

    operations = [
        migrations.AddField(
            model_name="quoteline", name="powder_sent", field=models.JSONField(blank=True, default=dict)
        ),
    ]
