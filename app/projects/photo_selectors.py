"""Reads of photos; every queryset wants a workshop's scope."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone

from app.files.versions import SIZES
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from .constants import PhotoState
from .models import Photo, PhotoSettings, PhotoVersion, Project

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


def list_lost_versions(older_than: timedelta) -> list[tuple[int, int]]:
    """Workshop and photo whose versions were asked for some time ago and never made: the task was lost."""
    with platform_scope():
        lost = Photo.objects.filter(state=PhotoState.WAITING, changed_at__lt=timezone.now() - older_than)
        return list(lost.values_list("workshop_id", "pk")[:500])
