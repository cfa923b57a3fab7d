from django.apps import AppConfig


class Config(AppConfig):
    name = "app.files"
    label = "files"
    usage_counters = {"storage": "app.files.selectors.count_stored_bytes"}
