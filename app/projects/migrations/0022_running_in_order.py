"""The late projects are looked for among those that run, in the order of the list."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0004_place_in_the_search'),
        ('projects', '0021_projects_of_powder_in_order'),
        ('quotes', '0005_powder_sent'),
        ('tenancy', '0007_workshop_time_zone'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='project',
            index=models.Index(condition=models.Q(('status__in', ('open', 'in_progress'))), fields=['workshop', '-created_at', '-id'], name='projects_running'),
        ),
    ]
