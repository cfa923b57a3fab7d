"""Making room: the photos of the oldest delivered projects are removed, one project and one transaction at a time.

A run (PhotoPurge) begins at 90 % of the storage and goes on down to 80 %, whatever is killed in between: what was
removed is written in it with the removal itself, and the next call goes on from there. The projects stay complete; the
final report, with their photos reduced, is secured before a photo goes, in the same transaction.
"""

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.entitlements.constants import WARN_TASK, Dimension
from app.entitlements.quotas import Quota
from app.entitlements.selectors import get_quota
from app.files.services import delete_file
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..emails import mail_purge
from ..locks import lock_project, lock_purge
from ..models import Photo, PhotoPurge, PhotoVersion, Project
from ..photo_selectors import report_is_current
from .finishing import write_report
from .photo_versions import remove_versions
from .reporting import make_customer_report
from .room import is_above, list_purgeable

PURGER = Actor.system("photos removed to make room")

log = structlog.get_logger(__name__)


def purge_next(*, workshop: Workshop) -> bool:
    """Remove the photos of one more project, in its own transaction; whether there may be another one."""
    with transaction.atomic():
        quota = get_quota(workshop, Dimension.STORAGE)
        run = _run(workshop, quota)
        if run is None:
            return False
        quota = get_quota(workshop, Dimension.STORAGE)  # read again: the run was perhaps waited for
        if is_above(quota, settings.PHOTO_PURGE_TO_PERCENT):
            tried = [project["pk"] for project in run.projects]
            project = list_purgeable().exclude(pk__in=tried).first()
            if project is not None:
                _purge(workshop, run, project, quota)
                return True
        _finish(workshop, run, quota)
    return False


def _run(workshop: Workshop, quota: Quota) -> PhotoPurge | None:
    """The run in progress, held, or a new one when the storage is full enough and something can go."""
    if not PhotoPurge.objects.filter(finished_at=None).exists():
        if not is_above(quota, settings.PHOTO_PURGE_FROM_PERCENT) or not list_purgeable().exists():
            return None
        begun = {"limit": quota.limit, "used_before": quota.used}
        PhotoPurge.objects.get_or_create(workshop=workshop, finished_at=None, defaults=begun)
    return lock_purge()


def _purge(workshop: Workshop, run: PhotoPurge, project: Project, quota: Quota) -> None:
    """The report first, then the photos; a project whose report cannot be made keeps them."""
    held = lock_project(project.pk)
    removed: dict[str, object] = {"pk": held.pk, "number": held.number, "title": held.title, "photos": 0, "bytes": 0}
    if _secured(workshop, held):
        photos, freed = remove_photos(PURGER, held)
        removed |= {"photos": photos, "bytes": freed}
        changes = {"photos": photos, "bytes": freed, "storage_used": quota.used, "storage_limit": quota.limit,
                   "report": str(held.report_file_id)}  # fmt: skip
        record(workshop=workshop, actor=PURGER, action="project.photos_purged", subject=held, changes=changes)
    run.projects = [*run.projects, removed]
    run.save(update_fields=["projects", "moved_at"])


def _secured(workshop: Workshop, held: Project) -> bool:
    """Whether the project has a report that shows its photos as they are now, and its customer a copy; made if not."""
    try:
        with transaction.atomic():
            if not report_is_current(held):
                write_report(workshop=workshop, held=held)
            make_customer_report(workshop=workshop, project_pk=held.pk)
    except Exception as error:  # whatever the reason, photos without a report stay
        log.exception("report_before_purge_failed", project_id=held.pk, error=type(error).__name__)
        return False
    return True


def remove_photos(actor: Actor, project: Project) -> tuple[int, int]:
    """How many photos and bytes went; the rows stay, and say when."""
    photos = list(Photo.objects.filter(project=project).exclude(original=None).select_related("original"))
    freed = remove_versions(actor, PhotoVersion.objects.filter(photo__project=project).select_related("stored"))
    for photo in photos:
        original, photo.original, photo.purged_at = photo.original, None, timezone.now()
        photo.save(update_fields=["original", "purged_at", "changed_at"])
        if original is not None:
            freed += original.size
            delete_file(actor=actor, stored=original)
    return len(photos), freed


def _finish(workshop: Workshop, run: PhotoPurge, quota: Quota) -> None:
    """Close the run and tell Owners and Administrators what went, once."""
    run.finished_at, run.used_after = timezone.now(), quota.used
    run.save(update_fields=["finished_at", "used_after", "moved_at"])
    send_on_commit(WARN_TASK, workshop_id=workshop.pk)  # the counter is under its threshold again: it may warn anew
    if any(project["photos"] for project in run.projects):
        mail_purge(workshop=workshop, run=run, is_enough=not is_above(quota, settings.PHOTO_PURGE_TO_PERCENT))
