from django.apps import AppConfig


class Config(AppConfig):
    name = "app.stock"
    label = "stock"
