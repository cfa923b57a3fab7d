from django.apps import AppConfig


class Config(AppConfig):
    name = "app.entitlements"
    label = "entitlements"
