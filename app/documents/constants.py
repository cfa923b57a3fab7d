"""Ways of giving a signature image, and where the product's own fonts are."""

from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _


class SignatureMethod(models.TextChoices):
    DRAWN = "drawn", _("Drawn")
    UPLOADED = "uploaded", _("Uploaded image")
    TYPED = "typed", _("Typed name")


FONTS = Path(__file__).resolve().parent / "fonts"
IMAGE_MAX_BYTES = 2 * 1024 * 1024
IMAGE_MAX_PIXELS = 4000 * 4000


#: What the journal of a signature calls its steps; the words of the journal itself are sealed and never change.
STEP_WORDS = {
    "document opened": _("Document opened"),
    "consent given": _("Consent given"),
    "signed": _("Signature placed"),
}
