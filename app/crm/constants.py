"""Kinds of customers and interactions, and the criteria that make two customers look alike."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerType(models.TextChoices):
    PRO = "pro", _("Professional")
    PRIVATE = "particulier", _("Private person")


class InteractionKind(models.TextChoices):
    CALL = "call", _("Call")
    EMAIL = "email", _("E-mail")
    MEETING = "meeting", _("Appointment")
    NOTE = "note", _("Note")
    DOCUMENT = "document", _("Document")


class Criterion(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Telephone")
    NAME = "name", _("Last name and first name")
