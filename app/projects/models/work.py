"""Projects: the parts that a customer has left, the steps they go through, what was really done."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.crm.models import Customer
from app.powders.models import Powder
from app.quotes.constants import COATS
from app.quotes.models import Quote
from app.tenancy.base import TenantModel

from ..codes import LONGEST
from ..constants import RUNNING, CheckAnswer, Handover, Priority, ProjectStatus
from ..labels import Marks, Size


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


class WorkflowStep(TenantModel):
    """A step of a workflow: what must be done before it is validated."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("step"), max_length=60)
    checklist = ArrayField(models.CharField(max_length=120), default=list, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "workflow", "position"],
                name="workflow_step_order",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return self.name


class Project(TenantModel):
    """Work for a customer, born of an accepted quote or opened by hand."""

    number = models.CharField(_("number"), max_length=40)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="projects")
    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, null=True, blank=True, related_name="project")
    title = models.CharField(_("subject"), max_length=160)
    status = models.CharField(max_length=12, choices=ProjectStatus, default=ProjectStatus.OPEN)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.NORMAL)
    dropped_on = models.DateField(_("drop-off date"), null=True, blank=True)
    promised_on = models.DateField(_("promised date"), null=True, blank=True)
    final_use = models.CharField(_("final use"), max_length=160, blank=True)
    note = models.TextField(_("note to the workshop"), blank=True)
    current_step = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ready_at = models.DateTimeField(null=True, blank=True)
    readiness = models.PositiveSmallIntegerField(default=0)
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
            models.Index(
                fields=["report_asked_at"], condition=models.Q(report_file_id=None), name="projects_without_report"
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
    surface_m2 = models.DecimalField(_("surface of one part"), max_digits=10, decimal_places=4, null=True, blank=True)
    powder = models.ForeignKey(Powder, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    coats = models.PositiveSmallIntegerField(_("coats"), choices=COATS, default=1)
    primer = models.BooleanField(_("primer"), default=False)
    varnish = models.BooleanField(_("varnish"), default=False)
    curing_celsius = models.PositiveSmallIntegerField(
        _("curing temperature"), null=True, blank=True, validators=[MinValueValidator(80), MaxValueValidator(300)]
    )
    curing_minutes = models.PositiveSmallIntegerField(
        _("curing time"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "code"], name="part_code_used_once")]
        indexes = [
            models.Index(fields=["workshop", "project", "position"], name="parts_of_a_project"),
            models.Index(fields=["workshop", "powder", "project"], name="projects_of_a_powder"),
        ]

    def __str__(self) -> str:
        return self.designation


class LabelPrint(TenantModel):
    """Labels that somebody asked for: a worker makes the file. The latest one proposes its choices to the next."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.CASCADE, null=True, related_name="+")
    size = models.CharField(_("size of the labels"), max_length=16, default=Size.SHEET_24.name)
    marks = models.CharField(_("what tells a part"), max_length=8, choices=Marks, default=Marks.BOTH)
    per_piece = models.BooleanField(_("one label for each piece"), default=False)
    skipped = models.PositiveSmallIntegerField(_("labels already used on the first sheet"), default=0)
    labels = models.PositiveSmallIntegerField(default=0)
    file_id = models.UUIDField(null=True)
    made_at = models.DateTimeField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("labels")
        indexes = [
            models.Index(fields=["workshop", "-created_at", "-id"], name="label_prints_newest_first"),
            models.Index(fields=["created_at"], condition=models.Q(made_at=None), name="label_prints_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class Step(TenantModel):
    """A step of one project, copied from the workflow when the project started, and who validated it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    checklist = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    answers = models.JSONField(default=list, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_by_name = models.CharField(max_length=160, blank=True)

    class Meta(TenantModel.Meta):
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["workshop", "project", "position"], name="project_step_order")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_done(self) -> bool:
        return self.done_at is not None

    @property
    def has_failure(self) -> bool:
        return any(answer["answer"] == CheckAnswer.FAIL for answer in self.answers)
