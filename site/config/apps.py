"""The end of a start, for every process of the product."""

import gc

from django.apps import AppConfig


class LoadedConfig(AppConfig):
    """Stands last among the applications: what is loaded by now stays as long as the process."""

    name = "config"

    def ready(self) -> None:
        """Look for garbage again (the settings stopped it), but never among what was loaded."""
        gc.freeze()
        gc.enable()
