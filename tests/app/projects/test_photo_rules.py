"""What a workshop decides about its photos: customers, logo, archive, the ready message; direct uploads."""

import json
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from config.settings.storage import archive_storage, private_storage
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from app.audit.models import AuditEntry
from app.crm.services.portal_links import make_link
from app.entitlements.constants import Dimension
from app.entitlements.selectors import get_quota
from app.files.direct import offer_slot, take_upload
from app.files.models import FileRemoval, StoredFile
from app.files.selectors import count_stored_bytes
from app.files.services import read_file, store_file
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.projects.constants import PhotoMoment
from app.projects.models import Photo, PhotoConsent, PhotoVersion, Project
from app.projects.photo_selectors import get_photo_settings
from app.projects.selectors import list_steps
from app.projects.services.archiving import archive_next, unarchive_photo
from app.projects.services.photo_rules import save_photo_settings
from app.projects.services.photos import add_photo, discard_photo
from app.projects.services.reporting import issue_report
from app.projects.services.working import validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.fakes import s3

from . import pictures

NOTHING = {"shown_to_customers": False, "watermark": False, "attached_to_ready": False, "archive_after_months": None}


@pytest.fixture
def photo(workshop: Workshop, actor: Actor, django_capture_on_commit_callbacks: Any) -> Photo:
    with django_capture_on_commit_callbacks(execute=True), workshop_scope(workshop.pk):
        return add_photo(
            workshop=workshop, actor=actor, project=factories.project(workshop), content=pictures.photo(), name="IMG.jpg",
            moment=PhotoMoment.AFTER,
        )  # fmt: skip


def decide(workshop: Workshop, actor: Actor, **wanted: Any) -> None:
    with workshop_scope(workshop.pk):
        save_photo_settings(workshop=workshop, actor=actor, wanted=NOTHING | wanted)


def visitor(workshop: Workshop, project: Project) -> Client:
    """The customer of a project, who has followed a link."""
    client = Client()
    path = f"/espace/{workshop.slug}/projets/{project.pk}/"
    with workshop_scope(workshop.pk):
        link = make_link(workshop=workshop, customer=project.customer, path=path)
    assert client.post(link).status_code == 302
    return client


def give_logo(workshop: Workshop, actor: Actor, colour: str) -> None:
    logo = pictures.encoded(Image.new("RGB", (300, 150), colour), "PNG")
    with workshop_scope(workshop.pk):
        stored = store_file(
            workshop=workshop, actor=actor, name="logo.png", content=logo, kind="logo", content_type="image/png"
        )
        Workshop.objects.filter(pk=workshop.pk).update(logo_file_id=stored.public_id)
        workshop.refresh_from_db()


# -- the customer's space


@pytest.mark.spec("PHO-12", "PHO-08")
def test_a_customer_sees_photos_where_the_workshop_shows_them_and_they_agree(
    workshop: Workshop, actor: Actor, photo: Photo
) -> None:
    page, image = f"/espace/{workshop.slug}/projets/{photo.project_id}/", f"photos/{photo.pk}/medium/"
    client = visitor(workshop, photo.project)
    assert "Photos" not in client.get(page).content.decode()
    assert client.get(page + image).status_code == 404
    decide(workshop, actor, shown_to_customers=True)
    asked = client.get(page).content.decode()
    assert image not in asked
    assert workshop.name in asked
    assert client.get(page + image).status_code == 404
    assert client.post(f"{page}photos/").status_code == 302
    assert image in client.get(page).content.decode()
    shown = client.get(page + image)
    assert shown.status_code == 302
    served = Client().get(shown["Location"])
    assert served["Content-Type"] == "image/webp"
    with workshop_scope(workshop.pk):
        consent = PhotoConsent.objects.get()
        assert (consent.means, workshop.name in consent.text) == ("portal", True)
        discard_photo(workshop=workshop, actor=actor, photo=photo, reason="Flou")
    assert client.get(page + image).status_code == 404
    assert image not in client.get(page).content.decode()


