"""Whether the storage has room for photos, and asking for some to be made."""

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from app.entitlements.constants import Dimension
from app.entitlements.quotas import Quota
from app.entitlements.selectors import get_quota
from app.kernel.jobs import send_on_commit
from app.tenancy.models import Workshop

from ..constants import ProjectStatus
from ..models import Photo, Project

PURGE_TASK = "projects.purge_photos"


def is_above(quota: Quota, percent: int) -> bool:
    """Whether more than this share of the storage is used: exact, not rounded."""
    return quota.limit is not None and quota.used * 100 >= quota.limit * percent


def list_purgeable() -> "QuerySet[Project]":
    """The delivered projects that have photos, the oldest first: the only ones whose photos may be removed."""
    photos = Photo.objects.filter(project=OuterRef("pk")).exclude(original=None)
    delivered = Project.objects.filter(Exists(photos), status=ProjectStatus.DELIVERED)
    return delivered.order_by("delivered_at", "pk")


def ask_purge(*, workshop: Workshop) -> None:
    """Have room made once the storage is that full."""
    if is_above(get_quota(workshop, Dimension.STORAGE), settings.PHOTO_PURGE_FROM_PERCENT):
        send_on_commit(PURGE_TASK, workshop_id=workshop.pk)
