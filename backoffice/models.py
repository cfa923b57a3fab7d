"""Rows of the publisher."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.tenancy.base import TenantModel
from app.tenancy.models import Workshop

from .constants import LogLevel, SetUpStep


class SetUpItem(TenantModel):
    """A line of the publisher's checklist for a workshop; a line that nobody has touched has no row."""

    step = models.CharField(_("step"), max_length=10, choices=SetUpStep)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("set-up step")
        constraints = [models.UniqueConstraint(fields=["workshop", "step"], name="one_line_per_set_up_step")]

    def __str__(self) -> str:
        return str(self.get_step_display())


class MeasuredMonth(models.Model):
    """The uptime of a month, worked out once from the measurements; service credits follow from it."""

    app_rights: ClassVar[str] = "SELECT"

    month = models.DateField(_("month"), unique=True)
    uptime_percent = models.DecimalField(
        _("measured uptime (%)"), max_digits=6, decimal_places=3,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    source = models.CharField(_("measured by"), max_length=200)
    entered_by = models.CharField(max_length=160)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("measured month")
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class LogLine(models.Model):
    """A warning or an error of a process, as it left it: masked, people and workshops by number alone."""

    app_rights: ClassVar[str] = "SELECT"
    platform_rights: ClassVar[str] = "SELECT, INSERT, DELETE"
    #: Set by the selector: the workshop that the line is about.
    about: Workshop | None = None

    at = models.DateTimeField(_("date"))
    level = models.CharField(_("level"), max_length=10, choices=LogLevel)
    logger = models.CharField(max_length=120)
    event = models.CharField(_("event"), max_length=300)
    workshop_id = models.BigIntegerField(null=True)  # a number, not a key: a line outlives its workshop
    user_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=64)
    fault = models.CharField(max_length=300)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("line of log")
        indexes = [
            models.Index(fields=["-at", "-id"], name="log_newest_first"),
            models.Index(fields=["workshop_id", "-at", "-id"], name="log_of_a_workshop"),
        ]

    def __str__(self) -> str:
        return self.event
