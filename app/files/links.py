"""Short-lived links for people without an account: whoever holds one may read one file until it expires."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.urls import reverse
from django.utils import timezone

from .constants import SIGNED_LINK_LIFETIME
from .models import StoredFile

SALT = "app.files.links"


class LinkError(Exception):
    """The link was altered or has expired."""


@dataclass(frozen=True)
class LinkTarget:
    """What a link gives access to."""

    workshop_id: int
    public_id: UUID


def signed_url(stored: StoredFile, ttl: timedelta = SIGNED_LINK_LIFETIME) -> str:
    """The path of a link to one file that works until `ttl` from now."""
    expires = int((timezone.now() + ttl).timestamp())
    token = signing.dumps([stored.workshop_id, stored.public_id.hex, expires], salt=SALT)
    return reverse("public_files:signed_download", kwargs={"token": token})


def read_link(token: str) -> LinkTarget:
    """What the link opens; LinkError when it was altered or has expired."""
    try:
        workshop_id, public_id, expires = signing.loads(token, salt=SALT)
        target = LinkTarget(int(workshop_id), UUID(public_id))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkError from error
    if timezone.now().timestamp() >= expires:
        raise LinkError
    return target
