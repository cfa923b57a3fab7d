from django.apps import AppConfig


class Config(AppConfig):
    name = "app.notify"
    label = "notify"

    def ready(self) -> None:
        from . import tasks  # noqa: F401  services call the tasks by name
