from django.apps import AppConfig


class Config(AppConfig):
    name = "app.files"
    label = "files"
