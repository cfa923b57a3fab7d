"""Ovens, their plans and what they really cured."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.powders.models import Powder
from app.projects.models import Part
from app.tenancy.base import TenantModel
from app.tenancy.models import Site

from ..oven_constants import (
    LONGEST_OVEN_MM,
    MOST_SECONDS,
    SHORTEST_OVEN_MM,
    LoadState,
    PlanState,
    usual_week,
)

INSIDE = [MinValueValidator(SHORTEST_OVEN_MM), MaxValueValidator(LONGEST_OVEN_MM)]
ROOM = [MaxValueValidator(5_000)]
EUROS = [MinValueValidator(0), MaxValueValidator(100_000)]


class OvenSettings(TenantModel):
    """What a plan weighs, in euros, and how long the search may last."""

    load_cost = models.DecimalField(
        _("handling of a load"), max_digits=8, decimal_places=2, default=Decimal(12), validators=EUROS
    )
    changeover_cost = models.DecimalField(
        _("change of powder"), max_digits=8, decimal_places=2, default=Decimal(15), validators=EUROS
    )
    late_day_cost = models.DecimalField(
        _("a day late, for one project"), max_digits=8, decimal_places=2, default=Decimal(60), validators=EUROS
    )
    days_before_promise = models.PositiveSmallIntegerField(
        _("days between curing and the promised date"), default=0, validators=[MaxValueValidator(30)]
    )
    time_limit_s = models.PositiveSmallIntegerField(
        _("search time"), default=20, validators=[MinValueValidator(10), MaxValueValidator(MOST_SECONDS)]
    )

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_oven_settings")]

    def __str__(self) -> str:
        return str(_("Curing plan"))


class Oven(TenantModel):
    """An oven: its inside, what stays free in it, when it runs and what an hour of it costs. Lengths in mm."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    name = models.CharField(_("name"), max_length=60)
    length_mm = models.PositiveIntegerField(_("inner length"), validators=INSIDE)
    width_mm = models.PositiveIntegerField(_("inner width"), validators=INSIDE)
    height_mm = models.PositiveIntegerField(_("inner height"), validators=INSIDE)
    max_load_kg = models.DecimalField(
        _("greatest load"), max_digits=8, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100_000)],
    )  # fmt: skip
    gap_mm = models.PositiveIntegerField(_("between two parts"), default=50, validators=ROOM)
    wall_mm = models.PositiveIntegerField(_("from the walls"), default=100, validators=ROOM)
    floor_mm = models.PositiveIntegerField(_("above the floor"), default=200, validators=ROOM)
    hook_mm = models.PositiveIntegerField(_("length of a hook"), default=150, validators=ROOM)
    one_level = models.BooleanField(_("parts hang on one level only"), default=True)
    rails_y = ArrayField(models.PositiveIntegerField(), verbose_name=_("rails"), default=list, blank=True)
    heat_up_minutes = models.PositiveSmallIntegerField(
        _("heating and handling"), default=20, validators=[MaxValueValidator(600)]
    )
    changeover_minutes = models.PositiveSmallIntegerField(
        _("change of powder"), default=10, validators=[MaxValueValidator(600)]
    )
    cost_per_hour = models.DecimalField(
        _("cost of an hour"), max_digits=8, decimal_places=2, default=Decimal(30), validators=EUROS
    )
    #: Seven lists of [opens, closes] in minutes of the day, Monday first (app/batches/opening.py).
    week = models.JSONField(_("opening hours"), default=usual_week)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("oven")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "name"], condition=models.Q(archived_at=None), name="oven_name_used_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class OvenPlan(TenantModel):
    """A search for the best loads of ovens that are alike: what was asked, how far it is, what it found.

    `problem` is a file of the format oven-plan/1 and `result` one of oven-plan-solution/1; `subject` says in words
    what their identifiers are, so that a plan reads the same whatever becomes of the projects.
    """

    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.WAITING)
    starts_at = models.DateTimeField()
    problem = models.JSONField(default=dict)
    subject = models.JSONField(default=dict)
    result = models.JSONField(null=True, blank=True)
    #: What the same parts cost first come, first served; null when the hours do not suffice for it.
    first_come = models.JSONField(null=True, blank=True)
    figures = models.JSONField(null=True, blank=True)
    #: The figures of each better plan while it is searched, with the seconds after which it was found.
    found = models.JSONField(default=list, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    is_adjusted = models.BooleanField(default=False)
    refusal = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    sheets_asked_at = models.DateTimeField(null=True, blank=True)
    sheets_file_id = models.UUIDField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("curing plan")
        indexes = [
            models.Index(fields=["workshop", "-created_at", "-id"], name="oven_plans_newest_first"),
            models.Index(
                fields=["created_at"],
                condition=models.Q(state__in=[PlanState.WAITING, PlanState.RUNNING]),
                name="oven_plans_in_work",
            ),
            models.Index(
                fields=["sheets_asked_at"], condition=models.Q(sheets_file_id=None), name="oven_plans_without_sheets"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_in_work(self) -> bool:
        return self.state in (PlanState.WAITING, PlanState.RUNNING)

    @property
    def hours(self) -> float | None:
        """Hours of oven of the plan; None before there is one."""
        return self.figures["minutes"] / 60 if self.figures else None

    @property
    def fill_share(self) -> int | None:
        """Average fill of the loads, in percent; None before there is a plan."""
        return round(100 * self.figures["fill"]) if self.figures else None

    @property
    def is_adoptable(self) -> bool:
        return self.state == PlanState.DONE and bool(self.result and self.result["loads"])


class OvenLoad(TenantModel):
    """What one oven cures at once: planned, then started and finished by hand. Shares from 0 to 1, masses in kg."""

    oven = models.ForeignKey(Oven, on_delete=models.PROTECT, related_name="loads")
    plan = models.ForeignKey(OvenPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="loads")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=LoadState, default=LoadState.PLANNED)
    powder = models.ForeignKey(Powder, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    curing_celsius = models.PositiveSmallIntegerField(null=True, blank=True)
    curing_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    planned_start = models.DateTimeField(null=True, blank=True)
    planned_end = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    fill = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)
    mass_kg = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    #: Where each piece hangs: items of the format oven-plan-solution/1; empty for a load made by hand.
    layout = models.JSONField(default=list, blank=True)
    note = models.CharField(_("what is in it"), max_length=250, blank=True)
    started_by_name = models.CharField(max_length=160, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("oven load")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="oven_load_number_used_once"),
            models.UniqueConstraint(
                fields=["workshop", "oven"], condition=models.Q(state=LoadState.IN_OVEN), name="one_load_in_an_oven"
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None) | models.Q(finished_at__gte=models.F("started_at")),
                name="oven_load_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["workshop", "oven", "started_at"], name="oven_loads_by_start"),
            models.Index(fields=["workshop", "state", "planned_start"], name="oven_loads_to_come"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def fill_percent(self) -> int | None:
        return None if self.fill is None else round(self.fill * 100)

    @property
    def minutes(self) -> int | None:
        """How long it really was in the oven; None before its end."""
        if not (self.started_at and self.finished_at):
            return None
        return round((self.finished_at - self.started_at).total_seconds() / 60)


class OvenLoadPart(TenantModel):
    """The pieces of a part that are in a load."""

    load = models.ForeignKey(OvenLoad, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="oven_loads")
    pieces = models.PositiveIntegerField(validators=[MinValueValidator(1)])

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "load", "part"], name="part_once_in_an_oven_load")]
        indexes = [models.Index(fields=["workshop", "part"], name="oven_loads_of_a_part")]

    def __str__(self) -> str:
        return f"{self.pieces} × {self.part_id}"


class OvenDay(TenantModel):
    """How much of an oven was used on one day: open minutes, minutes with a load, and these times its fill."""

    oven = models.ForeignKey(Oven, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    loads = models.PositiveSmallIntegerField(default=0)
    open_minutes = models.PositiveSmallIntegerField(default=0)
    used_minutes = models.PositiveSmallIntegerField(default=0)
    filled_minutes = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    computed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "oven", "day"], name="oven_day_kept_once")]
        indexes = [models.Index(fields=["workshop", "day"], name="oven_days_in_order")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
