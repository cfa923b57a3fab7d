from django.apps import AppConfig


class Config(AppConfig):
    name = "app.batches"
    label = "batches"
