"""The screens of imports and exports: the whole way, and what each refuses."""

import codecs
import csv
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from app.audit.models import AuditEntry
from app.crm.identity import CustomerData
from app.crm.selectors import list_customers
from app.crm.services.customers import create_customer
from app.dataio.constants import ImportState
from app.dataio.models import CustomerExport, CustomerImport
from app.dataio.services import exporting
from app.dataio.services.preparing import keep_file
from app.notify.models import WorkshopEmail
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.app.dataio import files
from tests.factories import ACTOR

BASE = "/app/atelier-vulcain/imports/clients/"


def upload(client: Client, content: bytes | str, name: str = "clients.csv") -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post(BASE, {"file": SimpleUploadedFile(name, raw, "text/csv")})


def kept(workshop: Workshop, content: str) -> CustomerImport:
    with workshop_scope(workshop.pk):
        return keep_file(
            workshop=workshop, actor=ACTOR, name="clients.csv", file=SimpleUploadedFile("c", content.encode())
        )


def only(workshop: Workshop) -> CustomerImport:
    with workshop_scope(workshop.pk):
        return CustomerImport.objects.get()


def count(workshop: Workshop) -> int:
    with workshop_scope(workshop.pk):
        return list_customers().count()


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.removeprefix(codecs.BOM_UTF8).decode()), delimiter=";"))


@pytest.mark.spec("CRM-30", "CRM-31", "CRM-32", "CRM-35")
def test_the_whole_way_from_the_file_to_the_report_and_the_invitations(
    owner_client: Client, workshop: Workshop, django_capture_on_commit_callbacks: Any
) -> None:
    assert owner_client.get(BASE).status_code == 200
    upload(owner_client, files.text(files.messy()).encode("cp1252"))
    held = only(workshop)
    here = f"{BASE}{held.pk}/"
    assert owner_client.get(here).url == f"{here}colonnes/"
    mapping = {name: str(index) for name, index in held.mapping.items()}
    assert owner_client.get(f"{here}colonnes/").status_code == 200
    assert owner_client.post(f"{here}colonnes/", mapping).url == f"{here}apercu/"
    preview = owner_client.get(f"{here}apercu/")
    assert len(preview.context["rows"]) == 10
    assert "ines(at)client.fr" in preview.content.decode()
    rules = {"criteria": ["email", "phone", "name"], "decision": "skip", "tags": "Salon 2026"}
    with django_capture_on_commit_callbacks(execute=True):
        assert owner_client.post(f"{here}apercu/", rules | {"action": "check"}).url == here
    assert count(workshop) == 0
    page = owner_client.get(here)
    assert page.context["held"].state == ImportState.CHECKED
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(f"{here}lancer/")
    assert count(workshop) == 5
    report = owner_client.get(f"{here}etat/").content.decode()
    assert "hx-trigger" not in report
    refused = cells(owner_client.get(f"{here}refus/").content)
    assert [row[0] for row in refused[1:]] == ["Peña", "Vidal"]
    assert "ines(at)client.fr" in refused[1][-1]
    with workshop_scope(workshop.pk):
        assert not WorkshopEmail.objects.exists()
        assert list_customers(tag="salon 2026").count() == 5
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(f"{here}inviter/")
    with workshop_scope(workshop.pk):
        assert {email.kind for email in WorkshopEmail.objects.all()} == {"portal_invitation"}


@pytest.mark.spec("CRM-34")
@pytest.mark.parametrize("content", [b"%PDF-1.4 x", b"PK\x03\x04xx", b"", b"nom;email\r\n", bytes(range(256)) * 9])
def test_a_wrong_file_is_refused_with_words_and_keeps_nothing(
    owner_client: Client, workshop: Workshop, content: bytes
) -> None:
    answer = upload(owner_client, content)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    with workshop_scope(workshop.pk):
        assert not CustomerImport.objects.exists()


def test_no_file_at_all_is_refused(owner_client: Client) -> None:
    assert owner_client.post(BASE, {}).status_code == 422


def test_columns_that_name_nobody_are_refused(owner_client: Client, workshop: Workshop) -> None:
    held = kept(workshop, files.text(files.simple()))
    answer = owner_client.post(f"{BASE}{held.pk}/colonnes/", {"city": "6"})
    assert answer.status_code == 422
    assert only(workshop).mapping == held.mapping
    assert owner_client.post(f"{BASE}{held.pk}/colonnes/", {"last_name": "99"}).status_code == 422


def test_wrong_rules_are_refused(owner_client: Client, workshop: Workshop) -> None:
    held = kept(workshop, files.text(files.simple()))
    answer = owner_client.post(f"{BASE}{held.pk}/apercu/", {"decision": "détruire", "action": "check"})
    assert answer.status_code == 422
    assert only(workshop).state == ImportState.MAPPING


def test_an_import_that_was_not_checked_is_not_confirmed(owner_client: Client, workshop: Workshop) -> None:
    held = kept(workshop, files.text(files.simple()))
    owner_client.post(f"{BASE}{held.pk}/lancer/")
    owner_client.post(f"{BASE}{held.pk}/inviter/")
    assert only(workshop).state == ImportState.MAPPING
    assert count(workshop) == 0


