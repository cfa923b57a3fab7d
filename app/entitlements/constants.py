"""Features that a plan may hold. Product code asks for one of these, never for a plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Feature(models.TextChoices):
    CRM = "crm", _("Customers and imports")
    QUOTES = "quotes", _("Quotes and signature")
    PROJECTS = "projects", _("Projects and steps")
    PORTAL = "portal", _("Customer portal")
    BASIC_STOCK = "basic_stock", _("Basic stock")
    SMART_STOCK = "smart_stock", _("Smart stock")
    REPORTING = "reporting", _("Advanced reporting")
    API = "api", _("Integrations and API")
    WHEELS = "wheels", _("Wheels (Jantes)")


class Source(models.TextChoices):
    TRIAL = "trial", _("Trial")
    PLAN = "plan", _("Plan")
    OPTION = "option", _("Option")
    PUBLISHER = "publisher", _("Given by the publisher")


#: What a workshop may leave out of its screens; the core is always on.
OPTIONAL_MODULES = (Feature.WHEELS,)
