"""Private files of a workshop: the row says what and whose, the storage holds the bytes."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.tenancy.models import TenantModel

from .constants import SHOWN_TYPES, Tier


class StoredFile(TenantModel):
    """One file. Its content never changes: a new content is a new file. It may move to a cheaper storage."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=30)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    storage_key = models.CharField(max_length=200)
    tier = models.CharField(max_length=10, choices=Tier, default=Tier.PRIVATE)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(_("added on"), auto_now_add=True)

    class Meta:
        verbose_name = _("file")
        constraints = (
            models.UniqueConstraint(fields=["workshop", "public_id"], name="files_public_id_unique"),
            models.UniqueConstraint(fields=["workshop", "storage_key"], name="files_storage_key_unique"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def can_be_shown(self) -> bool:
        """Whether a browser may show it in a page rather than download it."""
        return self.content_type in SHOWN_TYPES


class FileRemoval(TenantModel):
    """Bytes to remove from the storage, written with the deletion of their row, gone once they are removed."""

    storage_key = models.CharField(max_length=200)
    tier = models.CharField(max_length=10, choices=Tier, default=Tier.PRIVATE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("file to remove")
        indexes = (models.Index(fields=["workshop", "created_at"], name="files_removal_age"),)

    def __str__(self) -> str:
        return self.storage_key


def new_storage_key(workshop_id: int) -> str:
    """A key that no one can guess; the day in it lets the sweep look only at recent writes."""
    return f"{day_folder(workshop_id)}/{uuid.uuid4().hex}"


def day_folder(workshop_id: int, days_ago: int = 0) -> str:
    """The folder of what a workshop stored on one day (UTC)."""
    day = (timezone.now() - timedelta(days=days_ago)).strftime("%Y-%m-%d")
    return f"w{workshop_id}/{day}"
