from django.apps import AppConfig


class Config(AppConfig):
    name = "app.estimating"
    label = "estimating"
