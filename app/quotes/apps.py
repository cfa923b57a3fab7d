from django.apps import AppConfig


class Config(AppConfig):
    name = "app.quotes"
    label = "quotes"
    customer_guard = "app.quotes.guards.why_keep"
