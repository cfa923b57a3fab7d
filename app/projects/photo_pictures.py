"""Photos as a page shows them: where each version is, and what lies over it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.files.constants import JPEG, WEBP
from app.files.versions import FALLBACK
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop

from .constants import PhotoMoment
from .marks import SCALE, Shape, shapes_of, view_box
from .models import Photo, PhotoVersion

ORDER = (PhotoMoment.BEFORE, PhotoMoment.STEP, PhotoMoment.DEFECT, PhotoMoment.AFTER)
UrlOf = Callable[[PhotoVersion], str]


@dataclass(frozen=True)
class PhotoPicture:
    """A photo with the addresses of its versions; without one it is in preparation, unreadable or purged."""

    photo: Photo
    srcset: str
    fallback: str
    shapes: list[Shape]

    @property
    def is_shown(self) -> bool:
        return bool(self.fallback)

    @property
    def alt(self) -> str:
        """What stands for the picture, with the notes that are written on it."""
        notes = [shape.text for shape in self.shapes if shape.text]
        return " — ".join([self.photo.description, *notes])

    @property
    def view_box(self) -> str:
        return view_box(self.photo.width, self.photo.height)

    @property
    def height(self) -> int:
        """For a width of SCALE: the room that the page keeps before the picture comes."""
        return round(SCALE * self.photo.height / self.photo.width)


@dataclass(frozen=True)
class PhotoGroup:
    """The pictures of one moment of the work."""

    moment: PhotoMoment
    pictures: list[PhotoPicture]


def picture_of(photo: Photo, versions: Iterable[PhotoVersion], url_of: UrlOf) -> PhotoPicture:
    """The picture made of these versions (the workshop's own, or those of its customers)."""
    found = sorted(versions, key=lambda version: version.width)
    web = {version.width: url_of(version) for version in found if version.content_type == WEBP}
    fallbacks = [url_of(version) for version in found if (version.content_type, version.size) == (JPEG, FALLBACK)]
    return PhotoPicture(
        photo=photo,
        srcset=", ".join(f"{url} {width}w" for width, url in web.items()),
        fallback=fallbacks[0] if fallbacks else "",
        shapes=shapes_of(photo.marks, photo.width, photo.height),
    )


def workshop_pictures(workshop: Workshop, photos: Iterable[Photo]) -> list[PhotoPicture]:
    """What members see: versions without a mark, at addresses that ask for their session."""

    def url_of(version: PhotoVersion) -> str:
        return workshop_url(workshop, "files:download", public_id=version.stored.public_id)

    return [
        picture_of(photo, [version for version in photo.made if version.mark_file_id is None], url_of)
        for photo in photos
    ]


def by_moment(pictures: Iterable[PhotoPicture]) -> list[PhotoGroup]:
    """The pictures under each moment, in the order of the work; moments without a picture are left out."""
    held = list(pictures)
    groups = [PhotoGroup(moment, [one for one in held if one.photo.moment == moment]) for moment in ORDER]
    return [group for group in groups if group.pictures]


def before_and_after(pictures: Iterable[PhotoPicture]) -> tuple[PhotoPicture, PhotoPicture] | None:
    """The first photo before and the last one after, to be compared; None without both."""
    shown = [one for one in pictures if one.is_shown and one.photo.discarded_at is None]
    before = [one for one in shown if one.photo.moment == PhotoMoment.BEFORE]
    after = [one for one in shown if one.photo.moment == PhotoMoment.AFTER]
    return (before[0], after[-1]) if before and after else None
