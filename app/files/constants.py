"""The kinds of private files: who may download them, what they may contain, how large they may be."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from app.tenancy.permissions import Permission

MEGABYTE = 1024 * 1024
PDF, PNG, JPEG, WEBP = "application/pdf", "image/png", "image/jpeg", "image/webp"
HEIC = "image/heic"  # a worker makes it a JPEG
CSV, TEXT, ZIP, XLSX = (
    "text/csv",
    "text/plain",
    "application/zip",
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
IMAGES = frozenset({PNG, JPEG, WEBP})
#: Types that a browser may show in its own page: they run no script of their sender. The others are downloaded.
SHOWN_TYPES = IMAGES | {PDF}
NAME_LONGEST = 200
PHOTO_LARGEST = 10 * MEGABYTE
#: Pixels of a photo. A JPEG is decoded reduced, whatever its size. The other formats unfold whole, in a process of
#: their own whose memory follows them (`decoding`): as many as the "50 megapixels" of telephones, 8192 × 6144 at most.
PHOTO_PIXELS = {JPEG: 60_000_000, HEIC: 50_500_000, PNG: 50_500_000, WEBP: 50_500_000}
SIGNED_LINK_LIFETIME = timedelta(minutes=15)
#: An unfinished write older than this was abandoned: no request lasts as long.
ABANDONED_AFTER = timedelta(hours=24)


class Tier(models.TextChoices):
    """The storage that holds the bytes: the names of `STORAGES`."""

    PRIVATE = "private", _("Usual storage")
    ARCHIVE = "archive", _("Archive")


@dataclass(frozen=True)
class FileKind:
    """What the product does with a file."""

    permission: Permission
    types: frozenset[str]
    largest: int = 25 * MEGABYTE
    #: Whether it is kept though the storage is full: what the product makes itself, proofs, the way out of the data.
    beyond_quota: bool = False
    #: Whether anybody may have it: what still tells of its author is for the worker alone.
    is_served: bool = True


KINDS: dict[str, FileKind] = {
    "quote": FileKind(Permission.QUOTES_READ, frozenset({PDF}), beyond_quota=True),
    "signature": FileKind(Permission.QUOTES_READ, frozenset({PNG, JPEG}), 2 * MEGABYTE, beyond_quota=True),
    "report": FileKind(Permission.PROJECTS_READ, frozenset({PDF}), beyond_quota=True),
    "labels": FileKind(Permission.PROJECTS_READ, frozenset({PDF}), beyond_quota=True),
    "photo": FileKind(Permission.PROJECTS_READ, IMAGES, PHOTO_LARGEST),
    # A photo as it came, until a worker has made it a JPEG; the JPEG weighs more, and is not refused.
    "photo_raw": FileKind(Permission.PROJECTS_READ, frozenset({HEIC}), PHOTO_LARGEST, is_served=False),
    "photo_converted": FileKind(Permission.PROJECTS_READ, frozenset({JPEG}), 60 * MEGABYTE, beyond_quota=True),
    # Versions of a photo that was accepted: counted, but not refused.
    "photo_version": FileKind(Permission.PROJECTS_READ, IMAGES, PHOTO_LARGEST, beyond_quota=True),
    "logo": FileKind(Permission.HOME_VIEW, IMAGES, 5 * MEGABYTE),
    "attachment": FileKind(Permission.MESSAGES_READ, IMAGES | {PDF, CSV, TEXT, XLSX}),
    "import": FileKind(Permission.CUSTOMERS_EDIT, frozenset({CSV, TEXT}), 50 * MEGABYTE),
    "import_report": FileKind(Permission.CUSTOMERS_EDIT, frozenset({CSV, TEXT}), 100 * MEGABYTE, beyond_quota=True),
    "saas_invoice": FileKind(Permission.SUBSCRIPTION_MANAGE, frozenset({PDF}), beyond_quota=True),
    "export": FileKind(
        Permission.CUSTOMERS_EXPORT, frozenset({CSV, TEXT, ZIP, XLSX}), 200 * MEGABYTE, beyond_quota=True
    ),
}
