"""Projects: the parts that a customer has left, the steps they go through, what was really done."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.crm.models import Customer
from app.kernel.codes import LONGEST
from app.powders.models import Powder
from app.quotes.constants import COATS
from app.quotes.models import Quote
from app.tenancy.base import TenantModel
from app.tenancy.models import Site

from ..constants import (
    LONGEST_SIDE_MM,
    RUNNING,
    Carry,
    CheckAnswer,
    Handover,
    Laying,
    Priority,
    ProjectStatus,
    TermKind,
    Turning,
)

SIDE = [MinValueValidator(1), MaxValueValidator(LONGEST_SIDE_MM)]


class Workflow(TenantModel):
    """The ordered steps that new projects go through; running projects keep the steps they started with."""

    name = models.CharField(_("name"), max_length=80)
    is_default = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workshop", "name"], name="workflow_name"),
            models.UniqueConstraint(
                fields=["workshop"], condition=models.Q(is_default=True), name="one_default_workflow"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StepRules(TenantModel):
    """What a step is called, and what must be done before it is validated."""

    name = models.CharField(_("step"), max_length=60)
    checklist = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    needs_photo = models.BooleanField(_("a photo is required"), default=False)
    #: A failed item lets the step be validated, but not the project become ready.
    failure_blocks = models.BooleanField(_("a failed check holds the project back"), default=True)
    #: Where the powder leaves the stock, and where batches take the parts from.
    lays_powder = models.BooleanField(_("the powder is laid at this step"), default=False)

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


class WorkflowStep(StepRules):
    """A step of a workflow; the rework one is left out of the course until a non-conformity calls it."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    is_rework = models.BooleanField(_("rework"), default=False)

    class Meta(TenantModel.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "workflow", "position"],
                name="workflow_step_order",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["workshop", "workflow"], condition=models.Q(is_rework=True), name="one_rework_step"
            ),
        ]


