from django.apps import AppConfig


class Config(AppConfig):
    name = "app.crm"
    label = "crm"
