"""What the publisher watches and tells; these rows belong to no workshop.

Measurements, incidents and their timelines are only ever added to: the roles of the application and of the platform
hold no right to change them (`app_rights`, `platform_rights`).
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .constants import Component, Phase, Severity, Step

ADD_ONLY = "SELECT, INSERT"


def _components() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=10, choices=Component), default=list, blank=True)


class JobRun(models.Model):
    """The last run of one periodic job. `last_error` is the kind of the exception, never its message."""

    task = models.CharField(_("job"), max_length=200, unique=True)
    registered_at = models.DateTimeField(auto_now_add=True)
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_finished_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("job run")

    def __str__(self) -> str:
        return self.task


class Reading(models.Model):
    """One measurement of one component. Added by the probes, removed by age alone (platform)."""

    app_rights: ClassVar[str] = ADD_ONLY
    platform_rights: ClassVar[str] = "SELECT, INSERT, DELETE"

    component = models.CharField(max_length=10, choices=Component)
    at = models.DateTimeField()
    is_up = models.BooleanField()
    duration_ms = models.PositiveIntegerField()
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("measurement")
        constraints = [models.UniqueConstraint(fields=["component", "at"], name="one_reading_at_a_time")]
        indexes = [models.Index(fields=["at"], name="readings_by_time")]

    def __str__(self) -> str:
        return f"{self.component} {self.at:%Y-%m-%d %H:%M:%S} {self.is_up}"


class DayFigure(models.Model):
    """The figures of one component over one day of the publisher's clock; `component` may be "service".

    Seconds: what is neither measured nor maintenance is a gap. Milliseconds for the percentiles of what answered.
    """

    app_rights: ClassVar[str] = "SELECT, INSERT, UPDATE"

    component = models.CharField(max_length=10)
    day = models.DateField()
    measured = models.PositiveIntegerField()
    down = models.PositiveIntegerField()
    maintenance = models.PositiveIntegerField()
    answers = models.PositiveIntegerField(default=0)
    fast = models.PositiveIntegerField(default=0)
    p50 = models.PositiveIntegerField(null=True)
    p95 = models.PositiveIntegerField(null=True)
    p99 = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("figures of a day")
        constraints = [models.UniqueConstraint(fields=["day", "component"], name="one_figure_a_day")]

    def __str__(self) -> str:
        return f"{self.component} {self.day}"


class Incident(models.Model):
    """A public incident; never changed nor removed. What happens to it is in its timeline.

    Without `workshops` it concerns everybody.
    """

    app_rights: ClassVar[str] = ADD_ONLY
    platform_rights: ClassVar[str] = ADD_ONLY

    title = models.CharField(_("title"), max_length=120)
    components = _components()
    workshops = ArrayField(models.BigIntegerField(), default=list, blank=True)
    started_at = models.DateTimeField(_("began"))
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.CharField(max_length=160)

    class Meta:
        verbose_name = _("incident")
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class IncidentUpdate(models.Model):
    """An entry of a timeline; never changed nor removed. `ended_at` is when the trouble ended, on the closing entry.

    The unique number makes two writers at once impossible: each has read everything that stands before its entry.
    """

    app_rights: ClassVar[str] = ADD_ONLY
    platform_rights: ClassVar[str] = ADD_ONLY

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="updates")
    number = models.PositiveSmallIntegerField()
    step = models.CharField(_("state"), max_length=15, choices=Step)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    text = models.TextField(_("text"), max_length=10000)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=160)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("entry of an incident")
        ordering = ["incident", "number"]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="one_entry_of_a_number"),
            models.UniqueConstraint(fields=["incident"], condition=models.Q(step=Step.RESOLVED), name="closed_once"),
            models.CheckConstraint(
                condition=models.Q(step=Step.RESOLVED, ended_at__isnull=False)
                | (~models.Q(step=Step.RESOLVED) & models.Q(ended_at__isnull=True)),
                name="only_a_closing_entry_says_the_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}/{self.number} {self.step}"


class IncidentDraft(models.Model):
    """A failure that the probes saw, waiting for the publisher: published as an incident, or set aside."""

    component = models.CharField(_("component"), max_length=10, choices=Component)
    fault = models.CharField(max_length=60, blank=True)
    detected_at = models.DateTimeField(_("detected"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="drafts")
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name = _("incident draft")
        ordering = ["-detected_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["component"], condition=models.Q(ended_at=None), name="one_open_draft_of_a_component"
            )
        ]

    def __str__(self) -> str:
        return f"{self.component} {self.detected_at:%Y-%m-%d %H:%M}"


class Maintenance(models.Model):
    """Planned work, announced in time and inside a window (windows.py); it can only be cancelled before it begins."""

    app_rights: ClassVar[str] = "SELECT, INSERT, UPDATE (cancelled_at, cancelled_by)"
    platform_rights: ClassVar[str] = ADD_ONLY

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what happens"), max_length=4000)
    components = _components()
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    announced_at = models.DateTimeField(default=timezone.now)
    announced_by = models.CharField(max_length=160)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=160, blank=True)

    class Meta:
        verbose_name = _("planned maintenance")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="maintenance_has_an_end")
        ]

    def __str__(self) -> str:
        return self.title


class Subscriber(models.Model):
    """An address that confirmed that it wants the notices of these components (of all, when none is named)."""

    email = models.EmailField(_("e-mail"))
    components = _components()
    language = models.CharField(max_length=5, default="fr")
    confirmed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("subscriber")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_subscription_an_address")]

    def __str__(self) -> str:
        return self.email


class Notice(models.Model):
    """What is still to be told by mail: written with what it tells, so that a crash loses none."""

    phase = models.CharField(max_length=10, choices=Phase)
    draft = models.ForeignKey(IncidentDraft, on_delete=models.CASCADE, null=True)
    update = models.ForeignKey(IncidentUpdate, on_delete=models.PROTECT, null=True)
    maintenance = models.ForeignKey(Maintenance, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("notice of the status page")
        constraints = [
            models.UniqueConstraint(fields=["draft"], name="a_failure_is_told_once"),
            models.UniqueConstraint(fields=["update"], name="an_entry_is_told_once"),
            models.UniqueConstraint(fields=["maintenance", "phase"], name="a_phase_is_told_once"),
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(told_at=None), name="notices_of_status_to_tell")]

    def __str__(self) -> str:
        return f"{self.phase} {self.pk}"
