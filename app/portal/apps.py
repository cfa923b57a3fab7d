from django.apps import AppConfig


class Config(AppConfig):
    name = "app.portal"
    label = "portal"
