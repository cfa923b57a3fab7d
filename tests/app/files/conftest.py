"""The files app runs on both of its storages: a folder, and a server that speaks S3."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from config.settings.storage import private_storage

from app.files.models import StoredFile
from app.files.services import store_file
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests.fakes import s3

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    with s3.s3_server() as address:
        yield address


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each test that asks for it runs once on each storage, configured as production configures it."""
    if request.param == "s3":
        for name, value in s3.environment(request.getfixturevalue("s3_address")).items():
            monkeypatch.setenv(name, value)
    settings.STORAGES = {**settings.STORAGES, "private": private_storage(tmp_path / "private")}
    return str(request.param)


@pytest.fixture
def quote_pdf(in_scope: Workshop, actor: Actor) -> StoredFile:
    """A stored quote."""
    return store_file(
        workshop=in_scope, actor=actor, name="devis-D-2026-0001.pdf", content=PDF, kind="quote",
        content_type="application/pdf",
    )  # fmt: skip
