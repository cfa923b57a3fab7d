"""Reading files of the workshop in scope."""

from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db.models import Sum

from .models import StoredFile


def private_storage() -> Storage:
    """Where the bytes are: a folder that no address serves, or an S3 bucket."""
    return storages["private"]


def storage_of(tier: str) -> Storage:
    """The storage of a file: the usual one, or the cheaper one of what was archived."""
    return storages[tier]


def get_file(public_id: UUID) -> StoredFile:
    """The file with this identifier; StoredFile.DoesNotExist outside its workshop."""
    found: StoredFile = StoredFile.objects.get(public_id=public_id)
    return found


def open_file(stored: StoredFile) -> "File[bytes]":
    """The bytes as a file to read; FileNotFoundError when the storage lost them. The caller closes it."""
    return storage_of(stored.tier).open(stored.storage_key, "rb")


def count_stored_bytes() -> int:
    """The size of all that the workshop in scope keeps, in bytes: what the counter of storage must say."""
    return StoredFile.objects.aggregate(total=Sum("size"))["total"] or 0
