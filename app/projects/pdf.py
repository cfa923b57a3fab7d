"""The final report: everything that was done, by whom, when, with reduced photos."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.utils import timezone, translation
from PIL import Image

from app.documents.pdf import render_pdf
from app.documents.pictures import data_url, logo_url
from app.files.constants import JPEG
from app.files.selectors import open_file
from app.tenancy.models import Workshop

from .constants import PhotoMoment
from .models import Photo, PhotoVersion, Project
from .passes import tell_course
from .photo_selectors import list_photos
from .selectors import list_nonconformities, list_parts, list_steps

#: Longest side of a photo in the report, in pixels, and its JPEG quality: about 60 KB each.
SIDE, QUALITY = 800, 76
ORDER = (PhotoMoment.BEFORE, PhotoMoment.AFTER, PhotoMoment.STEP, PhotoMoment.DEFECT)


@dataclass(frozen=True)
class Shown:
    """A photo of the report and its picture, as an address that holds it."""

    photo: Photo
    picture: str


def report_pdf(workshop: Workshop, project: Project) -> bytes:
    """The PDF of the traceability of a project, in the language of the product; no price is in the context."""
    nonconformities = list_nonconformities(project)
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "workshop": workshop,
            "logo": logo_url(workshop),
            "project": project,
            "today": timezone.localdate(),
            "parts": list_parts(project),
            "events": tell_course(list_steps(project), nonconformities),
            "nonconformities": nonconformities,
            "groups": list(_groups(list_photos(project))),
        }
        return render_pdf("projects/report_pdf.html", context, accent=workshop.accent)


def _groups(photos: Sequence[Photo]) -> Iterator[tuple[PhotoMoment, list[Shown]]]:
    """The photos that nobody has discarded, by moment, before and after first."""
    for moment in ORDER:
        shown = [Shown(photo, picture) for photo in photos if photo.moment == moment and (picture := _picture(photo))]
        if shown:
            yield moment, shown


def _picture(photo: Photo) -> str:
    """The photo reduced for the page; empty for one that is discarded, purged, or could not be read."""
    version = next((one for one in photo.versions.all() if one.content_type == JPEG and not one.mark_file_id), None)
    if photo.discarded_at or version is None:
        return ""
    try:
        return data_url(_reduced(version), JPEG)
    except (FileNotFoundError, OSError):
        return ""


def _reduced(version: PhotoVersion) -> bytes:
    with open_file(version.stored) as handle:
        image = Image.open(handle)
        image.draft("RGB", (SIDE, SIDE))
        image.thumbnail((SIDE, SIDE))
        buffer = BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
