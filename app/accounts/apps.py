from django.apps import AppConfig


class Config(AppConfig):
    name = "app.accounts"
    label = "accounts"
