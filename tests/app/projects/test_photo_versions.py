"""The worker's side of photos: lost tasks, pictures that kill, storages that do not answer."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext

from app.entitlements.constants import Dimension
from app.entitlements.selectors import get_quota
from app.files.decoding import TooLargeError
from app.files.links import signed_url
from app.files.models import StoredFile
from app.files.selectors import count_stored_bytes, private_storage
from app.files.services import read_file
from app.projects import tasks
from app.projects.constants import PhotoMoment
from app.projects.models import Photo, PhotoPurge, PhotoVersion
from app.projects.services import photo_versions
from app.projects.services.photo_versions import ATTEMPTS_MOST, begin_versions, finish_versions
from app.projects.services.photos import add_photo
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

from . import pictures


@pytest.fixture
def photo(workshop: Workshop, actor: Actor) -> Photo:
    """A photo whose versions were not made yet."""
    with workshop_scope(workshop.pk):
        return add_photo(
            workshop=workshop, actor=actor, project=factories.project(workshop), content=pictures.photo(400, 300),
            name="", moment=PhotoMoment.STEP,
        )  # fmt: skip


@pytest.mark.spec("PHO-03")
def test_making_versions_twice_keeps_them_once(workshop: Workshop, photo: Photo) -> None:
    for _ in range(2):
        tasks.make_photo_versions(workshop_id=workshop.pk, photo_pk=photo.pk)
    with workshop_scope(workshop.pk):
        assert (Photo.objects.get().state, PhotoVersion.objects.count()) == ("ready", 4)
        assert get_quota(workshop, Dimension.STORAGE).used == count_stored_bytes()


def test_what_was_lost_between_the_commit_and_the_queue_is_sent_again(
    workshop: Workshop, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(tasks, "send_on_commit", lambda task, **named: sent.append((task, named)))
    tasks.sweep()
    assert sent == []
    long_ago = timezone.now() - timedelta(minutes=5)
    with workshop_scope(workshop.pk):
        Photo.objects.update(changed_at=long_ago)
        PhotoPurge.objects.create(workshop=workshop, limit=100, used_before=95)
        PhotoPurge.objects.update(moved_at=long_ago)
    tasks.sweep()
    assert sent == [
        ("projects.make_photo_versions", {"workshop_id": workshop.pk, "photo_pk": photo.pk}),
        ("projects.purge_photos", {"workshop_id": workshop.pk}),
    ]


def test_a_picture_that_kills_the_worker_is_given_up_after_some_attempts(workshop: Workshop, photo: Photo) -> None:
    for _ in range(ATTEMPTS_MOST):
        with workshop_scope(workshop.pk):
            assert begin_versions(photo_pk=photo.pk)  # and the worker dies
    with workshop_scope(workshop.pk):
        assert not begin_versions(photo_pk=photo.pk)
        assert Photo.objects.get().state == "failed"


@pytest.mark.spec("PHO-02", "PHO-05")
def test_a_heic_is_served_to_nobody_until_the_worker_has_made_it_a_jpeg(
    workshop: Workshop, actor: Actor, owner_client: Client
) -> None:
    sent = pictures.encoded(pictures.drawn(400, 300), "HEIF", exif=pictures.telephone_exif(1))
    with workshop_scope(workshop.pk):
        heic = add_photo(workshop=workshop, actor=actor, project=factories.project(workshop), content=sent, name="a.heic",
                         moment=PhotoMoment.AFTER)  # fmt: skip
        raw = StoredFile.objects.get(content_type="image/heic")
        assert signed_url(raw)
    for address in (f"/app/{workshop.slug}/fichiers/{raw.public_id}/", signed_url(raw)):
        assert owner_client.get(address).status_code == 404
    tasks.make_photo_versions(workshop_id=workshop.pk, photo_pk=heic.pk)
    with workshop_scope(workshop.pk):
        heic = Photo.objects.select_related("original").get(pk=heic.pk)
        assert heic.original
        assert (heic.state, heic.original.content_type, heic.width, heic.height) == ("ready", "image/jpeg", 400, 300)
        assert b"FabricantSecret" not in read_file(heic.original.public_id)
        assert not StoredFile.objects.filter(content_type="image/heic").exists()
        assert get_quota(workshop, Dimension.STORAGE).used == count_stored_bytes()


def test_a_picture_that_takes_too_much_memory_is_said_to_be_too_large(
    workshop: Workshop, photo: Photo, owner_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def starved(_content: bytes, _mark: bytes | None = None) -> None:
        raise TooLargeError

    monkeypatch.setattr(photo_versions, "make_versions", starved)
    tasks.make_photo_versions(workshop_id=workshop.pk, photo_pk=photo.pk)
    with workshop_scope(workshop.pk):
        assert Photo.objects.get().state == "too_large"
        assert StoredFile.objects.count() == 1  # the original stays as it came
    page = owner_client.get(f"/app/{workshop.slug}/projets/{photo.project_id}/").content.decode()
    with translation.override("fr"):
        assert gettext("Too large to be read") in page


def test_a_picture_that_cannot_be_decoded_is_said_to_be_unreadable_and_kept(workshop: Workshop, photo: Photo) -> None:
    with workshop_scope(workshop.pk):
        stored = StoredFile.objects.get()
        with private_storage().open(stored.storage_key, "wb") as handle:
            handle.write(b"\xff\xd8\xff damaged")
    tasks.make_photo_versions(workshop_id=workshop.pk, photo_pk=photo.pk)
    with workshop_scope(workshop.pk):
        assert Photo.objects.get().state == "failed"
        assert not PhotoVersion.objects.exists()
        assert StoredFile.objects.count() == 1


def test_a_storage_that_does_not_answer_leaves_nothing_half_done(
    workshop: Workshop, photo: Photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []
    store = photo_versions.store_file

    def fail_at_the_third(**named: Any) -> StoredFile:
        kept.append(named)
        if len(kept) == 3:
            raise OSError("no answer")
        return store(**named)

    monkeypatch.setattr(photo_versions, "store_file", fail_at_the_third)
    with workshop_scope(workshop.pk):
        with pytest.raises(OSError, match="no answer"):
            finish_versions(workshop=workshop, photo_pk=photo.pk)
        assert (Photo.objects.get().state, PhotoVersion.objects.count()) == ("waiting", 0)
        assert get_quota(workshop, Dimension.STORAGE).used == count_stored_bytes()
    tasks.make_photo_versions(workshop_id=workshop.pk, photo_pk=photo.pk)
    with workshop_scope(workshop.pk):
        assert PhotoVersion.objects.count() == 4
