from django.apps import AppConfig


class Config(AppConfig):
    name = "cms"

    def ready(self) -> None:
        from . import receivers  # noqa: F401
