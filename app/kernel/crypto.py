"""Secrets in the database: AES-256-GCM with a ring of keys.

The first key of settings.FIELD_ENCRYPTION_KEYS encrypts, all of them decrypt: to change key, put the
new one first, save the rows again, then remove the old one. A value is bound to its column: copied to
another one it does not decrypt.
"""

import base64
import hashlib
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

VERSION = "v1"
NONCE_BYTES = 12
KEY_BYTES = 32


class DecryptionError(Exception):
    """The value was changed, belongs to another column, or its key is no longer in the ring."""


def encrypt(plain: str, *, purpose: str) -> str:
    """`v1:<key id>:<nonce and text>`; the purpose is authenticated with it and must be given to decrypt."""
    key_id, key = next(iter(_ring().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), purpose.encode())
    return f"{VERSION}:{key_id}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, purpose: str) -> str:
    """The text that `encrypt` was given. Raises DecryptionError."""
    version, _, rest = stored.partition(":")
    key_id, _, body = rest.partition(":")
    key = _ring().get(key_id)
    if version != VERSION or key is None:
        raise DecryptionError("no key of the ring opens this value")
    sealed = base64.urlsafe_b64decode(body)
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode()).decode()
    except InvalidTag as error:
        raise DecryptionError("the value was changed or belongs to another column") from error


def new_key() -> str:
    """A random key as it is written in the settings."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def _ring() -> dict[str, bytes]:
    ring = {}
    for encoded in settings.FIELD_ENCRYPTION_KEYS:
        key = base64.urlsafe_b64decode(encoded)
        if len(key) != KEY_BYTES:
            raise ImproperlyConfigured("each FIELD_ENCRYPTION_KEYS entry must be 32 bytes in URL-safe base 64")
        ring[hashlib.sha256(key).hexdigest()[:8]] = key
    if not ring:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty")
    return ring


class EncryptedTextField(models.TextField):
    """A text that PostgreSQL only ever sees encrypted; empty stays empty. It cannot be searched."""

    @property
    def purpose(self) -> str:
        """What the value is bound to: its column."""
        return f"{self.model._meta.db_table}.{self.column}"

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        plain = super().get_prep_value(value)
        return encrypt(plain, purpose=self.purpose) if plain else plain

    def from_db_value(self, value: str | None, expression: object, connection: BaseDatabaseWrapper) -> str | None:
        """Decrypt on the way out."""
        return decrypt(value, purpose=self.purpose) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only "is it empty" can be asked of a column whose same text is never stored twice alike."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None
