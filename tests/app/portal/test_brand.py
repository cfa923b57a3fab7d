"""The customers' pages and the documents bear the workshop's colour and logo."""

from io import BytesIO

import pikepdf
import pytest
from django.test import Client

from app.files.services import store_file
from app.quotes.pdf import quote_pdf
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.quotes.test_flow import drawing
from tests.factories import ACTOR

BASE = "/espace/atelier-vulcain/"
pytestmark = pytest.mark.spec("POR-13")


def dress(workshop: Workshop, accent: str = "#1d4ed8") -> bytes:
    """Give the workshop a colour and a logo; the bytes of the logo."""
    content = drawing()
    with workshop_scope(workshop.pk):
        stored = store_file(
            workshop=workshop, actor=ACTOR, name="logo.png", content=content, kind="logo", content_type="image/png"
        )
    Workshop.objects.filter(pk=workshop.pk).update(accent=accent, logo_file_id=stored.public_id)
    workshop.refresh_from_db()
    return content


def test_the_pages_load_the_colour_and_the_logo_of_their_workshop(client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        content = dress(workshop)
    page = client.get(f"{BASE}lien/").content.decode()
    assert f"{BASE}couleurs.css?v=%231d4ed8" in page
    assert f'src="{BASE}logo/?v={workshop.logo_file_id}"' in page
    sheet = client.get(f"{BASE}couleurs.css")
    assert (sheet["Content-Type"], "#1d4ed8" in sheet.content.decode()) == ("text/css; charset=utf-8", True)
    logo = client.get(f"{BASE}logo/")
    assert b"".join(logo) == content
    for asset in (sheet, logo):
        assert "public" in asset["Cache-Control"]


def test_without_a_colour_nor_a_logo_the_pages_are_the_product_s(client: Client, workshop: Workshop) -> None:
    page = client.get(f"{BASE}lien/").content.decode()
    assert "couleurs.css" not in page
    assert workshop.name in page
    assert client.get(f"{BASE}couleurs.css").content == b""
    assert client.get(f"{BASE}logo/").status_code == 404


def test_the_address_of_a_workshop_that_does_not_exist_answers_nothing(client: Client, db: None) -> None:
    for asset in ("couleurs.css", "logo/"):
        assert client.get(f"/espace/inconnu/{asset}").status_code == 404


@pytest.mark.parametrize(("accent", "drawn"), [("#1d4ed8", (0.113, 0.305, 0.847)), ("", (0.760, 0.254, 0.047))])
def test_the_documents_are_drawn_in_the_workshop_s_colour(
    in_scope: Workshop, accent: str, drawn: tuple[float, ...]
) -> None:
    in_scope.accent = accent
    with pikepdf.open(BytesIO(quote_pdf(in_scope, factories.quote(in_scope)))) as pdf:
        fills = {
            tuple(round(float(operand), 3) for operand in operands[:3])
            for page in pdf.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) in ("rg", "scn") and len(operands) >= 3
        }
    assert any(all(abs(a - b) < 0.002 for a, b in zip(fill, drawn, strict=True)) for fill in fills)
