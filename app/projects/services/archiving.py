"""Archiving: the originals of projects delivered long ago move to a cheaper storage, and come back when asked for.

Their smaller versions stay where they are, so that nothing changes on the screens.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.files.constants import Tier
from app.files.services import move_file
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import PhotoState
from ..locks import lock_photo, lock_project
from ..models import Photo, Project
from ..photo_selectors import get_photo_settings, list_archivable

ARCHIVER = Actor.system("photos archived")
MONTH = timedelta(days=30.4375)


def archive_next(*, workshop: Workshop, now: datetime | None = None) -> bool:
    """Archive the originals of one more project, in its own transaction; whether there may be another one."""
    months = get_photo_settings(workshop).archive_after_months
    if months is None:
        return False
    with transaction.atomic():
        project = list_archivable((now or timezone.now()) - months * MONTH).first()
        if project is None:
            return False
        held = lock_project(project.pk)
        photos = _archive_photos(held)
        changes = {"photos": photos, "after_months": months}
        record(workshop=workshop, actor=ARCHIVER, action="project.photos_archived", subject=held, changes=changes)
    return True


def unarchive_photo(*, workshop: Workshop, actor: Actor, photo: Photo) -> Photo:
    """Bring an original back to the usual storage, where it stays."""
    with transaction.atomic():
        held = lock_photo(photo.pk)
        if held.archived_at is None or held.original is None:
            return held
        move_file(stored=held.original, tier=Tier.PRIVATE)
        held.archived_at, held.is_kept_at_hand = None, True
        held.save(update_fields=["archived_at", "is_kept_at_hand"])
        changes = {"photo": held.number}
        record(workshop=workshop, actor=actor, action="photo.unarchived", subject=held.project, changes=changes)
    return held


def _archive_photos(project: Project) -> int:
    photos = Photo.objects.filter(project=project, archived_at=None, is_kept_at_hand=False, state=PhotoState.READY)
    held = list(photos.exclude(original=None).select_related("original"))
    for photo in held:
        assert photo.original
        move_file(stored=photo.original, tier=Tier.ARCHIVE)
        photo.archived_at = timezone.now()
        photo.save(update_fields=["archived_at"])
    return len(held)
