"""The words of the workshop mode's script, in the language of the reader: the script names them by their English."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

TEXTS = (_("Loading…"),)


def texts() -> dict[str, str]:
    """Each text and its translation."""
    return {text: gettext(text) for text in TEXTS}
