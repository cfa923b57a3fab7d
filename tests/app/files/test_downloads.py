"""Who may download a private file, and how it is answered."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import signing
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone

from app.files.links import SALT, signed_url
from app.files.models import StoredFile
from app.files.services import store_file
from app.tenancy.actor import Actor
from app.tenancy.links import workshop_url
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope

from .conftest import PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored(workshop: Workshop, actor: Actor) -> StoredFile:
    with workshop_scope(workshop.pk):
        return store_file(
            workshop=workshop, actor=actor, name="devis été.pdf", content=PDF, kind="quote",
            content_type="application/pdf",
        )  # fmt: skip


def address(workshop: Workshop, stored: StoredFile) -> str:
    return workshop_url(workshop, "files:download", public_id=stored.public_id)


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_member_who_may_read_quotes_sees_the_pdf(
    storage: str, owner_client: Client, workshop: Workshop, stored: StoredFile
) -> None:
    answer = owner_client.get(address(workshop, stored))
    assert answer.status_code == 200
    assert body(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]


def test_asking_to_download_names_the_file(owner_client: Client, workshop: Workshop, stored: StoredFile) -> None:
    answer = owner_client.get(address(workshop, stored) + "?telecharger")
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''devis%20%C3%A9t%C3%A9.pdf"


def test_what_a_browser_could_run_is_only_downloaded(owner_client: Client, workshop: Workshop, actor: Actor) -> None:
    with workshop_scope(workshop.pk):
        text = store_file(
            workshop=workshop, actor=actor, name="clients.csv", content=b"a;b\n", kind="import", content_type="text/csv"
        )
    assert owner_client.get(address(workshop, text))["Content-Disposition"].startswith("attachment")


def test_a_role_without_the_right_of_the_kind_is_refused(
    operator_client: Client, workshop: Workshop, actor: Actor
) -> None:
    with workshop_scope(workshop.pk):
        export = store_file(
            workshop=workshop, actor=actor, name="clients.csv", content=b"a;b\n", kind="export", content_type="text/csv"
        )
    assert operator_client.get(address(workshop, export)).status_code == 403


def test_a_stranger_learns_nothing(stranger_client: Client, workshop: Workshop, stored: StoredFile) -> None:
    assert stranger_client.get(address(workshop, stored)).status_code == 404


def test_a_file_is_not_found_under_another_workshop(
    stranger_client: Client, other_workshop: Workshop, stored: StoredFile
) -> None:
    assert stranger_client.get(address(other_workshop, stored)).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client: Client, workshop: Workshop, stored: StoredFile) -> None:
    answer = client.get(address(workshop, stored))
    assert answer.status_code == 302
    assert "connexion" in answer["Location"] or "login" in answer["Location"]


def test_a_missing_file_and_a_lost_content_are_not_found(
    owner_client: Client, workshop: Workshop, stored: StoredFile
) -> None:
    missing = workshop_url(workshop, "files:download", public_id=uuid4())
    assert owner_client.get(missing).status_code == 404
    storages["private"].delete(stored.storage_key)
    assert owner_client.get(address(workshop, stored)).status_code == 404


def test_writing_to_a_file_address_is_refused(owner_client: Client, workshop: Workshop, stored: StoredFile) -> None:
    assert owner_client.post(address(workshop, stored)).status_code == 405
    assert owner_client.get(address(workshop, stored)).status_code == 200


def test_a_signed_link_opens_one_file_without_an_account(storage: str, client: Client, stored: StoredFile) -> None:
    answer = client.get(signed_url(stored))
    assert answer.status_code == 200
    assert body(answer) == PDF
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_signed_link_expires(client: Client, stored: StoredFile, time_machine: Any) -> None:
    link = signed_url(stored, timedelta(minutes=10))
    time_machine.move_to(timezone.now() + timedelta(minutes=9))
    assert client.get(link).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    answer = client.get(link)
    assert answer.status_code == 410
    assert PDF not in answer.content


@pytest.mark.parametrize("change", ["altered", "other salt", "nonsense", "bad shape"])
def test_an_altered_link_opens_nothing(client: Client, stored: StoredFile, change: str) -> None:
    link = signed_url(stored)
    token = {
        "altered": link.rsplit("/", 1)[-1][:-3] + "abc",
        "other salt": signing.dumps([stored.workshop_id, stored.public_id.hex, 9999999999], salt="another"),
        "nonsense": "x",
        "bad shape": signing.dumps({"w": 1}, salt=SALT),
    }[change]
    assert client.get(f"/f/{token}").status_code == 410


def test_a_link_is_bound_to_its_workshop(client: Client, stored: StoredFile, other_workshop: Workshop) -> None:
    forged = signing.dumps([other_workshop.pk, stored.public_id.hex, 9999999999], salt=SALT)
    assert client.get(f"/f/{forged}").status_code == 404


def test_the_link_of_a_deleted_file_is_not_found(client: Client, stored: StoredFile, workshop: Workshop) -> None:
    link = signed_url(stored)
    with workshop_scope(workshop.pk):
        StoredFile.objects.all().delete()
    assert client.get(link).status_code == 404
