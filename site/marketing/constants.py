"""Names of the legal texts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LegalDocument(models.TextChoices):
    """What consents and mails call a text, whatever its address and its title."""

    TERMS = "terms", _("Terms of use")
    SALE = "sale", _("Terms of sale")
    PRIVACY = "privacy", _("Privacy policy")
    PROCESSING = "processing", _("Data processing agreement")
    SERVICE_LEVEL = "service_level", _("Service-level agreement")
    COOKIES = "cookies", _("Cookie policy")
    NOTICE = "notice", _("Legal notice")
    REFUND = "refund", _("Refund policy")
