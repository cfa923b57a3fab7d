from django.apps import AppConfig


class Config(AppConfig):
    name = "app.billing"
    label = "billing"
    remedy_finder = "app.billing.offers.find_remedies"
