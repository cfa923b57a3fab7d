"""Encrypted fields: what PostgreSQL stores tells nothing, keys rotate, a value cannot be moved."""

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from pytest_django import Settings

from app.kernel.crypto import (
    DecryptionError,
    EncryptedTextField,
    decrypt,
    encrypt,
    new_key,
)


@pytest.fixture
def keys(settings: Settings) -> list[str]:
    settings.FIELD_ENCRYPTION_KEYS = [new_key()]
    return settings.FIELD_ENCRYPTION_KEYS


@pytest.mark.spec("NOT-03")
def test_the_same_text_is_never_stored_twice_alike(keys: list[str]) -> None:
    stored = [encrypt("mot de passe", purpose="a.b") for _ in range(2)]
    assert stored[0] != stored[1]
    assert "mot" not in stored[0]
    assert [decrypt(value, purpose="a.b") for value in stored] == ["mot de passe"] * 2


@pytest.mark.spec("NOT-03")
def test_a_new_key_encrypts_and_the_old_one_still_opens(keys: list[str], settings: Settings) -> None:
    old = encrypt("secret", purpose="a.b")
    settings.FIELD_ENCRYPTION_KEYS = [new_key(), *keys]
    assert decrypt(old, purpose="a.b") == "secret"
    fresh = encrypt("secret", purpose="a.b")
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[:1]
    assert decrypt(fresh, purpose="a.b") == "secret"
    with pytest.raises(DecryptionError):
        decrypt(old, purpose="a.b")


def test_a_value_changed_or_moved_to_another_column_does_not_open(
    keys: list[str],
) -> None:
    stored = encrypt("secret", purpose="a.b")
    with pytest.raises(DecryptionError):
        decrypt(stored, purpose="a.c")
    flipped = stored[:-5] + ("A" if stored[-5] != "A" else "B") + stored[-4:]
    with pytest.raises(DecryptionError):
        decrypt(flipped, purpose="a.b")
    with pytest.raises(DecryptionError):
        decrypt("secret en clair", purpose="a.b")


def test_a_ring_without_a_sound_key_is_refused(settings: Settings) -> None:
    settings.FIELD_ENCRYPTION_KEYS = []
    with pytest.raises(ImproperlyConfigured):
        encrypt("secret", purpose="a.b")
    settings.FIELD_ENCRYPTION_KEYS = ["c2hvcnQ="]
    with pytest.raises(ImproperlyConfigured):
        encrypt("secret", purpose="a.b")


def test_the_field_encrypts_in_and_decrypts_out_and_cannot_be_searched(
    keys: list[str],
) -> None:
    class Vault(models.Model):
        password = EncryptedTextField(blank=True)

        class Meta:
            app_label = "kernel_tests"

        def __str__(self) -> str:
            return "vault"

    field = Vault._meta.get_field("password")
    stored = field.get_prep_value("secret")
    assert stored.startswith("v1:")
    assert field.from_db_value(stored, None, None) == "secret"
    assert field.get_prep_value("") == ""
    with pytest.raises(FieldError):
        Vault._default_manager.filter(password="secret")
