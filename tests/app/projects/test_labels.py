"""Labels: what is printed is what a scanner reads, on the label where it should be."""

from datetime import date, timedelta
from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone

from app.documents.labels import Label, Marks, Size, labels_pdf
from app.files.models import StoredFile
from app.files.services import read_file
from app.kernel.codes import code_of
from app.kernel.errors import RuleError
from app.projects.models import LabelPrint, Part, Project
from app.projects.selectors import list_lost_labels
from app.projects.services.labelling import ask_labels, forget_labels, make_labels
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

BASE = "/app/atelier-vulcain/projets/"


@pytest.fixture
def project(in_scope: Workshop) -> Project:
    return factories.project(in_scope, promised_on=date(2026, 12, 4))


def ask(workshop: Workshop, actor: Actor, project: Project, **choices: object) -> LabelPrint:
    given = {"part": None, "size": Size.SHEET_24, "marks": Marks.BOTH, "per_piece": False, "skipped": 0, **choices}
    return ask_labels(workshop=workshop, actor=actor, project=project, **given)


def read(content: bytes) -> list[list[str]]:
    """What a scanner reads on each page, printed at 200 points an inch."""
    pages = pypdfium2.PdfDocument(content)
    return [[found.text for found in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())] for page in pages]


def text_of(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content))


def labels(how_many: int) -> list[Label]:
    lines = ("Panneaux de portail coulissant", "2611-0004 · Portail", "Promis le 4 déc. 2026", "RAL 7016")
    return [
        Label(code_of(rank), f"HTTPS://X.FR/E/1/{code_of(rank)}", lines, "#383e42") for rank in range(1, how_many + 1)
    ]


@pytest.mark.spec("LAB-01", "LAB-02")
@pytest.mark.parametrize("size", Size, ids=lambda size: size.name)
def test_every_size_is_read_by_a_scanner(size: Size) -> None:
    pages = read(labels_pdf(labels(3), size.value, Marks.BOTH))
    assert sorted(text for page in pages for text in page) == sorted(label.scan_text for label in labels(3))
    assert len(pages) == (3 if size.value.per_page == 1 else 1)


@pytest.mark.spec("LAB-01")
def test_the_workshop_chooses_how_a_part_is_told() -> None:
    plain, code = (labels_pdf(labels(1), Size.SHEET_8.value, marks) for marks in (Marks.NUMBER, Marks.QR))
    assert read(plain) == [[]]
    assert "GTM 4DT" in text_of(plain)
    assert read(code) == [["HTTPS://X.FR/E/1/GTM4DT"]]
    assert "GTM 4DT" not in text_of(code)


@pytest.mark.spec("LAB-02")
@pytest.mark.parametrize("size", Size, ids=lambda size: size.name)
def test_no_label_leaves_its_page(size: Size) -> None:
    width, height = size.value.page
    for left, top in size.value.places():
        assert 0 <= left <= left + size.value.width <= width + 0.01
        assert 0 <= top <= top + size.value.height <= height + 0.01


@pytest.mark.spec("LAB-02")
def test_a_sheet_begun_is_finished() -> None:
    sheet = Size.SHEET_24.value
    assert len(pypdfium2.PdfDocument(labels_pdf(labels(24), sheet, Marks.BOTH))) == 1
    begun = read(labels_pdf(labels(24), sheet, Marks.BOTH, skip=20))
    assert [len(page) for page in begun] == [4, 20]


@pytest.mark.spec("LAB-02", "LAB-01")
def test_the_labels_of_a_project_lead_to_its_parts(in_scope: Workshop, actor: Actor, project: Project) -> None:
    asked = ask(in_scope, actor, project)
    make_labels(workshop=in_scope, print_pk=asked.pk)
    asked.refresh_from_db()
    part = Part.objects.get(project=project)
    [[scanned]] = read(read_file(asked.file_id))
    assert scanned == f"HTTP://TESTSERVER/E/{in_scope.pk}/{part.code}"
    printed = text_of(read_file(asked.file_id))
    assert project.number in printed and part.designation in printed
    assert "€" not in printed


@pytest.mark.spec("LAB-02")
def test_each_piece_may_have_its_own(in_scope: Workshop, actor: Actor, project: Project) -> None:
    asked = ask(in_scope, actor, project, per_piece=True)
    assert asked.labels == 4
    make_labels(workshop=in_scope, print_pk=asked.pk)
    make_labels(workshop=in_scope, print_pk=asked.pk)
    asked.refresh_from_db()
    assert StoredFile.objects.filter(kind="labels").count() == 1
    assert all(f"{piece}/4" in text_of(read_file(asked.file_id)) for piece in range(1, 5))


def test_a_length_is_one_piece_and_a_file_has_an_end(in_scope: Workshop, actor: Actor, project: Project) -> None:
    part = Part.objects.get(project=project)
    Part.objects.filter(pk=part.pk).update(quantity=Decimal("2.50"))
    assert ask(in_scope, actor, project, per_piece=True).labels == 1
    Part.objects.filter(pk=part.pk).update(quantity=Decimal("9999"))
    with pytest.raises(RuleError, match="9999"):
        ask(in_scope, actor, project, per_piece=True)
    assert LabelPrint.objects.count() == 1


