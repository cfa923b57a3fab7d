from django.apps import AppConfig


class Config(AppConfig):
    name = "app.powders"
    label = "powders"
