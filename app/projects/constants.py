"""States and priorities of a project, and the workflow that a workshop starts with."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ProjectStatus(models.TextChoices):
    OPEN = "open", _("To start")
    IN_PROGRESS = "in_progress", _("In progress")
    READY = "ready", _("Ready to collect")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


#: What may follow each state; "ready" goes back to work when a step is undone.
TRANSITIONS: dict[str, frozenset[str]] = {
    ProjectStatus.OPEN: frozenset({ProjectStatus.IN_PROGRESS, ProjectStatus.CANCELLED}),
    ProjectStatus.IN_PROGRESS: frozenset({ProjectStatus.READY, ProjectStatus.CANCELLED}),
    ProjectStatus.READY: frozenset({ProjectStatus.IN_PROGRESS, ProjectStatus.DELIVERED}),
    ProjectStatus.DELIVERED: frozenset(),
    ProjectStatus.CANCELLED: frozenset(),
}
RUNNING = (ProjectStatus.OPEN, ProjectStatus.IN_PROGRESS)
#: All that was ordered has been done.
PERFORMED = (ProjectStatus.READY, ProjectStatus.DELIVERED)


class Changed(models.TextChoices):
    """What a change of the waiting work is about; never shown."""

    WORK = "work"
    #: The step at which a project stands: the most frequent by far, and nothing but how far a batch is from ready.
    STEP = "step"


class Subject(models.TextChoices):
    """What a change of the waiting work names; never shown."""

    POWDER = "powder"
    PART = "part"
    PROJECT = "project"
    QUOTE = "quote"


class Laying(models.TextChoices):
    """Where a project stands with its powder. Only the database writes it, from the steps that lay powder."""

    NONE = ""
    TO_LAY = "to_lay"
    AGAIN = "again"
    LAID = "laid"


class Priority(models.IntegerChoices):
    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class Handover(models.TextChoices):
    COLLECTED = "collected", _("Collected by the customer")
    DELIVERED = "delivered", _("Delivered by the workshop")


class Carry(models.TextChoices):
    """How a part stays in the oven."""

    HANG = "hang", _("Hangs from a bar")
    FLAT = "flat", _("Lies on the trolley")


class Turning(models.TextChoices):
    """How a part may be turned in the oven to take less room."""

    FIXED = "fixed", _("No, as it is measured")
    UPRIGHT = "upright", _("A quarter turn, its height stays")
    ANY = "any", _("In every direction")


#: No oven of the trade is longer: beyond, a size was typed in another unit.
LONGEST_SIDE_MM = 30_000


class CheckAnswer(models.TextChoices):
    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    NOT_APPLICABLE = "na", _("Not applicable")


class TermKind(models.TextChoices):
    """The two lists of words that a workshop keeps about quality."""

    DEFECT = "defect", _("Types of defect")
    CAUSE = "cause", _("Causes")


#: What a workshop starts with; it renames, adds and puts away.
DEFAULT_TERMS: dict[TermKind, tuple[str | Promise, ...]] = {
    TermKind.DEFECT: (
        _("Run or sag"),
        _("Bare spot"),
        _("Inclusion or dust"),
        _("Wrong shade"),
        _("Thickness"),
        _("Orange peel"),
        _("Bubbles or outgassing"),
        _("Poor adhesion"),
        _("Knock or scratch"),
        _("Other defect"),
    ),
    TermKind.CAUSE: (
        _("Surface preparation"),
        _("Part supplied in poor condition"),
        _("Powder or batch of powder"),
        _("Gun setting"),
        _("Earthing or hanging"),
        _("Curing"),
        _("Handling or packing"),
        _("Wrong instruction"),
        _("Not known"),
    ),
}


@dataclass(frozen=True)
class DefaultStep:
    """A step of the workflow supplied with the product."""

    name: str | Promise
    checklist: tuple[str | Promise, ...] = ()
    is_rework: bool = False
    lays_powder: bool = False


DEFAULT_STEPS = (
    DefaultStep(_("Reception")),
    DefaultStep(_("Blasting")),
    DefaultStep(_("Surface preparation")),
    DefaultStep(_("Powdering"), lays_powder=True),
    DefaultStep(_("Curing")),
    DefaultStep(_("Rework"), is_rework=True, lays_powder=True),
    DefaultStep(
        _("Inspection"),
        (_("Even colour and finish"), _("Thickness measured"), _("No mark, run or inclusion"), _("Quantity checked")),
    ),
)
PROJECT_SERIES = "project"
PART_SERIES = "part"


class PhotoMoment(models.TextChoices):
    BEFORE = "before", _("Before")
    STEP = "step", _("During the work")
    AFTER = "after", _("After")
    DEFECT = "defect", _("Defect")


class PhotoState(models.TextChoices):
    """Where the smaller versions of a photo stand."""

    WAITING = "waiting", _("In preparation")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Unreadable")
    TOO_LARGE = "too_large", _("Too large to be read")


class ConsentMeans(models.TextChoices):
    PORTAL = "portal", _("In the customer space")
    COUNTER = "counter", _("At the counter")
    TELEPHONE = "telephone", _("By telephone")
    WRITING = "writing", _("In writing")


CAPTION_LONGEST = 200
