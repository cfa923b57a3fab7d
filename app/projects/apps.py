from django.apps import AppConfig


class Config(AppConfig):
    name = "app.projects"
    label = "projects"
    customer_words = "app.projects.services.indexing.index_projects_of"
    customer_erasure = "app.projects.services.erasing.erase_work_of"
    customer_guard = "app.projects.guards.why_keep"
