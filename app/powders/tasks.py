"""The reading of the maker's catalogue, hourly and when the shop says that it changed."""

from celery import shared_task

from app.powders.maker import find_source
from app.powders.services.sharing import read_catalogue as read


@shared_task(name="powders.read_catalogue")
def read_catalogue() -> None:
    """Read what changed since the last time; nothing when no shop is connected."""
    source = find_source()
    if source is not None:
        read(source)
