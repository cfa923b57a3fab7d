from django.apps import AppConfig


class Config(AppConfig):
    name = "app.numbering"
    label = "numbering"
