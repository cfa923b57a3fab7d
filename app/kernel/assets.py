"""Built files that the server itself reads."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage


def asset_path(name: str) -> Path:
    """The built file of this name: among the collected ones in production, in its source folder elsewhere."""
    found = finders.find(name)
    return Path(str(found)) if found else Path(staticfiles_storage.path(name))
