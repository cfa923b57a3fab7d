"""Making the smaller versions of a photo: by a worker, once, however often it is asked and whatever is killed.

The attempt is counted in a transaction of its own before the picture is touched: a picture that kills the worker is
given up after some attempts instead of coming back for ever.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import structlog
from django.db import transaction
from PIL import Image

from app.files.constants import HEIC, JPEG
from app.files.decoding import TooLargeError, UnreadableError, jpeg_of
from app.files.models import StoredFile
from app.files.services import delete_file, read_file, store_file
from app.files.versions import Version, make_versions
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import PhotoState
from ..locks import lock_photo, lock_project
from ..models import Photo, PhotoVersion
from ..photo_selectors import customer_mark
from .finishing import ask_report
from .room import ask_purge

CUSTOMER_TASK = "projects.make_customer_versions"
ATTEMPTS_MOST = 5
RESIZER = Actor.system("versions of photos")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Mark:
    """The workshop's logo."""

    file_id: UUID
    content: bytes


def begin_versions(*, photo_pk: int) -> bool:
    """Count an attempt; False when there is nothing to do any more, or when it was tried often enough."""
    with transaction.atomic():
        held = lock_photo(photo_pk)
        if held.state != PhotoState.WAITING or held.original_id is None:
            return False
        held.attempts += 1
        if held.attempts > ATTEMPTS_MOST:
            held.state = PhotoState.FAILED
        held.save(update_fields=["attempts", "state", "changed_at"])
    return held.state == PhotoState.WAITING


def finish_versions(*, workshop: Workshop, photo_pk: int) -> None:
    """Make the versions and keep them, all or none; a picture that cannot be decoded is said to be
    unreadable, or too large for the memory that is given to it."""
    photo = Photo.objects.select_related("original").get(pk=photo_pk)
    if photo.original is None:
        return
    content, mark, without = read_file(photo.original.public_id), _mark(workshop), PhotoState.FAILED
    is_raw = photo.original.content_type == HEIC
    try:
        content = jpeg_of(content) if is_raw else content
        plain = list(make_versions(content))
        marked = list(make_versions(content, mark.content)) if mark else []
    except UnreadableError as error:
        without = PhotoState.TOO_LARGE if isinstance(error, TooLargeError) else PhotoState.FAILED
        log.warning("photo_without_versions", photo_id=photo.pk, state=without)
        plain = marked = []
    with transaction.atomic():
        held = lock_photo(photo_pk)
        if held.state != PhotoState.WAITING or held.original_id is None:
            return
        if is_raw and plain:
            _replace_original(workshop, held, content)
        _keep(workshop, held, plain, None)
        _keep(workshop, held, marked, mark.file_id if mark else None)
        held.state = PhotoState.READY if plain else without
        held.save(update_fields=["state", "changed_at"])
        ask_report(workshop=workshop, held=lock_project(held.project_id))
    ask_purge(workshop=workshop)


def refresh_customer_versions(*, workshop: Workshop, photo_pk: int) -> None:
    """Make what the customer sees with the mark of today, and remove what carries another one; safe to repeat."""
    mark = _mark(workshop)
    photo = Photo.objects.select_related("original").get(pk=photo_pk)
    if photo.state != PhotoState.READY or photo.original is None:
        return
    marked = PhotoVersion.objects.filter(photo=photo).exclude(mark_file_id=None)
    wanted = marked.filter(mark_file_id=mark.file_id) if mark else marked.none()
    made: list[Version] = []
    if mark and not wanted.exists():
        made = list(make_versions(read_file(photo.original.public_id), mark.content))
    with transaction.atomic():
        held = lock_photo(photo_pk)
        if held.original_id is None:
            return
        remove_versions(RESIZER, marked.exclude(mark_file_id=mark.file_id) if mark else marked)
        if mark and not wanted.exists():
            _keep(workshop, held, made, mark.file_id)


def ask_customer_versions(*, workshop: Workshop, photos: Iterable[Photo]) -> None:
    """Have the customer's versions of these photos made."""
    for photo in photos:
        send_on_commit(CUSTOMER_TASK, workshop_id=workshop.pk, photo_pk=photo.pk)


def remove_versions(actor: Actor, versions: Iterable[PhotoVersion]) -> int:
    """Remove versions with their files, and give their room back; how many bytes."""
    freed = 0
    for version in list(versions):
        stored = version.stored
        version.delete()
        delete_file(actor=actor, stored=stored)
        freed += stored.size
    return freed


def _mark(workshop: Workshop) -> Mark | None:
    """The logo to lay over what customers see; None without one, or when its file has gone."""
    file_id = customer_mark(workshop)
    try:
        return Mark(file_id, read_file(file_id)) if file_id else None
    except (StoredFile.DoesNotExist, FileNotFoundError):
        log.exception("file_lost", file_id=str(file_id))
        return None


def _replace_original(workshop: Workshop, photo: Photo, jpeg: bytes) -> None:
    """Keep the JPEG of a HEIC in its place: what tells of its author goes away with it."""
    raw = photo.original
    photo.width, photo.height = Image.open(BytesIO(jpeg)).size
    photo.original = store_file(
        workshop=workshop, actor=RESIZER, name=f"photo-{photo.project.number}-{photo.number}.jpg", content=jpeg,
        kind="photo_converted", content_type=JPEG,
    )  # fmt: skip
    photo.save(update_fields=["original", "width", "height", "changed_at"])
    if raw is not None:
        delete_file(actor=RESIZER, stored=raw)


def _keep(workshop: Workshop, photo: Photo, made: Iterable[Version], mark: UUID | None) -> None:
    start = f"photo-{photo.project.number}-{photo.number}"
    for version in made:
        ending = "jpg" if version.content_type == JPEG else "webp"
        stored = store_file(
            workshop=workshop, actor=RESIZER, name=f"{start}-{version.size}.{ending}",
            content=version.content, kind="photo_version", content_type=version.content_type,
        )  # fmt: skip
        PhotoVersion.objects.create(
            workshop=workshop, photo=photo, size=version.size, content_type=version.content_type, mark_file_id=mark,
            stored=stored, width=version.width, height=version.height,
        )  # fmt: skip
