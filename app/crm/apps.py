from django.apps import AppConfig


class Config(AppConfig):
    name = "app.crm"
    label = "crm"
    usage_counters = {"contacts": "app.crm.selectors.count_customers"}
