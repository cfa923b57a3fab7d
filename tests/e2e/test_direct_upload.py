"""Photos that a browser puts straight into the storage, across origins; a network that is cut, and the second try."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from csp.constants import SELF
from playwright.sync_api import Page, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

from app.dataio.demo.pictures import picture
from app.projects.models import Photo, Project
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.projects.test_photo_rules import _storages
from tests.e2e.test_photos import enter
from tests.fakes import s3

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bucket(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The local S3, another origin than the page's, which the page may speak to."""
    with s3.s3_server() as address:
        for name, value in s3.environment(address).items():
            monkeypatch.setenv(name, value)
        settings.STORAGES = _storages(settings, tmp_path)
        settings.S3_UPLOAD_ORIGIN = address
        policy = settings.CONTENT_SECURITY_POLICY
        directives = {**policy["DIRECTIVES"], "connect-src": [SELF, address]}  # as settings/base.py writes it
        settings.CONTENT_SECURITY_POLICY = {**policy, "DIRECTIVES": directives}
        yield address


@pytest.fixture
def project(bucket: str, transactional_db: None) -> Project:
    workshop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    with workshop_scope(workshop.pk):
        return factories.project(workshop)


def waiting(bucket: str) -> int:
    """How many objects have arrived and are not looked at yet."""
    found = s3.client(bucket).list_objects_v2(Bucket=s3.BUCKET, Prefix="private/incoming/")
    return int(found["KeyCount"])


def photos_of(project: Project) -> int:
    with workshop_scope(project.workshop_id):
        return Photo.objects.filter(project=project).exclude(original=None).count()


@pytest.mark.spec("PHO-02", "SEC-10")
def test_a_photo_goes_straight_to_the_storage_and_survives_cuts(
    page: Page, live_server: LiveServer, bucket: str, project: Project, tmp_path: Path
) -> None:
    workshop = project.workshop
    enter(page, factories.member(workshop, Role.OWNER), live_server)
    own_posts: list[int] = []
    direct: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.startswith(bucket):
            direct.append(request.url)
        elif request.method == "POST" and request.url.endswith("/ajouter/"):
            own_posts.append(int(request.headers.get("content-length") or len(request.post_data_buffer or b"")))

    page.on("request", note)
    page.goto(f"{live_server.url}/app/{workshop.slug}/projets/{project.pk}/")
    sent = tmp_path / "IMG_1.jpg"
    sent.write_bytes(picture("wheel", "#c1121f", coated=True, seed=1))
    files, tiles = page.locator("#photos input[type=file]"), page.locator("#photo-grid .photo-tile")

    files.set_input_files(sent)
    expect(tiles).to_have_count(1)
    assert len(direct) == 1
    assert max(own_posts) < sent.stat().st_size / 4  # its bytes did not pass through the application
    assert waiting(bucket) == 0

    def cut(route: Route) -> None:
        route.abort("connectionreset")

    page.route(f"{bucket}/**", cut)  # the storage alone does not answer: the application takes the photo
    files.set_input_files(sent)
    expect(tiles).to_have_count(2)
    page.unroute(f"{bucket}/**", cut)

    page.context.set_offline(True)  # nothing answers: it is said, and nothing is half kept
    files.set_input_files(sent)
    expect(page.locator(".photo-sending li[data-state=bad]")).to_be_visible()
    page.context.set_offline(False)
    assert photos_of(project) == 2
    files.set_input_files(sent)
    expect(tiles).to_have_count(3)
    assert photos_of(project) == 3
    assert waiting(bucket) == 0
