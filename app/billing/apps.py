from django.apps import AppConfig


class Config(AppConfig):
    name = "app.billing"
    label = "billing"
