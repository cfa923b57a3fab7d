"""Reads of photos; every queryset wants a workshop's scope."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from app.crm.models import Customer
from app.entitlements.constants import STORAGE_WARN_FROM, Dimension
from app.entitlements.models import Usage
from app.files.constants import JPEG, WEBP
from app.files.models import StoredFile
from app.files.versions import FALLBACK, SIZES
from app.tenancy.models import Workshop
from app.tenancy.questions import written_once
from app.tenancy.scope import platform_scope
from app.tenancy.written import workshop_rows

from .constants import PhotoState, ProjectStatus
from .models import Photo, PhotoConsent, PhotoPurge, PhotoSettings, PhotoVersion, Project

CUSTOMER_SIZES = (*(size for size, _side, _quality in SIZES), "jpeg")


def get_photo_settings(workshop: Workshop) -> PhotoSettings:
    """What the workshop does with its photos; the defaults, not saved, while it has chosen nothing."""
    chosen = workshop_rows(PhotoSettings, "LIMIT 1")
    return chosen[0] if chosen else PhotoSettings(workshop=workshop)


def customer_mark(workshop: Workshop) -> UUID | None:
    """The logo to lay over what customers see, or None: not asked for, or there is no logo."""
    return workshop.logo_file_id if get_photo_settings(workshop).watermark else None


def find_photo_consent(customer: Customer) -> PhotoConsent | None:
    """The customer's agreement in force, or None."""
    given = "AND customer_id = %s AND withdrawn_at IS NULL ORDER BY given_at, id LIMIT 1"
    return next(iter(workshop_rows(PhotoConsent, given, [customer.pk])), None)


def photos_are_shown(workshop: Workshop, customer: Customer) -> bool:
    """Whether this customer may see the photos of their parts: the workshop shows them and they have agreed."""
    return get_photo_settings(workshop).shown_to_customers and find_photo_consent(customer) is not None


def list_photos(project: Project) -> list[Photo]:
    """The photos of a project, the oldest first, with part, step, original and versions."""
    photos, made = _photos(project.pk), defaultdict(list)
    for version in _versions(project.pk):
        made[version.photo_id].append(version)
    for photo in photos:
        photo.made = made[photo.pk]
    return photos


@written_once
def _photos(project_pk: int) -> "QuerySet[Photo]":
    photos = Photo.objects.filter(project_id=project_pk).select_related("part", "step", "original")
    return photos.order_by("taken_at", "pk")


@written_once
def _versions(project_pk: int) -> "QuerySet[PhotoVersion]":
    shown = ("photo", "size", "content_type", "mark_file_id", "width", "height", "stored__public_id")
    versions = PhotoVersion.objects.filter(photo__project_id=project_pk).select_related("stored")
    return versions.only(*shown).order_by("-width", "pk")


def get_photo(project: Project, photo_pk: int) -> Photo:
    """One photo of a project; Photo.DoesNotExist for another project's."""
    return Photo.objects.select_related("part", "step", "original").get(project=project, pk=photo_pk)


def list_photographed_steps(step_pks: Collection[int]) -> set[int]:
    """Those of these steps that have a photo of their own, which nobody has discarded."""
    kept = Photo.objects.filter(step__in=step_pks, discarded_at=None)
    return {pk for pk in kept.values_list("step_id", flat=True) if pk}


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


def list_customer_photos(project: Project) -> list[Photo]:
    """The photos of a project that its customer may see, where they agreed, with their versions."""
    return [photo for photo in list_photos(project) if photo.is_for_customer]


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


def list_archivable(delivered_before: datetime) -> "QuerySet[Project]":
    """The projects delivered before that moment whose originals are still in the usual storage, the oldest first."""
    photos = Photo.objects.filter(
        project=OuterRef("pk"), archived_at=None, is_kept_at_hand=False, state=PhotoState.READY
    ).exclude(original=None)
    delivered = Project.objects.filter(
        Exists(photos), status=ProjectStatus.DELIVERED, delivered_at__lt=delivered_before
    )
    return delivered.order_by("delivered_at", "pk")


def list_archiving_workshops() -> list[int]:
    """The workshops that archive their photos."""
    with platform_scope():
        return list(PhotoSettings.objects.exclude(archive_after_months=None).values_list("workshop_id", flat=True))


def find_customer_version(photo: Photo, size: str, mark: UUID | None) -> PhotoVersion | None:
    """The version of a photo that its customer may see at a size: with the mark of today where there is one.

    `jpeg` is the fallback of browsers that show no WebP.
    """
    kind = {"size": FALLBACK, "content_type": JPEG} if size == "jpeg" else {"size": size, "content_type": WEBP}
    return PhotoVersion.objects.select_related("stored").filter(photo=photo, mark_file_id=mark, **kind).first()


def list_purges() -> "QuerySet[PhotoPurge]":
    """The latest removals of photos, the newest first."""
    return PhotoPurge.objects.order_by("-pk")[:10]
