"""Keeping and removing private files, on disk and on S3."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from app.entitlements.constants import Dimension, Source
from app.entitlements.errors import QuotaReachedError
from app.entitlements.models import UsageDay
from app.entitlements.selectors import get_quota
from app.entitlements.services import allow
from app.files.constants import KINDS, FileKind
from app.files.models import FileRemoval, StoredFile, day_folder
from app.files.selectors import count_stored_bytes
from app.files.services import clean_name, delete_file, read_file, store_file, sweep_files
from app.files.sniffing import agrees, content_type_of
from app.files.tasks import sweep_every_workshop
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.permissions import Permission
from app.tenancy.scope import workshop_scope
from tests.fakes import s3

from .conftest import PDF

pytestmark = pytest.mark.django_db


def kept(workshop: Workshop) -> list[str]:
    """The storage keys under today's folder."""
    try:
        return storages["private"].listdir(day_folder(workshop.pk))[1]
    except FileNotFoundError:
        return []


def bytes_counted(workshop: Workshop) -> int:
    return get_quota(workshop, Dimension.STORAGE).used


@pytest.mark.spec("PRJ-10", "OPS-13")
def test_a_file_is_read_back_as_it_was_stored(storage: str, quote_pdf: StoredFile, in_scope: Workshop) -> None:
    assert read_file(quote_pdf.public_id) == PDF
    assert quote_pdf.sha256 == hashlib.sha256(PDF).hexdigest()
    assert quote_pdf.size == len(PDF)
    assert quote_pdf.storage_key.startswith(f"w{in_scope.pk}/")
    assert quote_pdf.created_by is not None
    assert quote_pdf.created_by.email == "olivia@vulcain.test"


def test_nothing_in_the_bucket_is_public(storage: str, quote_pdf: StoredFile, request: pytest.FixtureRequest) -> None:
    if storage != "s3":
        folder = Path(storages["private"].path(quote_pdf.storage_key))
        assert folder.stat().st_mode & 0o077 == 0
        return
    client = s3.client(request.getfixturevalue("s3_address"))
    rights = client.get_object_acl(Bucket=s3.BUCKET, Key=f"private/{quote_pdf.storage_key}")["Grants"]
    assert [grant["Permission"] for grant in rights if grant["Grantee"]["Type"] == "Group"] == []
    assert "Signature" in storages["private"].url(quote_pdf.storage_key)


def test_the_space_used_follows_each_change_exactly(
    storage: str, quote_pdf: StoredFile, in_scope: Workshop, actor: Actor
) -> None:
    second = store_file(
        workshop=in_scope, actor=actor, name="b.pdf", content=PDF * 3, kind="quote", content_type="application/pdf"
    )
    assert (bytes_counted(in_scope), count_stored_bytes()) == (4 * len(PDF), 4 * len(PDF))
    delete_file(actor=actor, stored=second)
    assert (bytes_counted(in_scope), count_stored_bytes()) == (len(PDF), len(PDF))
    log = UsageDay.objects.get(dimension=Dimension.STORAGE)  # one line: nobody else gave anything back
    assert (log.user_id, log.added) == (actor.user_id, len(PDF))


@pytest.mark.spec("PLN-05", "PLN-17")
def test_a_full_storage_refuses_what_people_add_and_keeps_what_the_product_makes(
    storage: str, quote_pdf: StoredFile, in_scope: Workshop, actor: Actor
) -> None:
    allow(workshop=in_scope, limits={Dimension.STORAGE: 2 * len(PDF)}, source=Source.PLAN)
    file: dict[str, Any] = {"workshop": in_scope, "actor": actor, "name": "f.pdf", "content_type": "application/pdf"}
    with pytest.raises(QuotaReachedError):
        store_file(**file, content=PDF + b" ", kind="attachment")
    with pytest.raises(QuotaReachedError):
        store_file(**file, content=PDF * 2, kind="attachment")
    assert (len(kept(in_scope)), bytes_counted(in_scope)) == (1, len(PDF)), "nothing of a refused file is kept"
    store_file(**file, content=PDF, kind="attachment")
    store_file(**file, content=PDF, kind="quote")
    assert bytes_counted(in_scope) == count_stored_bytes() == 3 * len(PDF)


