from django.apps import AppConfig


class Config(AppConfig):
    name = "app.batches"
    label = "batches"
    project_watcher = "app.batches.watching.Watcher"
