from django.apps import AppConfig


class Config(AppConfig):
    name = "app.home"
    label = "home"
