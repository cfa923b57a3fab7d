from django.apps import AppConfig


class Config(AppConfig):
    name = "app.documents"
    label = "documents"
