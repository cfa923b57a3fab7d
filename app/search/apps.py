from django.apps import AppConfig


class Config(AppConfig):
    name = "app.search"
    label = "search"
