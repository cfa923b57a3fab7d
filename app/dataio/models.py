"""Imports and exports of customers, with how far each has got."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.crm.models import Customer
from app.tenancy.models import TenantModel

from .constants import WORKING, Decision, ExportState, ImportState, Outcome

#: A worker should be doing something about it.
UNFINISHED = models.Q(state__in=list(WORKING)) | models.Q(invite_confirmed_at__isnull=False, invite_done_at=None)


class CustomerImport(TenantModel):
    """A file of customers. `position` is the last line done: it moves in the transaction of the rows it stands for."""

    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.MAPPING)
    file_id = models.UUIDField(null=True)
    file_name = models.CharField(max_length=200)
    header = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    criteria = ArrayField(models.CharField(max_length=10), default=list)
    decision = models.CharField(max_length=6, choices=Decision, default=Decision.SKIP)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    requested_by = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    invite_confirmed_at = models.DateTimeField(null=True, blank=True)
    invite_done_at = models.DateTimeField(null=True, blank=True)
    invited = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("import of customers")
        constraints = [
            models.UniqueConstraint(
                fields=["workshop"], condition=models.Q(state="running"), name="one_running_customer_import"
            )
        ]
        indexes = [
            models.Index(fields=["workshop", "-created_at", "-id"], name="customer_imports_newest_first"),
            models.Index(fields=["moved_at"], condition=UNFINISHED, name="customer_imports_unfinished"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def is_done(self) -> bool:
        return self.state == ImportState.DONE

    @property
    def writes(self) -> int:
        """How many records it changes or adds."""
        return self.created + self.updated


class ImportLine(TenantModel):
    """What one line of a file became. Cells are kept for refused lines only, to be corrected and sent again."""

    source = models.ForeignKey(CustomerImport, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome)
    customer = models.ForeignKey(Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    cells = models.JSONField(default=list)
    changes = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "source", "line"], name="import_line_once")]
        indexes = [
            models.Index(fields=["workshop", "source", "outcome", "line"], name="import_lines_by_outcome"),
            models.Index(fields=["workshop", "source", "customer"], name="import_lines_by_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.source} : {self.line}"

    @property
    def filled_cells(self) -> list[str]:
        return [cell for cell in self.cells if cell]


class CustomerExport(TenantModel):
    """An export too long for a request: a worker makes the file."""

    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    filters = models.JSONField(default=dict)
    file_id = models.UUIDField(null=True)
    rows = models.PositiveIntegerField(default=0)
    requested_by = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("export of customers")
        indexes = [
            models.Index(fields=["workshop", "-created_at", "-id"], name="customer_exports_newest_first"),
            models.Index(
                fields=["moved_at"], condition=models.Q(state=ExportState.WAITING), name="customer_exports_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
