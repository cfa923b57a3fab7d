"""The screens of the catalogue: what each role may do, and what a wrong address or a wrong entry answers."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from app.powders.constants import Finish, PowderType
from app.powders.importing import read_texts
from app.powders.models import Powder, PowderFormat, PowderImport
from app.powders.selectors import all_powders
from app.powders.services.catalogue import load_catalogue
from app.powders.services.powders import PowderData, create_powder
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope

BASE = "/app/atelier-vulcain/poudres/"
FORM = {
    "brand": "Thermopoudre",
    "reference": "TP-7016-TX",
    "type": "polyester",
    "finish": "texture",
    "colour_code": "ral7016",
    "density": "1,52",
    "thickness_um": "70",
    "consumption_g_per_m2": "120,5",
    "curing_temperature_c": "190",
    "curing_minutes": "12",
    "price_per_kg": "9,80",
}


def powder(workshop: Workshop, **changes: object) -> Powder:
    values = {"brand": "Adapta", "reference": "A-1", "type": PowderType.POLYESTER, "finish": Finish.MATT, **changes}
    with workshop_scope(workshop.pk):
        return create_powder(
            workshop=workshop, actor=Actor.system("test"), data=PowderData(**values), price_per_kg=Decimal("8.50")
        )


def count(workshop: Workshop) -> int:
    with workshop_scope(workshop.pk):
        return all_powders().count()


@pytest.mark.spec("POW-01", "POW-05")
def test_a_powder_is_created_with_french_figures_and_its_colour_filled_in(
    owner_client: Client, workshop: Workshop
) -> None:
    load_catalogue()
    answer = owner_client.post(f"{BASE}nouvelle/", FORM, follow=True)
    assert answer.status_code == 200
    with workshop_scope(workshop.pk):
        created = all_powders().get()
    assert (created.colour_code, created.colour_name, created.hex) == ("RAL 7016", "Gris anthracite", "#373F43")
    assert (created.density, created.consumption_g_per_m2) == (Decimal("1.52"), Decimal("120.5"))
    page = answer.content.decode()
    assert "TP-7016-TX" in page
    assert "9,80" in page


@pytest.mark.spec("POW-06")
def test_an_identity_that_is_taken_is_said_beside_its_field_and_nothing_is_lost(
    owner_client: Client, workshop: Workshop
) -> None:
    powder(workshop, reference="tp-7016-tx", finish=Finish.TEXTURED)
    answer = owner_client.post(f"{BASE}nouvelle/", FORM)
    assert answer.status_code == 200
    assert answer.context["form"].errors["reference"]
    assert "120,5" in answer.content.decode()
    assert count(workshop) == 1


def test_wrong_figures_are_refused_beside_their_field(owner_client: Client, workshop: Workshop) -> None:
    wrong = {"density": "12", "curing_minutes": "abc", "price_per_kg": "-1", "type": "or"}
    answer = owner_client.post(f"{BASE}nouvelle/", FORM | wrong)
    assert set(answer.context["form"].errors) == {"density", "curing_minutes", "price_per_kg", "type"}
    assert count(workshop) == 0


@pytest.mark.spec("POW-07")
def test_editing_changes_the_powder_and_starts_a_new_price(owner_client: Client, workshop: Workshop) -> None:
    one = powder(workshop)
    page = owner_client.get(f"{BASE}{one.pk}/modifier/")
    assert "8,50" in page.content.decode()
    owner_client.post(f"{BASE}{one.pk}/modifier/", FORM | {"price_per_kg": "10"})
    page = owner_client.get(f"{BASE}{one.pk}/").content.decode()
    assert "TP-7016-TX" in page
    assert "10,00" in page


def test_a_price_from_another_day_is_added_on_the_record(owner_client: Client, workshop: Workshop) -> None:
    one = powder(workshop)
    owner_client.post(f"{BASE}{one.pk}/prix/", {"price_per_kg": "7,25", "valid_from": "2026-01-01"})
    assert "7,25" in owner_client.get(f"{BASE}{one.pk}/").content.decode()
    owner_client.post(f"{BASE}{one.pk}/prix/", {"price_per_kg": "abc", "valid_from": "2026-01-02"})
    owner_client.post(f"{BASE}{one.pk}/prix/", {"price_per_kg": "1 234,50", "valid_from": "2026-01-03"})
    with workshop_scope(workshop.pk):
        assert one.prices.count() == 3
        assert one.prices.get(valid_from="2026-01-03").price_per_kg == Decimal("1234.50")


@pytest.mark.spec("POW-06")
def test_archiving_takes_a_powder_out_of_the_list_and_back(owner_client: Client, workshop: Workshop) -> None:
    one = powder(workshop)
    for _twice in range(2):
        owner_client.post(f"{BASE}{one.pk}/archiver/")
    assert "A-1" not in owner_client.get(BASE).content.decode()
    assert "A-1" in owner_client.get(f"{BASE}?archives=on").content.decode()
    for _twice in range(2):
        owner_client.post(f"{BASE}{one.pk}/remettre/")
    assert "A-1" in owner_client.get(BASE).content.decode()


def test_a_powder_that_nothing_uses_can_be_deleted(owner_client: Client, workshop: Workshop) -> None:
    one = powder(workshop)
    owner_client.post(f"{BASE}{one.pk}/supprimer/")
    assert count(workshop) == 0


def test_the_list_is_searched_filtered_and_paged(owner_client: Client, workshop: Workshop) -> None:
    for number in range(30):
        powder(workshop, reference=f"REF-{number:02}", colour_name="Gris Éléphant" if number == 7 else "")
    first = owner_client.get(BASE)
    assert len(first.context["page"].rows) == 25
    second = owner_client.get(f"{BASE}?apres={first.context['page'].next_cursor}")
    assert len(second.context["page"].rows) == 5
    found = owner_client.get(f"{BASE}?q=ELEPHANT").context["page"].rows
    assert [row.reference for row in found] == ["REF-07"]
    assert not owner_client.get(f"{BASE}?finition=satin").context["page"].rows


@pytest.mark.spec("PRF-02")
def test_the_list_costs_two_queries_on_powders_whatever_its_length(owner_client: Client, workshop: Workshop) -> None:
    for number in range(20):
        powder(workshop, reference=f"REF-{number:02}")
    with CaptureQueriesContext(connection) as queries:
        owner_client.get(BASE)
    about_powders = [query["sql"] for query in queries if 'FROM "powders_' in query["sql"]]
    assert len(about_powders) == 2, about_powders  # the page with its prices, the brands of the filter
    assert not any("COUNT(" in sql for sql in about_powders)


@pytest.mark.spec("POW-01")
def test_packagings_are_added_corrected_and_removed(owner_client: Client, workshop: Workshop) -> None:
    owner_client.post(f"{BASE}conditionnements/", {"brand": "Adapta", "net_kg": "20", "tare_kg": "0,65"})
    again = owner_client.post(f"{BASE}conditionnements/", {"brand": "ADAPTA", "net_kg": "20", "tare_kg": "1"})
    assert again.context["form"].errors["net_kg"]
    with workshop_scope(workshop.pk):
        packaging = PowderFormat.objects.get()
    owner_client.post(f"{BASE}conditionnements/{packaging.pk}/", {"brand": "Adapta", "net_kg": "20", "tare_kg": "0,7"})
    with workshop_scope(workshop.pk):
        assert PowderFormat.objects.get().tare_kg == Decimal("0.7")
    owner_client.post(f"{BASE}conditionnements/{packaging.pk}/supprimer/")
    with workshop_scope(workshop.pk):
        assert not PowderFormat.objects.exists()


@pytest.mark.spec("POW-01")
def test_the_chart_is_searched_in_both_languages_and_leads_to_a_new_powder(owner_client: Client) -> None:
    load_catalogue()
    for query in ("7016", "ral7016", "anthracite", "gris anthracite", "anthracite grey"):
        assert "RAL 7016" in owner_client.get(f"{BASE}nuancier/?q={query}").content.decode(), query
    fragment = owner_client.get(f"{BASE}nuancier/?q=zzz", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    form = owner_client.get(f"{BASE}nouvelle/?ral=RAL+7016").content.decode()
    assert "Gris anthracite" in form
    assert "#373F43" in form


def upload(client: Client, content: bytes, name: str = "poudres.csv") -> object:
    return client.post(f"{BASE}import/", {"file": SimpleUploadedFile(name, content)})


GOOD = (
    "Marque;Référence;Type;Finition;RAL;Densité;Épaisseur;Consommation;Prix/kg\n"
    "Thermopoudre;TP-1;Polyester;Texturé;7016;1,5;70 µm;120 g/m²;9,80 €\n"
    "Thermopoudre;tp-1;polyester;texture;7016;;;;\n"
    "Adapta;A-2;PES;Satinée;9005;;;0,12;12\n"
    "Adapta;A-3;Inconnu;Mat;9005;99;;;abc\n"
)


@pytest.mark.spec("POW-05", "CRM-36")
def test_a_csv_is_previewed_then_imported_once(owner_client: Client, workshop: Workshop) -> None:
    load_catalogue()
    answer = upload(owner_client, GOOD.encode("cp1252", errors="replace"))
    page = owner_client.get(answer["Location"])
    assert page.context["counts"] == {"create": 1, "update": 0, "skip": 1, "refuse": 2}
    assert count(workshop) == 0
    columns = {
        name: str(index)
        for index, name in enumerate(
            [
                "brand",
                "reference",
                "type",
                "finish",
                "colour_code",
                "density",
                "thickness_um",
                "consumption_g_per_m2",
                "price_per_kg",
            ]
        )
    }
    report = owner_client.post(answer["Location"], columns | {"action": "confirm"}, follow=True)
    assert report.context["kept"].report["counts"] == {"create": 1, "skip": 1, "refuse": 2}
    assert count(workshop) == 1
    owner_client.post(answer["Location"], columns | {"action": "confirm"})
    assert count(workshop) == 1
    refused = owner_client.get(f"{answer['Location']}refusees.csv").content.decode("utf-8-sig")
    assert "A-3" in refused
    assert "Inconnu" in refused


@pytest.mark.spec("POW-05")
def test_importing_an_export_again_creates_nothing(owner_client: Client, workshop: Workshop) -> None:
    powder(workshop, reference="=A-1", consumption_g_per_m2=Decimal("110.5"), curing_minutes=10)
    exported = owner_client.get(f"{BASE}export.csv").content
    assert b"'=A-1" in exported
    page = owner_client.get(upload(owner_client, exported)["Location"])
    assert page.context["counts"] == {"create": 0, "update": 1, "skip": 0, "refuse": 0}


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 powders", b"PK\x03\x04" + bytes(40), b"a;b\n" + b"1;2\n" * 2001, b"x" * (3 << 20)]
)
def test_a_wrong_file_is_refused_with_a_message_and_keeps_nothing(
    owner_client: Client, workshop: Workshop, content: bytes
) -> None:
    answer = upload(owner_client, content)
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    with workshop_scope(workshop.pk):
        assert not PowderImport.objects.exists()


def test_a_file_without_the_needed_columns_asks_for_them(owner_client: Client, workshop: Workshop) -> None:
    answer = upload(owner_client, b"nom;prenom\nMartin;Luc\n")
    page = owner_client.get(answer["Location"])
    assert set(page.context["form"].errors) == {"brand", "reference", "type", "finish"}
    owner_client.post(answer["Location"], {"action": "confirm", "brand": "0"})
    assert count(workshop) == 0


READ = ["", "export.csv", "nuancier/", "conditionnements/", "import/modele.csv"]
WRITE = ["nouvelle/", "import/"]


@pytest.mark.spec("ROL-10")
def test_readers_read_and_only_editors_write(
    operator_client: Client, viewer_client: Client, accountant_client: Client, owner_client: Client, workshop: Workshop
) -> None:
    one = powder(workshop)
    for client in (operator_client, viewer_client, accountant_client):
        assert all(client.get(BASE + path).status_code == 200 for path in READ)
        assert client.get(f"{BASE}{one.pk}/").status_code == 200
        assert all(client.get(BASE + path).status_code == 403 for path in WRITE)
        assert client.post(f"{BASE}nouvelle/", FORM).status_code == 403
        assert client.post(f"{BASE}conditionnements/", {"brand": "A", "net_kg": "1", "tare_kg": "0"}).status_code == 403
        for action in ("supprimer", "archiver", "remettre", "prix", "modifier"):
            assert client.post(f"{BASE}{one.pk}/{action}/").status_code == 403
    assert all(owner_client.get(BASE + path).status_code == 200 for path in READ + WRITE)
    assert count(workshop) == 1


@pytest.mark.spec("TEN-02")
def test_strangers_and_foreign_powders_answer_not_found(
    owner_client: Client, stranger_client: Client, workshop: Workshop, other_workshop: Workshop, owner: Membership
) -> None:
    foreign = powder(other_workshop)
    assert stranger_client.get(BASE).status_code == 404
    for path in ("", "modifier/"):
        assert owner_client.get(f"{BASE}{foreign.pk}/{path}").status_code == 404
    for path in ("supprimer/", "archiver/", "remettre/", "prix/", "modifier/"):
        assert owner_client.post(f"{BASE}{foreign.pk}/{path}", FORM).status_code == 404
    assert Client().get(BASE).status_code == 302
    assert count(other_workshop) == 1


def test_actions_want_a_post(owner_client: Client, workshop: Workshop) -> None:
    one = powder(workshop)
    for action in ("supprimer", "archiver", "remettre", "prix"):
        assert owner_client.get(f"{BASE}{one.pk}/{action}/").status_code == 405


@pytest.mark.spec("POW-07", "UXR-04")
def test_a_price_that_is_wrong_stays_on_screen(owner_client: Client, workshop: Workshop) -> None:
    one = powder(workshop)
    answer = owner_client.post(f"{BASE}{one.pk}/prix/", {"price_per_kg": "douze", "valid_from": "2026-12-01"})
    page = answer.content.decode()
    assert (answer.status_code, 'value="douze"' in page, 'value="2026-12-01"' in page) == (422, True, True)
    with workshop_scope(workshop.pk):
        assert one.prices.count() == 1


@pytest.mark.spec("POW-05")
@pytest.mark.parametrize("number", ["1e400", "1e999999", "1e99999999999", "-1e999999", "NaN", "Infinity", "1e-400"])
def test_a_cell_that_is_no_usable_number_refuses_its_line(number: str) -> None:
    texts = {"brand": "Adapta", "reference": "A-1", "type": "Polyester", "finish": "Mat"}
    for name in ("density", "thickness_um", "consumption_kg_per_m2", "price_per_kg", "curing_minutes"):
        data, _price, errors = read_texts({**texts, name: number})
        assert (data, len(errors)) == (None, 1)
