"""Themes, documents that people consent to and the versions in force."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Document(models.TextChoices):
    """What people consent to; the site publishes each of them under the same name."""

    TERMS = "terms", _("Terms of use")
    SALE = "sale", _("Terms of sale")
    PRIVACY = "privacy", _("Privacy policy")
    PROCESSING = "processing", _("Data processing agreement")


#: The version of each document that the product is supplied with: what a sign-up accepts until the site publishes one.
SUPPLIED_VERSION = "2026-11-21"

#: Where each document is published.
DOCUMENT_PATHS: dict[str, str] = {
    Document.TERMS: "/cgu/",
    Document.SALE: "/cgv/",
    Document.PRIVACY: "/confidentialite/",
    Document.PROCESSING: "/traitement-des-donnees/",
}