class Project(TenantModel):
    """Work for a customer, born of an accepted quote or opened by hand."""

    number = models.CharField(_("number"), max_length=40)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="projects")
    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, null=True, blank=True, related_name="project")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    title = models.CharField(_("subject"), max_length=160)
    status = models.CharField(max_length=12, choices=ProjectStatus, default=ProjectStatus.OPEN)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    dropped_on = models.DateField(_("drop-off date"), null=True, blank=True)
    promised_on = models.DateField(_("promised date"), null=True, blank=True)
    final_use = models.CharField(_("final use"), max_length=160, blank=True)
    note = models.TextField(_("note to the workshop"), blank=True)
    workflow = models.ForeignKey(Workflow, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    current_step = models.CharField(max_length=60, blank=True)
    #: Kept by triggers on its steps (migration 0017), whatever writes them: written from here, it stays as it was.
    laying = models.CharField(max_length=6, choices=Laying, default=Laying.NONE, editable=False, blank=True)
    #: The launched batch that a part of the project is in, for pills and lists.
    batch_number = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ready_at = models.DateTimeField(null=True, blank=True)
    readiness = models.PositiveSmallIntegerField(default=0)
    #: The customer's message waits for the final report, until this moment at most; empty once it has left.
    ready_mail_by = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    handover = models.CharField(max_length=10, choices=Handover, blank=True)
    report_file_id = models.UUIDField(null=True, blank=True)
    report_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("project")
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="project_number_used_once")]
        indexes = [
            models.Index(fields=["workshop", "-created_at", "-id"], name="projects_newest_first"),
            models.Index(fields=["workshop", "status", "promised_on", "id"], name="projects_by_promise"),
            models.Index(fields=["workshop", "customer", "-created_at"], name="projects_of_a_customer"),
            # One for each filter of the list, in its order: a page costs the same whatever is kept.
            models.Index(fields=["workshop", "status", "-created_at", "-id"], name="projects_by_status"),
            models.Index(fields=["workshop", "current_step", "-created_at", "-id"], name="projects_by_step"),
            models.Index(fields=["workshop", "priority", "-created_at", "-id"], name="projects_by_priority"),
            models.Index(fields=["workshop", "promised_on", "-created_at", "-id"], name="projects_by_day"),
            # The work that is left, however long the workshop has been working.
            models.Index(
                fields=["workshop", "-created_at", "-id"],
                condition=models.Q(status__in=RUNNING),
                name="projects_running",
            ),
            models.Index(
                fields=["workshop", "laying", "id"],
                condition=models.Q(status__in=RUNNING),
                name="projects_by_laying",
            ),
            models.Index(
                fields=["report_asked_at"], condition=models.Q(report_file_id=None), name="projects_without_report"
            ),
            models.Index(
                fields=["ready_mail_by"], condition=models.Q(ready_mail_by__isnull=False), name="ready_mails_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    def is_late(self, today: date | None = None) -> bool:
        """Whether the promised date has passed while the work is not ready."""
        return self.is_running and self.promised_on is not None and self.promised_on < (today or timezone.localdate())


class Part(TenantModel):
    """What is coated: a designation and a quantity, the powder really used and how it was laid and cured."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="parts")
    code = models.CharField(_("part number"), max_length=LONGEST)
    position = models.PositiveSmallIntegerField(default=0)
    designation = models.CharField(_("designation"), max_length=250)
    quantity = models.DecimalField(
        _("quantity"), max_digits=9, decimal_places=2, default=1, validators=[MinValueValidator(0)]
    )
    surface_m2 = models.DecimalField(
        _("surface of one part"), max_digits=10, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    powder = models.ForeignKey(Powder, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: When its project was made, as only the database writes it: the projects of a powder stand in their order here.
    project_created_at = models.DateTimeField(editable=False, db_default=Now())
    coats = models.PositiveSmallIntegerField(_("coats"), choices=COATS, default=1)
    primer = models.BooleanField(_("primer"), default=False)
    varnish = models.BooleanField(_("varnish"), default=False)
    curing_celsius = models.PositiveSmallIntegerField(
        _("curing temperature"), null=True, blank=True, validators=[MinValueValidator(80), MaxValueValidator(300)]
    )
    curing_minutes = models.PositiveSmallIntegerField(
        _("curing time"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )

    #: The box around one piece as it hangs; what is not known stays empty, and is asked for before it is planned.
    length_mm = models.PositiveIntegerField(_("length"), null=True, blank=True, validators=SIDE)
    width_mm = models.PositiveIntegerField(_("width"), null=True, blank=True, validators=SIDE)
    height_mm = models.PositiveIntegerField(_("height"), null=True, blank=True, validators=SIDE)
    mass_kg = models.DecimalField(
        _("mass"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    carry = models.CharField(_("in the oven"), max_length=4, choices=Carry, default=Carry.HANG)
    turning = models.CharField(_("may be turned"), max_length=7, choices=Turning, default=Turning.UPRIGHT)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "code"], name="part_code_used_once")]
        indexes = [
            models.Index(fields=["workshop", "project", "position"], name="parts_of_a_project"),
            models.Index(
                fields=["workshop", "powder", "-project_created_at", "-project"], name="projects_of_powder_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.designation

    @property
    def size_mm(self) -> tuple[int, int, int] | None:
        """Length, width and height of one piece; None while one of them is not known."""
        if self.length_mm and self.width_mm and self.height_mm:
            return self.length_mm, self.width_mm, self.height_mm
        return None

    @property
    def pieces(self) -> int:
        """How many pieces a line is: 2.5 m of profile is one piece."""
        return int(self.quantity) if self.quantity == int(self.quantity) and self.quantity > 0 else 1


class Step(StepRules):
    """A step of one project, copied from the workflow when the project started, and who validated it.

    `rank` is its place in the workflow; a non-conformity adds copies of the same rank with the next `pass_number`,
    and the steps of the earlier passes stay. The done steps always come before those that wait.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField(default=0)
    pass_number = models.PositiveSmallIntegerField(default=1)
    is_rework = models.BooleanField(default=False)
    answers = models.JSONField(default=list, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_by_name = models.CharField(max_length=160, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "project", "position"],
                name="project_step_order",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]
        indexes = [
            models.Index(
                fields=["workshop", "done_at", "project"],
                condition=models.Q(done_at__isnull=False),
                name="steps_by_day",
            ),
            models.Index(
                fields=["workshop", "project", "done_at"], condition=models.Q(lays_powder=True), name="powder_steps"
            ),
        ]

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def has_failure(self) -> bool:
        return any(answer["answer"] == CheckAnswer.FAIL for answer in self.answers)


class ReworkStep(StepRules):
    """The rework step of one project, kept aside until a non-conformity calls it; the ranks after it follow it."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="rework")
    rank = models.PositiveSmallIntegerField()


class QualityTerm(TenantModel):
    """A word of the workshop for what goes wrong: a type of defect, or a cause."""

    kind = models.CharField(max_length=6, choices=TermKind)
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["workshop", "kind", "name"], name="quality_term_name")]

    def __str__(self) -> str:
        return self.name


class Nonconformity(TenantModel):
    """Something that is not as it should be: found at a step, sent back to another, done again, closed."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="nonconformities")
    part = models.ForeignKey(
        Part, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("part concerned")
    )
    #: Where it was found; the name stays when the step has left the project.
    step = models.ForeignKey(Step, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    step_name = models.CharField(max_length=60)
    pass_number = models.PositiveSmallIntegerField(default=1)
    defect = models.ForeignKey(QualityTerm, on_delete=models.PROTECT, related_name="+", verbose_name=_("defect"))
    cause = models.ForeignKey(
        QualityTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cause")
    )
    comment = models.TextField(_("what is wrong"), max_length=1000, blank=True)
    corrective_action = models.TextField(_("corrective action"), max_length=1000, blank=True)
    rework_minutes = models.PositiveIntegerField(_("time of rework"), null=True, blank=True)
    cost = models.DecimalField(
        _("cost"), max_digits=10, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    returned_to = models.CharField(max_length=60)
    #: Whether the return has the powder laid again, on the part concerned or on all.
    lays_powder = models.BooleanField(default=False)
    #: Who had validated the step that is done again, or laid the powder that rework lays again; empty when nobody had.
    worked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    worked_by_name = models.CharField(max_length=160, blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    declared_by_name = models.CharField(max_length=160)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=160, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("non-conformity")
        ordering = ["declared_at", "pk"]
        indexes = [
            models.Index(fields=["workshop", "declared_at"], name="nonconformities_by_day"),
            models.Index(fields=["workshop", "project", "declared_at"], name="nonconformities_of_a_project"),
        ]

    def __str__(self) -> str:
        return f"{self.defect}, {self.step_name}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