def test_a_deleted_file_loses_its_bytes_after_the_commit(
    storage: str, quote_pdf: StoredFile, in_scope: Workshop, actor: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        delete_file(actor=actor, stored=quote_pdf)
    assert len(kept(in_scope)) == 1, "the transaction may still roll back"
    for callback in callbacks:
        callback()
    assert kept(in_scope) == []
    assert not FileRemoval.objects.exists()


def test_a_deletion_whose_process_was_killed_is_finished_by_the_sweep(
    storage: str, quote_pdf: StoredFile, in_scope: Workshop, actor: Actor
) -> None:
    delete_file(actor=actor, stored=quote_pdf)  # and the process is killed before its commit hooks
    assert sweep_files(workshop=in_scope) == 1
    assert kept(in_scope) == []
    assert not FileRemoval.objects.exists()


def test_a_rolled_back_write_is_swept_and_the_others_stay(
    storage: str, quote_pdf: StoredFile, in_scope: Workshop, actor: Actor, time_machine: Any
) -> None:
    with transaction.atomic():
        store_file(
            workshop=in_scope, actor=actor, name="b.pdf", content=PDF, kind="quote", content_type="application/pdf"
        )
        transaction.set_rollback(True)
    assert StoredFile.objects.count() == 1
    assert bytes_counted(in_scope) == len(PDF)
    assert len(kept(in_scope)) == 2
    assert sweep_files(workshop=in_scope) == 0, "a write of today may belong to a transaction that is still open"
    folder = day_folder(in_scope.pk)
    time_machine.move_to(timezone.now() + timedelta(hours=49))
    assert sweep_files(workshop=in_scope) == 1
    assert storages["private"].listdir(folder)[1] == [quote_pdf.storage_key.rsplit("/", 1)[-1]]


def test_the_sweep_never_touches_another_workshop(
    storage: str, other_workshop: Workshop, in_scope: Workshop, time_machine: Any
) -> None:
    key = storages["private"].save(f"{day_folder(other_workshop.pk)}/abandoned", ContentFile(b"x"))
    time_machine.move_to(timezone.now() + timedelta(hours=49))
    sweep_files(workshop=in_scope)
    assert storages["private"].exists(key)


@pytest.mark.django_db(transaction=True)
def test_the_nightly_job_sweeps_every_workshop(workshop: Workshop, other_workshop: Workshop, actor: Actor) -> None:
    for each in (workshop, other_workshop):
        with workshop_scope(each.pk):
            FileRemoval.objects.create(workshop=each, storage_key=f"w{each.pk}/gone")
    sweep_every_workshop()
    for each in (workshop, other_workshop):
        with workshop_scope(each.pk):
            assert not FileRemoval.objects.exists()


@pytest.mark.parametrize(
    ("content", "content_type", "kind"),
    [
        (b"", "application/pdf", "quote"),
        (b"MZ\x90\x00 a program", "application/pdf", "quote"),
        (b"<html><script>alert(1)</script></html>", "application/pdf", "quote"),
        (PDF, "image/png", "quote"),
        (PDF, "application/pdf", "logo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png", "logo"),
        (PDF, "text/csv", "import"),
        (b"PK\x03\x04 renamed", "text/csv", "import"),
    ],
)
def test_what_a_file_is_not_is_refused_and_nothing_is_kept(
    in_scope: Workshop, actor: Actor, content: bytes, content_type: str, kind: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        store_file(workshop=in_scope, actor=actor, name="f", content=content, kind=kind, content_type=content_type)
    assert refusal.value.field == "file"
    assert not StoredFile.objects.exists()
    assert bytes_counted(in_scope) == 0
    assert kept(in_scope) == []


def test_a_file_over_the_limit_is_refused_with_the_limit(
    in_scope: Workshop, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = FileKind(Permission.QUOTES_READ, frozenset({"application/pdf"}), 1024 * 1024)
    monkeypatch.setitem(KINDS, "quote", rules)
    with pytest.raises(RuleError, match="1"):
        store_file(
            workshop=in_scope, actor=actor, name="f.pdf", content=PDF + b" " * 1024 * 1024, kind="quote",
            content_type="application/pdf",
        )  # fmt: skip


def test_an_unknown_kind_is_a_programming_error(in_scope: Workshop, actor: Actor) -> None:
    with pytest.raises(KeyError):
        store_file(workshop=in_scope, actor=actor, name="f", content=PDF, kind="?", content_type="application/pdf")


def test_a_file_of_another_workshop_cannot_be_read(
    storage: str, other_workshop: Workshop, workshop: Workshop, actor: Actor
) -> None:
    with workshop_scope(workshop.pk):
        ours = store_file(
            workshop=workshop, actor=actor, name="a.pdf", content=PDF, kind="quote", content_type="application/pdf"
        )
    with workshop_scope(other_workshop.pk), pytest.raises(StoredFile.DoesNotExist):
        read_file(ours.public_id)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Éric\\devis été.pdf", "devis été.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("", "document"),
        ("...", "document"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("y" * 300, "y" * 200),
    ],
)
def test_a_name_is_made_harmless(given: str, expected: str) -> None:
    assert clean_name(given) == expected


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (PDF, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("Société;Téléphone\nÉtablissements Müller;06 12\n".encode("cp1252"), "text/plain"),
        ("\ufeffNom;E-mail\n".encode(), "text/plain"),
        ("Nom;E-mail\n".encode("utf-16"), "text/plain"),
        (b"PK\x03\x04\x14\x00[Content_Types].xml ... xl/workbook.xml",
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"PK\x03\x04\x14\x00notes.txt", "application/zip"),
        (b"  <!DOCTYPE html><p>", "application/octet-stream"),
        (b"abc\x00def", "application/octet-stream"),
    ],
)  # fmt: skip
def test_the_content_tells_the_type(content: bytes, found: str) -> None:
    assert content_type_of(content) == found


def test_a_csv_is_text_but_text_is_not_a_pdf() -> None:
    assert agrees("text/csv", b"a;b\n1;2\n")
    assert not agrees("application/pdf", b"a;b\n1;2\n")