@pytest.mark.spec("PHO-12")
def test_a_defect_stays_in_the_workshop(workshop: Workshop, actor: Actor, photo: Photo) -> None:
    page, image = f"/espace/{workshop.slug}/projets/{photo.project_id}/", f"photos/{photo.pk}/medium/"
    client = visitor(workshop, photo.project)
    decide(workshop, actor, shown_to_customers=True)
    client.post(f"{page}photos/")
    assert client.get(page + image).status_code == 302
    with workshop_scope(workshop.pk):
        Photo.objects.filter(pk=photo.pk).update(moment="defect")
    assert client.get(page + image).status_code == 404
    assert image not in client.get(page).content.decode()


@pytest.mark.spec("PHO-12", "PRV-01")
def test_an_agreement_is_kept_with_its_words_and_ends_when_the_customer_says_so(
    workshop: Workshop, actor: Actor, photo: Photo
) -> None:
    decide(workshop, actor, shown_to_customers=True)
    client, page = visitor(workshop, photo.project), f"/espace/{workshop.slug}/projets/{photo.project_id}/"
    for _ in range(2):
        client.post(f"{page}photos/")
    client.post(f"{page}photos/", {"withdraw": "1"})
    assert client.get(f"{page}photos/{photo.pk}/medium/").status_code == 404
    with workshop_scope(workshop.pk):
        assert PhotoConsent.objects.get().withdrawn_at is not None
        actions = ("photo.consent_given", "photo.consent_withdrawn")
        assert [AuditEntry.objects.filter(action=action).count() for action in actions] == [1, 1]


@pytest.mark.spec("PHO-12", "SEC-10")
def test_another_customer_and_a_stranger_open_no_photo(workshop: Workshop, actor: Actor, photo: Photo) -> None:
    decide(workshop, actor, shown_to_customers=True)
    client, page = visitor(workshop, photo.project), f"/espace/{workshop.slug}/projets/{photo.project_id}/"
    client.post(f"{page}photos/")
    with workshop_scope(workshop.pk):
        elsewhere = factories.project(workshop)
    other = visitor(workshop, elsewhere)
    for path in (page, f"{page}photos/{photo.pk}/large/"):
        assert client.get(path).status_code in (200, 302)
        assert other.get(path).status_code == 404
        assert Client().get(path)["Location"].endswith("/lien/")
    assert other.post(f"{page}photos/").status_code == 404
    for wrong in ("original", "huge", "thumbnail.webp"):
        assert client.get(f"{page}photos/{photo.pk}/{wrong}/").status_code == 404


@pytest.mark.spec("PHO-10")
def test_the_logo_lies_over_what_customers_see_and_over_nothing_else(
    workshop: Workshop, actor: Actor, photo: Photo, django_capture_on_commit_callbacks: Any
) -> None:
    give_logo(workshop, actor, "#00ff00")
    decide(workshop, actor, shown_to_customers=True, watermark=True)
    client, page = visitor(workshop, photo.project), f"/espace/{workshop.slug}/projets/{photo.project_id}/"
    client.post(f"{page}photos/")
    assert client.get(f"{page}photos/{photo.pk}/large/").status_code == 404  # nothing without the mark is shown
    with django_capture_on_commit_callbacks(execute=True):
        client.get(page)

    def green(content: bytes) -> bool:
        image = Image.open(BytesIO(content)).convert("RGB")
        red, lush, blue = image.getpixel((int(image.width * 0.9), int(image.height * 0.92)))  # type: ignore[misc]
        return bool(lush > red + 60 and lush > blue + 60)

    served = b"".join(Client().get(client.get(f"{page}photos/{photo.pk}/large/")["Location"]).streaming_content)  # type: ignore[attr-defined]
    assert green(served)
    with workshop_scope(workshop.pk):
        for version in PhotoVersion.objects.select_related("stored"):
            if version.size != "thumbnail":
                assert green(read_file(version.stored.public_id)) == (version.mark_file_id == workshop.logo_file_id)
        assert photo.original and not green(read_file(photo.original.public_id))
        before = PhotoVersion.objects.count()
        assert get_quota(workshop, Dimension.STORAGE).used == count_stored_bytes()
    give_logo(workshop, actor, "#0000ff")
    with django_capture_on_commit_callbacks(execute=True):
        client.get(page)
    with workshop_scope(workshop.pk):
        marks = set(PhotoVersion.objects.exclude(mark_file_id=None).values_list("mark_file_id", flat=True))
        assert (marks, PhotoVersion.objects.count()) == ({workshop.logo_file_id}, before)
        assert get_quota(workshop, Dimension.STORAGE).used == count_stored_bytes()


