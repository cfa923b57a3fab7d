from django.apps import AppConfig


class Config(AppConfig):
    name = "app.workshops"
    label = "workshops"
    usage_counters = {"users": "app.workshops.selectors.count_active_members"}
