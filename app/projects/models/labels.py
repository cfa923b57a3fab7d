"""Labels that were printed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.documents.labels import Marks, Size
from app.tenancy.base import TenantModel

from .work import Part, Project


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
