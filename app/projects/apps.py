from django.apps import AppConfig


class Config(AppConfig):
    name = "app.projects"
    label = "projects"
    customer_guard = "app.projects.guards.why_keep"
