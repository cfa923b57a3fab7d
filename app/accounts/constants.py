"""Themes, documents that people consent to and the versions in force."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Document(models.TextChoices):
    TERMS = "terms", _("Terms of use")
    PRIVACY = "privacy", _("Privacy policy")
    PROCESSING = "processing", _("Data processing agreement")


#: The version of each document that a sign-up accepts today.
DOCUMENT_VERSIONS: dict[str, str] = {
    Document.TERMS: "2026-11",
    Document.PRIVACY: "2026-11",
    Document.PROCESSING: "2026-11",
}

#: Where each document is published.
DOCUMENT_PATHS: dict[str, str] = {
    Document.TERMS: "/conditions-generales/",
    Document.PRIVACY: "/confidentialite/",
    Document.PROCESSING: "/traitement-des-donnees/",
}
