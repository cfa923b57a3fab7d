from django.apps import AppConfig


class Config(AppConfig):
    name = "app.projects"
    label = "projects"
