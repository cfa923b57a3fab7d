"""`import_customers`: dry run by default, counts and reasons, refusals in words."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from app.crm.selectors import list_customers
from app.dataio.models import CustomerImport
from app.files.models import StoredFile
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests.app.dataio import files


def run(path: Path, *options: str) -> dict[str, Any]:
    out = StringIO()
    call_command("import_customers", "--workshop", "atelier-vulcain", str(path), "--json", *options, stdout=out)
    return dict(json.loads(out.getvalue()))


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "clients.csv"
    path.write_bytes(files.text(files.messy()).encode("cp1252"))
    return path


@pytest.mark.spec("CRM-30", "CRM-34")
def test_a_dry_run_tells_what_the_import_then_does(workshop: Workshop, messy: Path) -> None:
    told = run(messy)
    with workshop_scope(workshop.pk):
        assert not list_customers().exists()
        assert not CustomerImport.objects.exists()
        assert not StoredFile.objects.exists()
    done = run(messy, "--commit", "--tag", "Reprise")
    counts = {name: told[name] for name in ("lines", "created", "updated", "duplicates", "refused")}
    assert counts == {"lines": 10, "created": 5, "updated": 0, "duplicates": 3, "refused": 2}
    assert {name: done[name] for name in counts} == counts
    assert told["refused_lines"] == done["refused_lines"]
    assert "ines(at)client.fr" in told["refused_lines"][0]["reason"]
    assert (told["committed"], done["committed"]) == (False, True)
    with workshop_scope(workshop.pk):
        assert list_customers(tag="reprise").count() == 5


@pytest.mark.spec("TEN-12")
def test_what_a_command_brings_belongs_to_the_owner(owner: Membership, workshop: Workshop, messy: Path) -> None:
    run(messy, "--commit")
    with workshop_scope(workshop.pk):
        assert set(list_customers().values_list("created_by_id", flat=True)) == {owner.user_id}


@pytest.mark.spec("CRM-37")
def test_the_second_import_creates_nothing(workshop: Workshop, messy: Path) -> None:
    run(messy, "--commit")
    again = run(messy, "--commit")
    assert (again["created"], again["duplicates"], again["refused"]) == (0, 8, 2)


def test_wrong_files_and_unknown_workshops_are_refused_in_words(workshop: Workshop, tmp_path: Path) -> None:
    pdf = tmp_path / "clients.csv"
    pdf.write_bytes(b"%PDF-1.7 x")
    with pytest.raises(CommandError, match="PDF"):
        run(pdf)
    with pytest.raises(CommandError):
        run(tmp_path / "absent.csv")
    nameless = tmp_path / "sans-nom.csv"
    nameless.write_text("ville\nLyon\n")
    with pytest.raises(CommandError):
        run(nameless)
    with pytest.raises(CommandError):
        call_command("import_customers", "--workshop", "nulle-part", str(pdf))
    with workshop_scope(workshop.pk):
        assert not CustomerImport.objects.exists()
        assert not StoredFile.objects.exists()
