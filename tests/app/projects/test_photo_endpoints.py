"""The addresses of photos: who may use them, what they refuse, and that nobody else's photo answers at any of them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from app.files.links import signed_url
from app.files.models import StoredFile
from app.projects.constants import PhotoMoment
from app.projects.models import Photo, PhotoSettings, PhotoVersion, Project
from app.projects.services.photos import add_photo
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

from . import pictures

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def photo(workshop: Workshop, actor: Actor, django_capture_on_commit_callbacks: Any) -> Photo:
    with django_capture_on_commit_callbacks(execute=True), workshop_scope(workshop.pk):
        project = factories.project(workshop)
        return add_photo(
            workshop=workshop, actor=actor, project=project, content=pictures.photo(), name="IMG.jpg",
            moment=PhotoMoment.BEFORE,
        )  # fmt: skip


def at(photo: Photo, path: str = "") -> str:
    return f"/app/atelier-vulcain/projets/{photo.project_id}/photos/{path}"


def upload(content: bytes, name: str = "IMG_0001.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


@pytest.mark.spec("PHO-01", "PHO-02")
def test_several_photos_are_sent_at_once_and_each_is_judged_by_itself(operator_client: Client, photo: Photo) -> None:
    sent = [
        upload(pictures.photo(400, 300)),
        upload(b"%PDF-1.7", "scan.jpg"),
        upload(b"\0" * (10 * 1024 * 1024 + 1), "grand.jpg"),
    ]
    answer = operator_client.post(at(photo, "ajouter/"), {"moment": "after", "photos": sent}, **JSON)
    assert answer.status_code == 201
    assert len(answer.json()["added"]) == 1
    assert [name in refused for name, refused in zip(("scan.jpg", "grand.jpg"), answer.json()["refused"], strict=True)]
    with workshop_scope(photo.workshop_id):
        assert Photo.objects.filter(moment="after").count() == 1


@pytest.mark.spec("PHO-02")
@pytest.mark.parametrize(
    "data",
    [{}, {"moment": "after"}, {"moment": "never", "photos": "x"}, {"moment": "after", "part": "999999", "photos": "x"}],
)
def test_what_is_no_upload_adds_nothing(operator_client: Client, photo: Photo, data: dict[str, Any]) -> None:
    if "photos" in data:
        data = data | {"photos": upload(pictures.photo(100, 100))}
    assert operator_client.post(at(photo, "ajouter/"), data, **JSON).status_code == 422
    with workshop_scope(photo.workshop_id):
        assert Photo.objects.count() == 1


def test_a_form_without_script_comes_back_to_the_project(operator_client: Client, photo: Photo) -> None:
    sent = {"moment": "after", "photos": upload(pictures.photo(100, 100))}
    answer = operator_client.post(at(photo, "ajouter/"), sent)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/projets/{photo.project_id}/#photos")


@pytest.mark.spec("PHO-04", "A11-04")
def test_the_page_shows_the_version_that_fits_and_says_what_it_is(operator_client: Client, photo: Photo) -> None:
    page = operator_client.get(at(photo).replace("photos/", "")).content.decode()
    assert 'loading="lazy"' in page
    assert all(f" {width}w" in page for width in (320, 1280, 1600))
    assert 'type="image/webp"' in page
    assert 'alt="Avant"' in page


@pytest.mark.spec("PHO-01")
def test_a_layer_is_saved_and_a_wrong_one_is_refused(operator_client: Client, photo: Photo) -> None:
    ring = [{"shape": "circle", "colour": "blue", "points": [[1, 2], [30, 40]]}]
    address = at(photo, f"{photo.pk}/annotations/")
    assert operator_client.post(address, {"marks": json.dumps(ring), "version": 0}).json()["version"] == 1
    for wrong in (
        {},
        {"marks": "[", "version": 0},
        {"marks": "[1]", "version": 1},
        {"marks": "[" * 5000, "version": 1},
        {"marks": f"{'[' * 700}{']' * 700}", "version": 1},
        {"marks": json.dumps(ring * 5000), "version": 1},
        {"marks": json.dumps(ring), "version": -1},
    ):
        assert operator_client.post(address, wrong).status_code == 422
    page = operator_client.get(at(photo, f"{photo.pk}/")).content.decode()
    assert "mark-blue" in page


@pytest.mark.spec("PHO-08")
def test_a_photo_is_captioned_discarded_and_shown_again_but_never_deleted(
    operator_client: Client, photo: Photo
) -> None:
    for path, data in (
        ("legende/", {"caption": "Côté rue"}),
        ("ecarter/", {"reason": ""}),
        ("ecarter/", {"reason": "Flou"}),
    ):
        assert operator_client.post(at(photo, f"{photo.pk}/{path}"), data).status_code == 302
    with workshop_scope(photo.workshop_id):
        photo.refresh_from_db()
        assert (photo.caption, photo.discard_reason) == ("Côté rue", "Flou")
    operator_client.post(at(photo, f"{photo.pk}/reprendre/"))
    with workshop_scope(photo.workshop_id):
        photo.refresh_from_db()
        assert photo.discarded_at is None
    assert operator_client.delete(at(photo, f"{photo.pk}/")).status_code in (200, 405)
    with workshop_scope(photo.workshop_id):
        assert Photo.objects.filter(pk=photo.pk).exists()


@pytest.mark.spec("PHO-08", "SEC-10")
def test_who_only_reads_changes_nothing(viewer_client: Client, photo: Photo) -> None:
    assert viewer_client.get(at(photo, f"{photo.pk}/")).status_code == 200
    tries = {
        "ajouter/": {"moment": "after", "photos": upload(pictures.photo(100, 100))},
        "place/": {},
        f"{photo.pk}/legende/": {"caption": "x"},
        f"{photo.pk}/ecarter/": {"reason": "x"},
        f"{photo.pk}/annotations/": {"marks": "[]", "version": 0},
        f"{photo.pk}/desarchiver/": {},
    }
    for path, data in tries.items():
        assert viewer_client.post(at(photo, path), data).status_code == 403, path
    assert viewer_client.post("/app/atelier-vulcain/projets/photos/reglages/", {"watermark": "on"}).status_code == 403
    with workshop_scope(photo.workshop_id):
        photo.refresh_from_db()
        assert (photo.caption, photo.discarded_at, Photo.objects.count()) == ("", None, 1)
        assert not PhotoSettings.objects.exists()


@pytest.mark.spec("SEC-10", "TST-02")
def test_another_workshop_reaches_neither_photo_nor_file_by_any_address(
    stranger_client: Client, stranger: Any, photo: Photo
) -> None:
    with workshop_scope(photo.workshop_id):
        files = list(StoredFile.objects.values_list("public_id", flat=True))
    assert len(files) == 5
    own = "/app/laquage-concurrent"
    with workshop_scope(stranger.workshop_id):
        own_project = factories.project(stranger.workshop)
    paths = [f"/app/atelier-vulcain/fichiers/{file}/" for file in files] + [f"{own}/fichiers/{file}/" for file in files]
    paths += [at(photo), at(photo, f"{photo.pk}/"), f"{own}/projets/{photo.project_id}/photos/{photo.pk}/"]
    paths += [f"{own}/projets/{own_project.pk}/photos/{photo.pk}/", f"{own}/projets/{photo.project_id}/photos/"]
    for path in paths:
        assert stranger_client.get(path).status_code == 404, path
        assert Client().get(path).status_code in (302, 404), path
    for path in (f"{own}/projets/{own_project.pk}/photos/{photo.pk}/ecarter/", at(photo, f"{photo.pk}/ecarter/")):
        assert stranger_client.post(path, {"reason": "x"}).status_code == 404
    with workshop_scope(photo.workshop_id):
        assert Photo.objects.get().discarded_at is None


@pytest.mark.spec("SEC-10", "PHO-04")
def test_a_file_is_shown_safely_and_asked_again_each_time(operator_client: Client, photo: Photo) -> None:
    with workshop_scope(photo.workshop_id):
        stored = PhotoVersion.objects.select_related("stored").get(size="thumbnail").stored
    address = f"/app/atelier-vulcain/fichiers/{stored.public_id}/"
    shown = operator_client.get(address)
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Disposition"].startswith("inline")
    assert "attachment" in operator_client.get(f"{address}?telecharger")["Content-Disposition"]
    again = operator_client.get(address, HTTP_IF_NONE_MATCH=shown["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    assert shown["Cache-Control"] == again["Cache-Control"] == "private, no-cache"


@pytest.mark.spec("SEC-10")
def test_a_signed_link_dies_at_its_time(photo: Photo, time_machine: Any) -> None:
    with workshop_scope(photo.workshop_id):
        link = signed_url(PhotoVersion.objects.select_related("stored").get(size="thumbnail").stored)
    assert Client().get(link).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(minutes=16))
    assert Client().get(link).status_code == 410
    assert Client().get(link[:-3] + "AAA").status_code == 410


def test_the_photos_of_one_project_are_not_those_of_another(operator_client: Client, photo: Photo) -> None:
    with workshop_scope(photo.workshop_id):
        elsewhere = factories.project(Project.objects.get().workshop)
    address = f"/app/atelier-vulcain/projets/{elsewhere.pk}/photos/{photo.pk}/"
    assert operator_client.get(address).status_code == 404
    assert operator_client.post(f"{address}ecarter/", {"reason": "x"}).status_code == 404


@pytest.mark.spec("PHO-04")
def test_more_photos_ask_the_database_no_more(operator_client: Client, photo: Photo, actor: Actor) -> None:
    with workshop_scope(photo.workshop_id):
        for _ in range(3):
            add_photo(
                workshop=photo.workshop, actor=actor, project=photo.project, content=pictures.photo(200, 200), name="",
                moment=PhotoMoment.AFTER,
            )  # fmt: skip
    with at_most(16):
        assert operator_client.get(at(photo)).status_code == 200
