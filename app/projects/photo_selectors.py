"""Reads of photos; every queryset wants a workshop's scope."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Max, Prefetch
from django.utils import timezone

from app.entitlements.constants import STORAGE_WARN_FROM, Dimension
from app.entitlements.models import Usage
from app.files.models import StoredFile
from app.files.versions import SIZES
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from .constants import PhotoState
from .models import Photo, PhotoPurge, PhotoSettings, PhotoVersion, Project

SIZE_NAMES = tuple(size for size, _side, _quality in SIZES)


def get_photo_settings(workshop: Workshop) -> PhotoSettings:
    """What the workshop does with its photos; the defaults, not saved, while it has chosen nothing."""
    return PhotoSettings.objects.first() or PhotoSettings(workshop=workshop)


def customer_mark(workshop: Workshop) -> UUID | None:
    """The logo to lay over what customers see, or None: not asked for, or there is no logo."""
    return workshop.logo_file_id if get_photo_settings(workshop).watermark else None


def list_photos(project: Project) -> list[Photo]:
    """The photos of a project, the oldest first, with part, step, original and versions."""
    versions = Prefetch("versions", PhotoVersion.objects.select_related("stored").order_by("-width"))
    photos = Photo.objects.filter(project=project).select_related("part", "step", "original")
    return list(photos.prefetch_related(versions).order_by("taken_at", "pk"))


def get_photo(project: Project, photo_pk: int) -> Photo:
    """One photo of a project; Photo.DoesNotExist for another project's."""
    return Photo.objects.select_related("part", "step", "original").get(project=project, pk=photo_pk)


def photos_in_preparation(project: Project) -> bool:
    """Whether a photo of the project waits for its versions."""
    return Photo.objects.filter(project=project, state=PhotoState.WAITING).exclude(original=None).exists()


def report_is_current(project: Project) -> bool:
    """Whether the final report was made after the last change of a photo: it shows them as they are."""
    changed = Photo.objects.filter(project=project).aggregate(last=Max("changed_at"))["last"]
    report = StoredFile.objects.filter(public_id=project.report_file_id).first() if project.report_file_id else None
    return report is not None and (changed is None or report.created_at > changed)


def list_kept_photos(project: Project) -> list[Photo]:
    """The photos of a project that may be shown to others: neither discarded nor purged, with their versions."""
    return [photo for photo in list_photos(project) if photo.discarded_at is None and photo.original_id]


def list_lost_versions(older_than: timedelta) -> list[tuple[int, int]]:
    """Workshop and photo whose versions were asked for some time ago and never made: the task was lost."""
    with platform_scope():
        lost = Photo.objects.filter(state=PhotoState.WAITING, changed_at__lt=timezone.now() - older_than)
        return list(lost.values_list("workshop_id", "pk")[:500])


def list_lost_purges(older_than: timedelta) -> list[int]:
    """The workshops whose removal of photos has stopped on the way."""
    with platform_scope():
        open_runs = PhotoPurge.objects.filter(finished_at=None, moved_at__lt=timezone.now() - older_than)
        return list(open_runs.values_list("workshop_id", flat=True))


def list_full_storages() -> list[int]:
    """The workshops that were warned that room is being made, whatever has filled their storage."""
    with platform_scope():
        full = Usage.objects.filter(dimension=Dimension.STORAGE, warned_at_percent__gte=STORAGE_WARN_FROM[1])
        return list(full.values_list("workshop_id", flat=True))
