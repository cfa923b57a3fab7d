from django.apps import AppConfig


class Config(AppConfig):
    name = "app.kernel"
    label = "kernel"
