"""Where files live: folders by default, any S3 service when S3_BUCKET is set (see .env.example)."""

from pathlib import Path
from typing import Any

import environ

env = environ.Env()


def folder_storage(location: Path) -> dict[str, Any]:
    """Private files in a folder that no address serves."""
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": location, "base_url": None, "file_permissions_mode": 0o600},
    }


def s3_storage(bucket: str, *, prefix: str, public: bool = False) -> dict[str, Any]:
    """A bucket of an S3 service: nothing is public by access list, nothing is overwritten, links expire."""
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": prefix,
            "endpoint_url": env("S3_ENDPOINT_URL", default=None),
            "region_name": env("S3_REGION", default=None),
            "access_key": env("S3_ACCESS_KEY", default=None),
            "secret_key": env("S3_SECRET_KEY", default=None),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": not public,
            "querystring_expire": 300,
            "signature_version": "s3v4",
            "addressing_style": env("S3_ADDRESSING_STYLE", default="auto"),
        },
    }


def private_storage(folder: Path) -> dict[str, Any]:
    """The storage of the workshops' files."""
    bucket = env("S3_BUCKET", default="")
    return s3_storage(bucket, prefix="private") if bucket else folder_storage(folder)


def archive_storage(folder: Path) -> dict[str, Any]:
    """The storage of archived originals: S3_ARCHIVE_BUCKET, or a cheaper class of the same bucket, or a folder."""
    bucket = env("S3_ARCHIVE_BUCKET", default="") or env("S3_BUCKET", default="")
    if not bucket:
        return folder_storage(folder)
    archive = s3_storage(bucket, prefix="archive")
    archive["OPTIONS"]["object_parameters"] = {"StorageClass": env("S3_ARCHIVE_CLASS", default="GLACIER_IR")}
    return archive


def media_storage() -> dict[str, Any]:
    """The storage of the pictures of the public site."""
    bucket = env("S3_MEDIA_BUCKET", default="")
    if bucket:
        return s3_storage(bucket, prefix="media", public=True)
    return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
