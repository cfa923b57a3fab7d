"""Reading the maker's catalogue without waiting for the hour."""

from django.utils.translation import gettext as _

from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.powders.maker import find_source

READ_TASK = "powders.read_catalogue"


def read_catalogue_now() -> None:
    """Have a worker read what changed; RuleError when no shop is connected."""
    if find_source() is None:
        raise RuleError(_("No shop is connected: there is nothing to read."))
    send_on_commit(READ_TASK)
