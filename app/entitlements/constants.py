"""Features and quotas that a plan may hold. Product code asks for one of these, never for a plan."""

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
    LEAD_SCORING = "lead_scoring", _("Lead scoring")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    SERVICE_LEVEL = "service_level", _("Guaranteed service level")
    DEDICATED_ONBOARDING = "dedicated_onboarding", _("Dedicated onboarding")
    TEAM_TRAINING = "team_training", _("Team training")
    TERRITORIES = "territories", _("Territories")
    WHITE_LABEL = "white_label", _("White label")
    SUPPORT_ALWAYS = "support_always", _("Support day and night")
    WHATSAPP = "whatsapp", _("WhatsApp messages")
    EXTERNAL_SIGNATURE = "external_signature", _("External electronic signature")


#: Modules that a plan may hold already and that the product does not have yet: nobody is told of them, nothing is sold
#: by them. A module leaves this list with its first release.
UNBUILT = frozenset(
    {
        Feature.REPORTING, Feature.API, Feature.WHEELS, Feature.LEAD_SCORING,
        Feature.TERRITORIES, Feature.WHITE_LABEL, Feature.WHATSAPP, Feature.EXTERNAL_SIGNATURE,
    }
)  # fmt: skip


class Source(models.TextChoices):
    TRIAL = "trial", _("Trial")
    PLAN = "plan", _("Plan")
    OPTION = "option", _("Option")
    PUBLISHER = "publisher", _("Given by the publisher")


class Dimension(models.TextChoices):
    """What a quota counts; a workshop without a limit for it is unlimited."""

    USERS = "users", _("Users")
    CONTACTS = "contacts", _("Customers")
    PROJECTS = "projects", _("Projects per month")
    QUOTES = "quotes", _("Quotes per month")
    EMAILS = "emails", _("E-mails per month")
    TEXTS = "texts", _("Text messages per month")
    BANK_CONNECTIONS = "bank_connections", _("Bank connections")
    INTEGRATIONS = "integrations", _("Integrations")
    STORAGE = "storage", _("Storage")
    API_REQUESTS = "api_requests", _("API requests per hour")
    SCANS = "scans", _("Scans per month")
    SIGNATURES = "signatures", _("External signatures per month")


class Renewal(models.TextChoices):
    """When a counter starts again from zero."""

    NEVER = "never", _("never: it follows what exists")
    MONTH = "month", _("on the first of the month")
    HOUR = "hour", _("every hour")


#: The others count what exists and never start again.
RENEWALS: dict[str, Renewal] = {
    Dimension.PROJECTS: Renewal.MONTH,
    Dimension.QUOTES: Renewal.MONTH,
    Dimension.EMAILS: Renewal.MONTH,
    Dimension.TEXTS: Renewal.MONTH,
    Dimension.SCANS: Renewal.MONTH,
    Dimension.SIGNATURES: Renewal.MONTH,
    Dimension.API_REQUESTS: Renewal.HOUR,
}

#: Share of a limit, in percent, from which the workshop is warned.
WARN_FROM = (80, 100)
#: From 90 % of the storage the oldest photos are removed: people are told once more.
STORAGE_WARN_FROM = (80, 90, 100)
#: The task that tells a workshop about its quotas; it belongs to billing, which can write to people.
WARN_TASK = "billing.warn_of_quotas"

#: What a workshop may leave out of its screens; the core is always on.
OPTIONAL_MODULES = (Feature.WHEELS,)
