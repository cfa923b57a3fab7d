from django.apps import AppConfig


class Config(AppConfig):
    name = "app.dataio"
    label = "dataio"
