"""The audit trail: who did what, when, on which data, with old and new values. Rows are only ever added."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.tenancy.base import TenantModel

from .labels import field_label, kind_label, label_of, origin_label


class AuditEntry(TenantModel):
    """One act. The application's role may add rows to this table and read them, nothing else."""

    app_rights: ClassVar[str] = "SELECT, INSERT"

    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(_("who"), max_length=160)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    origin = models.CharField(_("from"), max_length=20)
    ip = models.GenericIPAddressField(null=True)
    action = models.CharField(_("action"), max_length=60)
    subject_kind = models.CharField(_("data"), max_length=60)
    subject_pk = models.BigIntegerField()
    subject_label = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        verbose_name = _("audit entry")
        indexes = [
            models.Index(fields=["workshop", "-at", "-id"], name="audit_newest_first"),
            models.Index(fields=["workshop", "subject_kind", "subject_pk", "-at"], name="audit_of_a_subject"),
            models.Index(fields=["workshop", "user", "-at"], name="audit_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_label}"

    @property
    def label(self) -> str:
        """The act in words."""
        return label_of(self.action)

    @property
    def kind_name(self) -> str:
        """The kind of data in words."""
        return kind_label(self.subject_kind)

    @property
    def origin_name(self) -> str:
        """Where the act came from, in words."""
        return origin_label(self.origin)

    @property
    def change_rows(self) -> list[tuple[str, Any, Any]]:
        """What changed as (field, old, new); a fact that is not a change has no old value."""
        rows = []
        for name, value in self.changes.items():
            old, new = value if isinstance(value, list) and len(value) == 2 else (None, value)
            rows.append((field_label(name), _shown(old), _shown(new)))
        return rows


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        value = list(value.values())
    return ", ".join(str(item) for item in value) if isinstance(value, list) else value
