from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0002_place_of_an_object"), ("tenancy", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="searchtoken",
            index=models.Index(
                fields=["workshop", "kind", "token", "sort_key", "object_pk"], name="search_in_order"
            ),
        ),
        migrations.RemoveIndex(model_name="searchtoken", name="search_by_word"),
    ]
