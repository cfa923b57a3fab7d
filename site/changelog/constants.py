"""Kinds, states and delays of the release notes and of the roadmap."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

#: What is announced before a breaking change is released, and before something deprecated is removed (OPS-07).
BREAKING_NOTICE = timedelta(days=30)
REMOVAL_NOTICE = timedelta(days=90)


#: How long an address that was never confirmed, or that stopped the news, is kept.
LEFT_KEPT = timedelta(days=30)


class Kind(models.TextChoices):
    """What a change is to those who use the product; the order is the one of the page."""

    BREAKING = "breaking", _("Breaking change")
    DEPRECATION = "deprecation", _("Deprecation")
    FEATURE = "feature", _("New")
    IMPROVEMENT = "improvement", _("Improvement")
    FIX = "fix", _("Fix")


class RoadmapState(models.TextChoices):
    """Where a project of the publisher stands."""

    IN_PROGRESS = "in_progress", _("In progress")
    PLANNED = "planned", _("Planned")
    DELIVERED = "delivered", _("Delivered")


class MailState(models.TextChoices):
    """How far the mail of a month is."""

    RUNNING = "running", _("being sent")
    DONE = "done", _("sent")
    EMPTY = "empty", _("nothing to say")
