from django.apps import AppConfig


class Config(AppConfig):
    name = "app.notify"
    label = "notify"
