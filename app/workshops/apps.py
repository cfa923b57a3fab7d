from django.apps import AppConfig


class Config(AppConfig):
    name = "app.workshops"
    label = "workshops"
