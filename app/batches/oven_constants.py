"""States of plans and loads, and the limits of what is typed about an oven."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the search")
    RUNNING = "running", _("Being searched")
    DONE = "done", _("Plan found")
    FAILED = "failed", _("No plan")
    CANCELLED = "cancelled", _("Given up")
    ADOPTED = "adopted", _("Adopted")


class LoadState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    IN_OVEN = "in_oven", _("In the oven")
    DONE = "done", _("Cured")
    CANCELLED = "cancelled", pgettext_lazy("oven load", "Cancelled")


LOAD_SERIES = "oven_load"
#: Why the search sets pieces aside, among the reasons in words of what it was not given.
HOURS_FULL = "hours_full"
PLAN_TASK = "batches.search_plan"
SHEETS_TASK = "batches.make_sheets"
#: The shortest and the longest inside that is not a mistake of unit.
SHORTEST_OVEN_MM, LONGEST_OVEN_MM = 200, 30_000
MOST_SECONDS = 120
#: Seconds in which a first plan is shown, and the most pieces of one plan.
FIRST_PLAN_S = 1.0
MOST_PIECES = 5_000


def usual_week() -> list[list[list[int]]]:
    """The hours that a new oven starts with: 8:00 to 18:00 from Monday to Friday."""
    return [[[480, 1080]] for _day in range(5)] + [[], []]
