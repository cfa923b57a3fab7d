"""Photos of a project: added, captioned, drawn over, discarded. Nobody deletes them by hand."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.entitlements.errors import QuotaReachedError
from app.files.constants import HEIC
from app.files.intake import Picture, take_in
from app.files.models import StoredFile
from app.files.services import store_file
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import CAPTION_LONGEST, PhotoMoment
from ..locks import lock_photo, lock_project
from ..marks import Mark, read_marks
from ..models import Part, Photo, Project, Step
from .finishing import ask_report
from .room import ask_purge, list_purgeable

VERSIONS_TASK = "projects.make_photo_versions"


def add_photo(
    *, workshop: Workshop, actor: Actor, project: Project, content: bytes, name: str, moment: PhotoMoment,
    part: Part | None = None, step: Step | None = None, caption: str = "", taken_at: datetime | None = None,
    key: UUID | None = None,
) -> Photo:  # fmt: skip
    """Keep a photo of the project, without what it tells of its author; its smaller versions are made afterwards.

    RuleError, which names the file, when it cannot be taken (see `app.files.intake`), when the photos of the project
    have been removed for lack of room, or, as QuotaReachedError, when the storage is full. `name` is not kept.
    `key` is the sender's: sent again with it, the photo is the one that is kept already.
    `taken_at` is the moment on the device: one in the future or before the project is a clock that is wrong.
    """
    picture = _take_in(content, name)
    try:
        photo = _add(workshop, actor, project, picture, moment, part, step, caption, taken_at, key)
    except QuotaReachedError as error:
        ask_purge(workshop=workshop)
        error.message = " ".join([error.message, _hope()])
        raise
    ask_purge(workshop=workshop)
    return photo


def _add(
    workshop: Workshop, actor: Actor, project: Project, picture: Picture, moment: PhotoMoment,
    part: Part | None, step: Step | None, caption: str, taken_at: datetime | None, key: UUID | None,
) -> Photo:  # fmt: skip
    with transaction.atomic():
        held = lock_project(project.pk)
        kept: Photo | None = Photo.objects.filter(project=held, key=key).first() if key else None
        if kept:
            return kept
        _require_place(held, part, step)
        number = (Photo.objects.filter(project=held).aggregate(last=Max("number"))["last"] or 0) + 1
        now = timezone.now()
        seen = taken_at if taken_at and held.created_at <= taken_at <= now else now
        photo: Photo = Photo.objects.create(
            workshop=workshop, project=held, part=part, step=step, number=number, moment=moment,
            caption=caption.strip()[:CAPTION_LONGEST], original=_store(workshop, actor, held, number, picture),
            width=picture.width, height=picture.height, taken_at=seen, added_by_id=actor.user_id,
            added_by_name=actor.label, key=key,
        )  # fmt: skip
        changes: dict[str, object] = {"photo": number, "moment": moment.value}
        if taken_at and seen != taken_at:
            changes["clock_of_device"] = taken_at.isoformat()
        record(workshop=workshop, actor=actor, action="photo.added", subject=held, changes=changes)
        send_on_commit(VERSIONS_TASK, workshop_id=workshop.pk, photo_pk=photo.pk)
    return photo


def edit_caption(*, workshop: Workshop, actor: Actor, photo: Photo, caption: str) -> Photo:
    """Change the caption: the last one written wins, both are in the history."""
    after = {"caption": " ".join(caption.split())[:CAPTION_LONGEST]}
    with transaction.atomic():
        held = lock_photo(photo.pk)
        changes = difference({"caption": held.caption}, after)
        if changes:
            held.caption = after["caption"]
            held.save(update_fields=["caption", "changed_at"])
            told = {"photo": held.number, **changes}
            record(workshop=workshop, actor=actor, action="photo.captioned", subject=held.project, changes=told)
            _tell_report(workshop, held)
    return held


def discard_photo(*, workshop: Workshop, actor: Actor, photo: Photo, reason: str) -> Photo:
    """Mark a wrong photo: it stays for the workshop, out of what the customer sees. RuleError without a reason."""
    if not reason.strip():
        raise RuleError(_("Say why the photo is discarded."), field="reason")
    with transaction.atomic():
        held = lock_photo(photo.pk)
        if held.discarded_at is None:
            held.discarded_at, held.discarded_by_name = timezone.now(), actor.label
            held.discard_reason = reason.strip()[:250]
            held.save(update_fields=["discarded_at", "discarded_by_name", "discard_reason", "changed_at"])
            changes = {"photo": held.number, "reason": held.discard_reason}
            record(workshop=workshop, actor=actor, action="photo.discarded", subject=held.project, changes=changes)
            _tell_report(workshop, held)
    return held


def restore_photo(*, workshop: Workshop, actor: Actor, photo: Photo) -> Photo:
    """Take the discarding back."""
    with transaction.atomic():
        held = lock_photo(photo.pk)
        if held.discarded_at is not None:
            held.discarded_at, held.discarded_by_name, held.discard_reason = None, "", ""
            held.save(update_fields=["discarded_at", "discarded_by_name", "discard_reason", "changed_at"])
            changes = {"photo": held.number}
            record(workshop=workshop, actor=actor, action="photo.restored", subject=held.project, changes=changes)
            _tell_report(workshop, held)
    return held


def draw_marks(*, workshop: Workshop, actor: Actor, photo: Photo, marks: object, version: int) -> tuple[Photo, bool]:
    """Replace the layer drawn over a photo; whether it had changed since `version`, which the writer had seen.

    The last layer written wins; what it replaced is in the history. RuleError when the layer cannot be read.
    """
    layer: list[Mark] = read_marks(marks)
    with transaction.atomic():
        held = lock_photo(photo.pk)
        if held.purged_at:
            raise RuleError(_("This photo has been removed for lack of room."))
        crossed = version != held.marks_version
        if layer != held.marks:
            changes = {"photo": held.number, "version": [held.marks_version, held.marks_version + 1],
                       "marks": [len(held.marks), len(layer)]}  # fmt: skip
            if crossed:
                changes |= {"seen_version": version, "replaced": held.marks}
            held.marks, held.marks_version = layer, held.marks_version + 1
            held.save(update_fields=["marks", "marks_version", "changed_at"])
            record(workshop=workshop, actor=actor, action="photo.marked", subject=held.project, changes=changes)
            _tell_report(workshop, held)
    return held, crossed


def _tell_report(workshop: Workshop, photo: Photo) -> None:
    """The final report shows the photos as they are; once they are purged it is the only one that has them."""
    if photo.purged_at is None:
        ask_report(workshop=workshop, held=lock_project(photo.project_id))


def _take_in(content: bytes, name: str) -> Picture:
    try:
        return take_in(content)
    except RuleError as error:
        shown = name.replace("\\", "/").rsplit("/", 1)[-1][:60]
        message = _("%(name)s: %(reason)s") % {"name": shown, "reason": error.message} if shown else error.message
        raise RuleError(message, field=error.field) from error


def _require_place(project: Project, part: Part | None, step: Step | None) -> None:
    if any(row is not None and row.project_id != project.pk for row in (part, step)):
        raise RuleError(_("This part or this step belongs to another project."))
    if Photo.objects.filter(project=project).exclude(purged_at=None).exists():
        raise RuleError(
            _("The photos of this project have been removed for lack of room; its final report keeps them, reduced.")
        )


def _store(workshop: Workshop, actor: Actor, project: Project, number: int, picture: Picture) -> StoredFile:
    return store_file(
        workshop=workshop, actor=actor, name=f"photo-{project.number}-{number}.{picture.ending}",
        content=picture.content, kind="photo_raw" if picture.content_type == HEIC else "photo",
        content_type=picture.content_type,
    )  # fmt: skip


def _hope() -> str:
    """What somebody whose photo was refused may expect."""
    if list_purgeable().exists():
        return _("Room is being made by removing the photos of the oldest delivered projects: try again in a moment.")
    return _("Nothing can be removed to make room: the photos that are kept belong to projects that are not delivered.")