def test_the_settings_are_read_kept_and_audited(owner_client: Client, workshop: Workshop) -> None:
    address = "/app/atelier-vulcain/projets/photos/reglages/"
    assert owner_client.get(address).status_code == 200
    sent = {"shown_to_customers": "on", "archive_after_months": "18"}
    assert owner_client.post(address, sent).status_code == 302
    assert owner_client.post(address, {"archive_after_months": "0"}).status_code == 422
    with workshop_scope(workshop.pk):
        kept = get_photo_settings(workshop)
        assert (kept.shown_to_customers, kept.watermark, kept.archive_after_months) == (True, False, 18)
        assert AuditEntry.objects.get(action="photo.settings").changes["archive_after_months"] == [None, 18]


@pytest.mark.spec("PRJ-06")
def test_the_ready_message_brings_a_photo_of_the_result_where_the_workshop_wants_it(
    workshop: Workshop, actor: Actor, photo: Photo
) -> None:
    decide(workshop, actor, attached_to_ready=True)
    with workshop_scope(workshop.pk):
        project = photo.project
        for step in list_steps(project):
            validate_step(workshop=workshop, actor=actor, step=step, answers=["pass"] * len(step.checklist))
        issue_report(workshop=workshop, project_pk=project.pk)
        _report, attached = WorkshopEmail.objects.get(kind="ready_to_collect").attachments
    assert attached["content_type"] == "image/jpeg"
    assert storages["private"].exists(attached["storage_key"])


# -- archive


