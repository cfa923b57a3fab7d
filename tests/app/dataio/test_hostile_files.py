"""What real migration files hold besides customers."""

import codecs

import pytest

from app.crm.selectors import list_customers
from app.dataio.models import CustomerImport
from app.dataio.selectors import reasons
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.app.dataio.test_import import run

LINES = "Nom;Prénom;E-mail;Statut juridique\r\n"


def imported(workshop: Workshop, content: str | bytes) -> tuple[CustomerImport, list[tuple[str, ...]]]:
    held = run(workshop, content)
    with workshop_scope(workshop.pk):
        return held, list(list_customers().values_list("type", "company", "last_name", "email"))


@pytest.mark.spec("CRM-33")
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("marked", [True, False])
def test_utf_16_is_read_with_and_without_its_mark(workshop: Workshop, encoding: str, marked: bool) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding] if marked else b""
    held, customers = imported(workshop, mark + f"{LINES}Lefèvre;Zoé;zoe@client.fr;\r\n".encode(encoding))
    assert (held.created, customers) == (1, [("particulier", "", "Lefèvre", "zoe@client.fr")])


@pytest.mark.spec("CRM-30", "CRM-36")
def test_a_legal_form_or_a_title_tells_the_type(workshop: Workshop) -> None:
    held, customers = imported(
        workshop, f"{LINES}Métal Sud;;;SARL\r\nDupuis;;;X.A.S.\r\nDurand;Zoé;;Mme\r\nBlin;;;chef\r\n"
    )
    assert sorted(row[:3] for row in customers) == [
        ("particulier", "", "Durand"),
        ("pro", "Métal Sud", ""),
    ]
    with workshop_scope(workshop.pk):
        refused = reasons(held, "refused")
    assert [row["line"] for row in refused] == [3, 5]
    assert "chef" in refused[1]["reason"]


@pytest.mark.spec("CRM-04", "CRM-34")
def test_what_nobody_sees_is_taken_away(workshop: Workshop) -> None:
    """Zero widths, escapes and marks that turn the text round make two people of one, and addresses that never arrive."""
    lines = f"{LINES}Dur\u200band;Zoé;zoe@client.fr\u200b;\r\nDurand;Zo\u202eé;zoe@client.fr;\r\nBl\x1bin;Ada;;\r\n"
    held, customers = imported(workshop, lines)
    assert (held.created, held.duplicates) == (2, 1)
    assert sorted(row[2:] for row in customers) == [("Blin", ""), ("Durand", "zoe@client.fr")]
