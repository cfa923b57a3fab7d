"""The photos of a project inside its final report: reduced, with what is drawn over them."""

from dataclasses import dataclass
from uuid import UUID

import structlog

from app.documents.pictures import data_url
from app.files.constants import JPEG
from app.files.services import read_file

from .constants import PhotoMoment
from .marks import Shape, shapes_of, view_box
from .models import Photo, Project
from .photo_selectors import list_customer_photos, list_kept_photos

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class ReportPhoto:
    """A photo of the report; `source` is empty when its file cannot be read, which the report then says."""

    photo: Photo
    source: str
    shapes: list[Shape]
    view_box: str


def list_report_photos(project: Project) -> list[ReportPhoto]:
    """The photos of the report in the order of the work, without those that were discarded."""
    return _in_order(list_kept_photos(project), None)


def list_customer_report_photos(project: Project, mark: UUID | None) -> list[ReportPhoto]:
    """The photos that its customer may see, under the mark of the workshop where it has chosen one."""
    return _in_order(list_customer_photos(project), mark)


def _in_order(photos: list[Photo], mark: UUID | None) -> list[ReportPhoto]:
    order = [PhotoMoment.BEFORE, PhotoMoment.STEP, PhotoMoment.DEFECT, PhotoMoment.AFTER]
    photos = sorted(photos, key=lambda photo: order.index(PhotoMoment(photo.moment)))
    return [
        ReportPhoto(
            photo=photo,
            source=_reduced(photo, mark),
            shapes=shapes_of(photo.marks, photo.width, photo.height),
            view_box=view_box(photo.width, photo.height),
        )
        for photo in photos
    ]


def _reduced(photo: Photo, mark: UUID | None) -> str:
    """The medium JPEG, of which a page takes what it needs."""
    for version in photo.made:
        if version.content_type == JPEG and version.mark_file_id == mark:
            try:
                return data_url(read_file(version.stored.public_id), JPEG)
            except FileNotFoundError:
                log.exception("file_lost", file_id=version.stored_id)
    return ""
