from django.apps import AppConfig


class Config(AppConfig):
    name = "app.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        from . import checks  # noqa: F401  registers the deployment check
