from django.apps import AppConfig


class Config(AppConfig):
    name = "app.quotes"
    label = "quotes"
