from django.apps import AppConfig


class Config(AppConfig):
    name = "app.audit"
    label = "audit"