@pytest.mark.parametrize("name", ["X" * 250, "Тест 漢字 \u202e", "<script>", "é" * 250])
def test_any_name_is_printed(name: str) -> None:
    label = Label(code_of(1), "HTTPS://X.FR/E/1/GTM4DT", (name, name, name, name), "#ffffff", "12/40")
    assert read(labels_pdf([label], Size.SHEET_65.value, Marks.BOTH)) == [["HTTPS://X.FR/E/1/GTM4DT"]]


def test_lost_labels_are_made_and_old_ones_forgotten(workshop: Workshop, actor: Actor) -> None:
    with workshop_scope(workshop.pk):
        asked = ask(workshop, actor, factories.project(workshop))
        LabelPrint.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert list_lost_labels(timedelta(minutes=2)) == [(workshop.pk, asked.pk)]
    with workshop_scope(workshop.pk):
        make_labels(workshop=workshop, print_pk=asked.pk)
    assert list_lost_labels(timedelta(minutes=2)) == []
    with workshop_scope(workshop.pk):
        assert forget_labels() == 0
        LabelPrint.objects.update(made_at=timezone.now() - timedelta(days=8))
        assert forget_labels() == 1
        assert LabelPrint.objects.get().file_id is None
        assert not StoredFile.objects.filter(kind="labels").exists()


@pytest.fixture
def shown(workshop: Workshop) -> Part:
    with workshop_scope(workshop.pk):
        return Part.objects.select_related("project").get(project=factories.project(workshop))


@pytest.mark.spec("LAB-02")
def test_an_operator_prints_and_the_choices_are_kept(operator_client: Client, shown: Part) -> None:
    address = f"{BASE}{shown.project_id}/etiquettes/"
    answer = operator_client.post(address, {"size": "ROLL_62_29", "marks": "number", "skipped": "0"})
    assert answer.status_code == 302
    state = operator_client.get(answer["Location"], headers={"HX-Request": "true"})
    assert state.status_code == 200
    page = operator_client.get(address).content.decode()
    assert '<option value="ROLL_62_29" selected' in page


@pytest.mark.parametrize(
    "wrong", [{"size": "A0"}, {"marks": "smell"}, {"skipped": "-1"}, {"skipped": "900"}, {"part": "999999"}]
)
def test_a_wrong_choice_is_said_and_prints_nothing(
    operator_client: Client, shown: Part, workshop: Workshop, wrong: dict[str, str]
) -> None:
    asked = {"size": "SHEET_24", "marks": "both", "skipped": "0", **wrong}
    answer = operator_client.post(f"{BASE}{shown.project_id}/etiquettes/", asked)
    assert answer.status_code == 422
    with workshop_scope(workshop.pk):
        assert not LabelPrint.objects.exists()


def test_a_part_of_another_project_is_not_printed_here(
    operator_client: Client, shown: Part, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        other = factories.project(workshop)
    asked = {"size": "SHEET_24", "marks": "both", "skipped": "0", "part": shown.pk}
    assert operator_client.post(f"{BASE}{other.pk}/etiquettes/", asked).status_code == 422


def test_readers_do_not_print(viewer_client: Client, shown: Part) -> None:
    assert viewer_client.get(f"{BASE}{shown.project_id}/etiquettes/").status_code == 403


@pytest.mark.spec("LAB-03", "ACC-04")
def test_a_scanned_label_opens_its_project(operator_client: Client, shown: Part, workshop: Workshop) -> None:
    answer = operator_client.get(f"/E/{workshop.pk}/{shown.code}", follow=True)
    assert answer.redirect_chain[-1][0] == f"{BASE}{shown.project_id}/#piece-{shown.code}"
    assert answer.status_code == 200
    assert f'id="piece-{shown.code}"' in answer.content.decode()


@pytest.mark.spec("LAB-03", "LAB-04", "ACC-04")
def test_a_typed_number_is_found_mistyped_or_unknown(operator_client: Client, shown: Part) -> None:
    assert operator_client.get(f"{BASE}piece/{shown.code.lower()}/").status_code == 302
    last = "3" if shown.code[-1] != "3" else "4"
    mistyped = operator_client.get(f"{BASE}piece/{shown.code[:-1]}{last}/")
    assert (mistyped.status_code, "mal recopié" in mistyped.content.decode()) == (404, True)
    for nothing in (code_of(5_000_000), "bonjour", "é" * 200):
        answer = operator_client.get(f"{BASE}piece/{nothing}/")
        assert (answer.status_code, "mal recopié" in answer.content.decode()) == (404, False)


@pytest.mark.spec("LAB-03", "TEN-04")
def test_a_label_of_another_workshop_says_nothing(
    stranger_client: Client, client: Client, shown: Part, workshop: Workshop, other_workshop: Workshop
) -> None:
    there = stranger_client.get(f"/E/{workshop.pk}/{shown.code}")
    nowhere = stranger_client.get(f"/E/999999/{shown.code}")
    assert there.status_code == nowhere.status_code == 404
    here = stranger_client.get(f"/E/{other_workshop.pk}/{shown.code}", follow=True)
    assert here.status_code == 404
    assert shown.designation not in here.content.decode()
    assert client.get(f"/E/{workshop.pk}/{shown.code}").status_code == 302


@pytest.mark.spec("LAB-03")
def test_the_search_of_every_page_finds_a_number(operator_client: Client, shown: Part) -> None:
    found = operator_client.get("/app/atelier-vulcain/recherche/", {"q": f"{shown.code[:3]} {shown.code[3:]}".lower()})
    assert f"{BASE}{shown.project_id}/" in found.content.decode()