def test_an_abandoned_import_leaves_nothing(owner_client: Client, workshop: Workshop) -> None:
    held = kept(workshop, files.text(files.simple()))
    assert owner_client.post(f"{BASE}{held.pk}/abandonner/").status_code == 302
    with workshop_scope(workshop.pk):
        assert not CustomerImport.objects.exists()


@pytest.mark.spec("CRM-33", "CRM-37")
def test_the_sample_and_the_export_are_read_back_by_the_import(
    owner_client: Client, workshop: Workshop, django_capture_on_commit_callbacks: Any
) -> None:
    with workshop_scope(workshop.pk):
        data = CustomerData(type="pro", company="=cmd|' /C calc'!A0", last_name="Durand", email="d@client.fr",
                            phone="0612345678", country="BE", tags=("VIP", "Façade"), notes="Deux\nlignes")  # fmt: skip
        create_customer(workshop=workshop, actor=ACTOR, data=data)
    exported = owner_client.get(f"{BASE}export/")
    assert exported.headers["Content-Disposition"].startswith("attachment")
    assert cells(exported.content)[1][1] == "'=cmd|' /C calc'!A0"
    for content in (exported.content, owner_client.get(f"{BASE}modele/").content):
        upload(owner_client, content)
    with workshop_scope(workshop.pk):
        sample, own = list(CustomerImport.objects.order_by("-pk"))
    assert set(own.mapping) == set(sample.mapping) == set(exporting.COLUMNS)
    rules = {"criteria": ["email"], "decision": "update", "tags": "", "action": "check"}
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(f"{BASE}{own.pk}/apercu/", rules)
        owner_client.post(f"{BASE}{sample.pk}/apercu/", rules)
    with workshop_scope(workshop.pk):
        after = {
            held.pk: (held.created, held.updated, held.duplicates, held.refused)
            for held in CustomerImport.objects.all()
        }
    assert after == {own.pk: (0, 0, 1, 0), sample.pk: (2, 0, 0, 0)}


@pytest.mark.spec("CRM-06")
def test_an_export_is_told_in_the_trail_and_follows_the_filters(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        for number, kind in enumerate(["pro", "particulier"]):
            data = CustomerData(type=kind, last_name=f"Nom{number}", email=f"n{number}@client.fr")
            create_customer(workshop=workshop, actor=ACTOR, data=data)
    rows = cells(owner_client.get(f"{BASE}export/?type=pro").content)
    assert [row[2] for row in rows[1:]] == ["Nom0"]
    with workshop_scope(workshop.pk):
        entry = AuditEntry.objects.get(action="customer.exported")
    assert (entry.changes["rows"], entry.changes["type"]) == (1, "pro")


@pytest.mark.spec("CRM-06", "CRM-22")
def test_a_long_export_is_made_by_a_worker_and_downloaded(
    owner_client: Client, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(exporting, "DIRECT_EXPORT_ROWS", 1)
    with workshop_scope(workshop.pk):
        for number in range(3):
            create_customer(workshop=workshop, actor=ACTOR, data=CustomerData(last_name=f"Nom{number}"))
    with django_capture_on_commit_callbacks(execute=True):
        answer = owner_client.get(f"{BASE}export/")
        waiting = owner_client.get(answer.url)
    assert "hx-trigger" in waiting.content.decode()
    page = owner_client.get(answer.url)
    with workshop_scope(workshop.pk):
        asked = CustomerExport.objects.get()
    assert asked.rows == 3
    assert f"/fichiers/{asked.file_id}/" in page.content.decode()
    download = owner_client.get(f"/app/atelier-vulcain/fichiers/{asked.file_id}/?telecharger=1")
    assert b"Nom2" in b"".join(download.streaming_content)


def addresses(held: CustomerImport) -> list[tuple[str, str]]:
    posts = ("lancer/", "abandonner/", "inviter/")
    gets = ("", "colonnes/", "apercu/", "etat/", "refus/")
    return [("get", f"{held.pk}/{end}") for end in gets] + [("post", f"{held.pk}/{end}") for end in posts]


def test_who_may_not_edit_customers_imports_none(
    viewer_client: Client,
    operator_client: Client,
    accountant_client: Client,
    stranger_client: Client,
    workshop: Workshop,
) -> None:
    held = kept(workshop, files.text(files.simple()))
    for method, address in [("get", ""), ("post", ""), ("get", "export/"), *addresses(held)]:
        for client in (viewer_client, operator_client, accountant_client):
            assert getattr(client, method)(BASE + address).status_code == 403, address
        assert getattr(stranger_client, method)(BASE + address).status_code == 404, address
    assert only(workshop).state == ImportState.MAPPING
    assert count(workshop) == 0


def test_a_missing_import_is_not_found_and_methods_are_held(owner_client: Client, workshop: Workshop) -> None:
    held = kept(workshop, files.text(files.simple()))
    for method, address in addresses(held):
        gone = address.replace(f"{held.pk}/", f"{held.pk + 999}/", 1)
        assert getattr(owner_client, method)(BASE + gone).status_code == 404, gone
    for end in ("lancer/", "abandonner/", "inviter/"):
        assert owner_client.get(f"{BASE}{held.pk}/{end}").status_code == 405
    for end in ("", "etat/", "refus/"):
        assert owner_client.post(f"{BASE}{held.pk}/{end}").status_code == 405
