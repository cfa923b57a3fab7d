from django.apps import AppConfig


class Config(AppConfig):
    name = "app.shopfloor"
    label = "shopfloor"
