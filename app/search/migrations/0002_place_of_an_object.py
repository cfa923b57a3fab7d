from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("tenancy", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="searchtoken",
            name="sort_key",
            field=models.CharField(blank=True, db_collation="C", default="", max_length=250),
        ),
        migrations.AddIndex(
            model_name="searchtoken",
            index=models.Index(
                fields=["workshop", "kind", "token", "object_pk"], include=["sort_key"], name="search_by_word"
            ),
        ),
        migrations.RemoveIndex(model_name="searchtoken", name="search_by_token"),
    ]
