from django.apps import AppConfig


class Config(AppConfig):
    name = "status"
    default_auto_field = "django.db.models.BigAutoField"