@pytest.fixture(params=["folder", "s3"])
def archive(
    request: pytest.FixtureRequest, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Both storages, configured as production configures them."""
    if request.param == "s3":
        with s3.s3_server() as address:
            for name, value in s3.environment(address).items():
                monkeypatch.setenv(name, value)
            settings.STORAGES = _storages(settings, tmp_path)
            yield address
        return
    settings.STORAGES = _storages(settings, tmp_path)
    yield ""


def _storages(settings: Any, folder: Path) -> dict[str, Any]:
    own = {"private": private_storage(folder / "private"), "archive": archive_storage(folder / "archive")}
    return {**settings.STORAGES, **own}


@pytest.mark.spec("PHO-09")
def test_old_originals_move_to_the_archive_and_come_back_when_asked(
    archive: str, workshop: Workshop, actor: Actor, photo: Photo, django_capture_on_commit_callbacks: Any
) -> None:
    decide(workshop, actor, archive_after_months=6)
    with workshop_scope(workshop.pk):
        assert photo.original
        before = read_file(photo.original.public_id)
        long_ago = timezone.now() - timedelta(days=200)
        Project.objects.filter(pk=photo.project_id).update(status="delivered", delivered_at=long_ago)
        used = get_quota(workshop, Dimension.STORAGE).used
    with django_capture_on_commit_callbacks(execute=True), workshop_scope(workshop.pk):
        assert archive_next(workshop=workshop)
        assert not archive_next(workshop=workshop)
    with workshop_scope(workshop.pk):
        photo.refresh_from_db()
        stored = StoredFile.objects.get(kind="photo")
        assert (stored.tier, photo.archived_at is not None) == ("archive", True)
        assert storages["archive"].exists(stored.storage_key)
        assert not storages["private"].exists(stored.storage_key)
        assert read_file(stored.public_id) == before
        assert get_quota(workshop, Dimension.STORAGE).used == used == count_stored_bytes()
        if archive:
            key = f"archive/{stored.storage_key}"
            assert s3.client(archive).head_object(Bucket=s3.BUCKET, Key=key)["StorageClass"] == "GLACIER_IR"
        unarchive_photo(workshop=workshop, actor=actor, photo=photo)
        stored.refresh_from_db()
        assert (stored.tier, read_file(stored.public_id)) == ("private", before)
        assert not archive_next(workshop=workshop)  # what somebody took out stays at hand
        assert FileRemoval.objects.count() == 1


@pytest.mark.spec("PHO-09")
def test_nothing_is_archived_early_or_unasked(workshop: Workshop, actor: Actor, photo: Photo) -> None:
    with workshop_scope(workshop.pk):
        Project.objects.update(status="delivered", delivered_at=timezone.now() - timedelta(days=200))
        assert not archive_next(workshop=workshop)
    decide(workshop, actor, archive_after_months=12)
    with workshop_scope(workshop.pk):
        assert not archive_next(workshop=workshop)


# -- straight to S3


@pytest.fixture
def bucket(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with s3.s3_server() as address:
        for name, value in s3.environment(address).items():
            monkeypatch.setenv(name, value)
        settings.STORAGES = _storages(settings, tmp_path)
        settings.S3_UPLOAD_ORIGIN = address
        yield address


@pytest.mark.spec("PHO-02", "SEC-10")
def test_a_photo_put_straight_into_the_bucket_is_looked_at_and_taken_in(
    bucket: str, operator_client: Client, photo: Photo
) -> None:
    place = f"/app/atelier-vulcain/projets/{photo.project_id}/photos/"
    slot = operator_client.post(f"{place}place/").json()
    sent = requests.post(slot["url"], data=slot["fields"], files={"file": pictures.photo(400, 300)}, timeout=10)
    assert sent.ok
    answer = operator_client.post(
        f"{place}ajouter/", {"moment": "step", "slot": slot["token"]}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()["refused"]) == (201, [])
    with workshop_scope(photo.workshop_id):
        added = Photo.objects.get(moment="step")
        assert added.original and b"FabricantSecret" not in read_file(added.original.public_id)
    assert s3.client(bucket).list_objects_v2(Bucket=s3.BUCKET, Prefix="private/incoming/")["KeyCount"] == 0
    again = operator_client.post(
        f"{place}ajouter/", {"moment": "step", "slot": slot["token"]}, headers={"accept": "application/json"}
    )
    assert again.status_code == 422


@pytest.mark.spec("PHO-02", "SEC-10")
def test_the_conditions_are_signed_and_what_came_is_checked_again(
    bucket: str, other_workshop: Workshop, in_scope: Workshop
) -> None:
    slot = offer_slot(in_scope)
    assert slot
    policy = json.loads(b64decode(slot.fields["policy"]))
    assert ["content-length-range", 1, 10 * 1024 * 1024] in policy["conditions"]
    client = s3.client(bucket)
    client.put_object(Bucket=s3.BUCKET, Key=slot.fields["key"], Body=b"\0" * (10 * 1024 * 1024 + 1))
    with pytest.raises(RuleError):
        take_upload(in_scope, slot.token)
    assert client.list_objects_v2(Bucket=s3.BUCKET, Prefix="private/incoming/")["KeyCount"] == 0
    other = offer_slot(in_scope)
    assert other
    for token in (other.token, slot.token + "x", "", "a:b:c"):
        with pytest.raises(RuleError):
            take_upload(other_workshop, token)


def test_a_folder_offers_no_place(operator_client: Client, photo: Photo) -> None:
    assert operator_client.post(f"/app/atelier-vulcain/projets/{photo.project_id}/photos/place/").status_code == 404
    sent = SimpleUploadedFile("a.jpg", pictures.photo(100, 100))
    place = f"/app/atelier-vulcain/projets/{photo.project_id}/photos/ajouter/"
    assert operator_client.post(place, {"moment": "after", "photos": sent}).status_code == 302


def test_a_photo_whose_answer_was_lost_is_added_once(operator_client: Client, workshop: Workshop, photo: Photo) -> None:
    place = f"/app/atelier-vulcain/projets/{photo.project_id}/photos/ajouter/"

    def send(key: str) -> list[int]:
        sent = SimpleUploadedFile("a.jpg", pictures.photo(100, 100))
        answer = operator_client.post(
            place, {"moment": "after", "photos": sent, "key": key}, headers={"Accept": "application/json"}
        )
        assert answer.status_code == (422 if key == "nonsense" else 201)
        added: list[int] = answer.json()["added"]
        return added

    first = str(uuid4())
    assert send(first) == send(first) != send(str(uuid4()))
    assert send("nonsense") == []
    with workshop_scope(workshop.pk):
        assert Photo.objects.filter(project=photo.project_id).count() == 3
        assert StoredFile.objects.filter(kind="photo").count() == 3
