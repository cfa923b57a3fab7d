"""States of health, components and incidents, and the delays after which silence is a fault."""

from datetime import timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(StrEnum):
    """`degraded`: requests are served, but work is late; `down`: this process must not receive requests."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


#: How late a periodic job may start before it is reported: a deploy and a busy worker fit in.
OVERDUE_AFTER = timedelta(minutes=5)
#: Seconds without a sign of life after which a process is said to be gone.
WORKER_SILENCE = 60
SCHEDULER_SILENCE = 90


class Component(models.TextChoices):
    """What the probes measure, in the order of the page."""

    SITE = "site", _("Website")
    APP = "app", _("Application")
    PORTAL = "portal", _("Customer space")
    DATABASE = "database", _("Database")
    QUEUE = "queue", _("Background work")
    MAIL = "mail", _("E-mails")
    STORAGE = "storage", _("Files and photos")
    PAYMENTS = "payments", _("Payments")


#: The component of a day's figures that stands for the service that plans guarantee.
SERVICE = "service"


class Severity(models.TextChoices):
    """How much an incident prevents."""

    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")


#: How long an incident of a severity may last (STA-11); a minor one has no target.
TARGETS = {Severity.CRITICAL: timedelta(hours=2), Severity.MAJOR: timedelta(hours=24)}
#: A major incident that lasted longer owes a post-mortem (STA-10).
POSTMORTEM_AFTER = timedelta(hours=1)


class Step(models.TextChoices):
    """What an entry of an incident's timeline says; the last two are all that a closed incident accepts."""

    INVESTIGATING = "investigating", _("Investigating")
    IDENTIFIED = "identified", _("Cause identified")
    MONITORING = "monitoring", _("Watching the repair")
    RESOLVED = "resolved", _("Resolved")
    SUPPLEMENT = "supplement", _("Addition")
    POSTMORTEM = "postmortem", _("Post-mortem")


OPEN_STEPS = (Step.INVESTIGATING, Step.IDENTIFIED, Step.MONITORING)
AFTER_CLOSING = (Step.SUPPLEMENT, Step.POSTMORTEM)


class Phase(models.TextChoices):
    """What a notice tells: each is told once to each person."""

    FAILED = "failed", _("A probe fails")
    UPDATE = "update", _("Entry of an incident")
    ANNOUNCED = "announced", _("Maintenance announced")
    STARTED = "started", _("Maintenance begins")
    ENDED = "ended", _("Maintenance ends")
    CANCELLED = "cancelled", _("Maintenance cancelled")


#: Maintenance is announced at least this long before it begins (STA-06), and shown in the product from then on.
ANNOUNCED_BEFORE = timedelta(hours=48)
#: Two measurements further apart than this leave a gap between them.
MAX_STEP = timedelta(seconds=120)
#: A failure this soon after the end of the last one is the same one.
SAME_FAILURE = timedelta(minutes=10)
#: What a request should take, for 95 % of them (STA-05), in milliseconds.
FAST_MS = 2000
DAYS_SHOWN = 90
