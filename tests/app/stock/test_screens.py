"""The screens of the stock: what each role may do, what a wrong entry answers, what is never lost."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext

from app.documents.labels import spaced
from app.documents.models import Paper
from app.documents.papers import make_paper
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.files.services import read_file
from app.stock.constants import Demand
from app.stock.models import Carton, Item, Movement, Weighing
from app.stock.services.watching import watch_workshop
from app.tenancy.models import Site, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.stock.stage import Stage, level, require_agreement
from tests.queries import at_most

pytestmark = pytest.mark.django_db
BASE = "/app/atelier-vulcain/stock/"


@pytest.fixture
def stage(workshop: Workshop) -> Stage:
    """A powder with two cartons, one open, some use; every feature granted."""
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=Feature.values, source=Source.PLAN, ends_at=None)
        stage = Stage(workshop)
        first, _second = stage.receive(2, lot="L-77")
        stage.use("2")
        stage.weigh(first, "18.6")
        return stage


def carton_of(stage: Stage, which: int = 0) -> Carton:
    with workshop_scope(stage.workshop.pk):
        carton: Carton = Carton.objects.order_by("pk")[which]
        return carton


def item_of(stage: Stage) -> Item:
    with workshop_scope(stage.workshop.pk):
        return stage.item


def weighings(stage: Stage) -> int:
    with workshop_scope(stage.workshop.pk):
        return Weighing.objects.count()


def send(client: Client, carton: Carton, gross: str, **more: object) -> object:
    data = {"gross": gross, "tare": "0,8", "key": str(uuid4()), "reason": "", **more}
    return client.post(f"{BASE}cartons/{carton.pk}/peser/", data)


PAGES = [
    "", "export.csv", "recevoir/", "peser/", "a-peser/", "pesees/", "inventaires/", "commandes/", "commandes.csv",
    "indicateurs/", "consommables/", "reglages/",
]  # fmt: skip


@pytest.mark.spec("SCR-09")
@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_empty_and_full(owner_client: Client, workshop: Workshop, page: str) -> None:
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=Feature.values, source=Source.PLAN, ends_at=None)
    assert owner_client.get(f"{BASE}{page}").status_code == 200
    with workshop_scope(workshop.pk):
        stage = Stage(workshop)
        stage.weigh(stage.receive(2)[0], "18.6")
        stage.use("2")
    assert owner_client.get(f"{BASE}{page}").status_code == 200


@pytest.mark.spec("SCR-09", "STK-03")
def test_a_powder_shows_its_cartons_movements_and_weighings(owner_client: Client, stage: Stage) -> None:
    page = owner_client.get(f"{BASE}{item_of(stage).pk}/").content.decode()
    assert "L-77" in page
    assert "PRJ-7" in page
    assert "18,6" in page
    assert "37,8" in page
    for address in (f"{item_of(stage).pk}/mouvements/", f"cartons/{carton_of(stage).pk}/"):
        assert owner_client.get(f"{BASE}{address}").status_code == 200


@pytest.mark.spec("STK-11")
def test_the_smart_pages_name_what_opens_them_and_the_basic_ones_stay_open(
    owner_client: Client, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=[Feature.BASIC_STOCK], source=Source.PLAN, ends_at=None)
    for page in ("a-peser/", "inventaires/", "commandes/", "indicateurs/"):
        answer = owner_client.get(f"{BASE}{page}")
        assert answer.status_code == 403
        assert "entitlements/feature_refused.html" in [one.name for one in answer.templates]
    for page in ("", "peser/", "recevoir/", "pesees/"):
        assert owner_client.get(f"{BASE}{page}").status_code == 200
    with workshop_scope(workshop.pk):
        stage = Stage(workshop)
        stage.receive()
        stage.use("25")
        assert stage.item.low_since is None  # the days of work that are left are not reckoned
        item = stage.item
    for page in ("", f"{item.pk}/"):
        assert "score" not in owner_client.get(f"{BASE}{page}").content.decode()


@pytest.mark.spec("REP-34")
def test_the_indicators_are_kept_ten_minutes_and_say_when_they_were_computed(
    owner_client: Client, stage: Stage
) -> None:
    cache.clear()
    address = f"{BASE}indicateurs/"
    with CaptureQueriesContext(connection) as first:
        shown = owner_client.get(address)
    kept = shown.context["computed_at"]
    assert f"{timezone.localtime(kept):%H:%M}" in shown.content.decode()
    with workshop_scope(stage.workshop.pk):
        stage.use("3")
    with CaptureQueriesContext(connection) as second:
        again = owner_client.get(address)
    assert (again.context["computed_at"], again.context["used"]) == (kept, shown.context["used"])
    assert len(second) < len(first)
    anew = owner_client.get(f"{address}?recalculer=1")
    assert anew.context["computed_at"] > kept
    assert anew.context["used"] == shown.context["used"] + 3
    assert owner_client.get(f"{address}?mois=3").context["computed_at"] > anew.context["computed_at"]
    with workshop_scope(stage.workshop.pk):
        other = Site.objects.create(workshop=stage.workshop, name="Annexe")
    assert owner_client.get(f"{address}?site={other.pk}").context["used"] == 0


@pytest.mark.spec("STK-05")
def test_a_powder_never_weighed_has_no_reliability(owner_client: Client, stage: Stage) -> None:
    with workshop_scope(stage.workshop.pk):
        Item.objects.update(last_weighed_at=None)
        pk = stage.item.pk
    with translation.override("fr"):
        never = gettext("never weighed")
    assert "0 / 100" not in owner_client.get(f"{BASE}indicateurs/").content.decode()
    for page in ("", f"{pk}/"):
        shown = owner_client.get(f"{BASE}{page}").content.decode()
        assert (never in shown, "<meter" in shown, "0 / 100" in shown) == (True, False, False), page


@pytest.mark.spec("STK-02", "STK-13")
def test_cartons_are_received_with_their_numbers_and_their_labels(owner_client: Client, stage: Stage) -> None:
    data = {"powder": stage.powder.pk, "full_kg": "25", "tare_kg": "1,2", "how_many": "3", "lot": "A12",
            "key": str(uuid4())}  # fmt: skip
    answer = owner_client.post(f"{BASE}recevoir/", data)
    assert answer.status_code == 302
    again = owner_client.post(f"{BASE}recevoir/", data)  # the first answer was lost on its way
    assert again["Location"] == answer["Location"]
    with workshop_scope(stage.workshop.pk):
        new = list(Carton.objects.filter(lot="A12"))
        assert [carton.full_kg for carton in new] == [Decimal(25)] * 3
        assert len({carton.number for carton in new}) == 3
        assert level(stage.item) == Decimal("112.8")
    assert owner_client.get(answer["Location"]).status_code == 200
    cartons = {"carton": [carton.pk for carton in new]}
    wrong = owner_client.post(f"{BASE}etiquettes/", {**cartons, "size": "A0", "skipped": "2"})
    asked = owner_client.post(f"{BASE}etiquettes/", {**cartons, "size": "SHEET_24", "marks": "both", "skipped": "2"})
    assert (wrong.status_code, asked.status_code) == (422, 302)
    with workshop_scope(stage.workshop.pk):
        paper = Paper.objects.get()
        assert not paper.file_id
        make_paper(workshop=stage.workshop, paper_pk=paper.pk)
        paper.refresh_from_db()
        printed = read_file(paper.file_id)
    text = pypdfium2.PdfDocument(printed)[0].get_textpage().get_text_bounded()
    assert all(spaced(carton.number) in text for carton in new)
    assert f"/fichiers/{paper.file_id}/" in owner_client.get(asked["Location"]).content.decode()


def test_a_receipt_without_weights_or_with_impossible_ones_is_refused_beside_its_field(
    owner_client: Client, stage: Stage
) -> None:
    common = {"powder": stage.powder.pk, "how_many": "1", "key": str(uuid4())}
    for data, field in (
        ({"full_kg": "", "tare_kg": ""}, "full_kg"),
        ({"full_kg": "20000", "tare_kg": "800"}, "full_kg"),
        ({"full_kg": "20000", "tare_kg": "800", "asked": "full_kg 20000"}, "full_kg"),
        ({"full_kg": "20", "tare_kg": "0,8", "gross_kg": "30"}, "net_kg"),
        ({"full_kg": "20", "tare_kg": "0,8", "gross_kg": "3", "how_many": "2"}, "how_many"),
    ):
        answer = owner_client.post(f"{BASE}recevoir/", common | data)
        assert answer.status_code == 422
        errors = answer.context["form"].errors
        assert field in errors or "__all__" in errors
    with workshop_scope(stage.workshop.pk):
        assert Carton.objects.count() == 2


@pytest.mark.spec("STK-02")
def test_grams_typed_for_kilograms_are_asked_when_cartons_come_in(owner_client: Client, stage: Stage) -> None:
    data = {"powder": stage.powder.pk, "full_kg": "1000", "tare_kg": "0,1", "how_many": "1", "key": str(uuid4())}
    asked = owner_client.post(f"{BASE}recevoir/", data)
    assert asked.status_code == 422
    assert "1 kg" in asked.context["form"].errors["full_kg"][0]
    form = asked.context["form"]
    other = owner_client.post(f"{BASE}recevoir/", {**data, "full_kg": "900", "asked": form["asked"].value()})
    assert other.status_code == 422  # an answer is for the figure that was asked
    with workshop_scope(stage.workshop.pk):
        assert Carton.objects.count() == 2
    right = owner_client.post(f"{BASE}recevoir/", {**data, "asked": form["asked"].value()})
    assert right.status_code == 302
    with workshop_scope(stage.workshop.pk):
        assert Carton.objects.filter(full_kg=1000).count() == 1


@pytest.mark.spec("STK-01")
def test_a_correction_out_of_proportion_is_asked_and_counts_once(owner_client: Client, stage: Stage) -> None:
    with workshop_scope(stage.workshop.pk):
        item, before = stage.item, level(stage.item)
    data = {"direction": "out", "source": "loss", "quantity": "500", "reason": "Renversé", "key": str(uuid4())}
    asked = owner_client.post(f"{BASE}{item.pk}/corriger/", data)
    assert asked.status_code == 422
    assert "37,8" in asked.context["form"].errors["quantity"][0]
    into = owner_client.post(f"{BASE}{item.pk}/corriger/", {**data, "direction": "in"})
    assert "0,5 kg" in into.context["form"].errors["quantity"][0]
    with workshop_scope(stage.workshop.pk):
        assert level(item) == before
    small = {**data, "quantity": "0,5"}
    for _sent in range(2):
        assert owner_client.post(f"{BASE}{item.pk}/corriger/", small).status_code == 302
    with workshop_scope(stage.workshop.pk):
        assert level(item) == before - Decimal("0.5")
        require_agreement()
    again = {**data, "asked": asked.context["form"]["asked"].value(), "key": str(uuid4())}
    assert owner_client.post(f"{BASE}{item.pk}/corriger/", again).status_code == 302


@pytest.mark.spec("STK-02")
def test_a_count_out_of_proportion_is_asked_without_telling_what_was_expected(
    owner_client: Client, stage: Stage
) -> None:
    with workshop_scope(stage.workshop.pk):
        other = factories.powder(stage.workshop, reference="EN-VRAC")
        item = Item.objects.create(workshop=stage.workshop, powder=other)
    data = {"quantity": "2500", "key": str(uuid4())}
    asked = owner_client.post(f"{BASE}{item.pk}/compter/", data)
    assert asked.status_code == 422
    assert "2,5 kg" in asked.context["form"].errors["quantity"][0]
    assert owner_client.post(f"{BASE}{item.pk}/compter/", {**data, "quantity": "2,5"}).status_code == 302
    with workshop_scope(stage.workshop.pk):
        assert level(item) == Decimal("2.5")


@pytest.mark.spec("ACC-03", "STK-02", "STK-04")
def test_a_weighing_in_the_office_shows_the_gap_afterwards(operator_client: Client, stage: Stage) -> None:
    carton = carton_of(stage)
    before = operator_client.get(f"{BASE}cartons/{carton.pk}/peser/").content.decode()
    assert "17,8" not in before  # blind: neither the last weighing nor what is expected
    answer = send(operator_client, carton, "17,3")
    assert answer.status_code == 302
    page = operator_client.get(answer["Location"]).content.decode()
    assert "16,5" in page
    assert "−1,3" in page


@pytest.mark.spec("STK-02")
@pytest.mark.parametrize(
    ("gross", "asked"),
    [("18600", "18,6"), ("25", "20,8"), ("0,3", "0,8"), ("20", "17,8"), ("4", "4")],
    ids=["grams", "above full", "below the tare", "more than before", "large gap"],
)
def test_a_doubtful_weight_is_asked_and_nothing_typed_is_lost(
    operator_client: Client, stage: Stage, gross: str, asked: str
) -> None:
    carton, before = carton_of(stage), weighings(stage)
    answer = send(operator_client, carton, gross, reason="Vu ce matin")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert asked in " ".join(answer.context["questions"].sentences)
    assert "Vu ce matin" in page
    assert weighings(stage) == before


@pytest.mark.spec("STK-02")
def test_confirmed_it_is_recorded_once_with_what_was_confirmed(operator_client: Client, stage: Stage) -> None:
    carton, key = carton_of(stage), str(uuid4())
    asked = send(operator_client, carton, "0,3", key=key)
    confirmed = asked.context["questions"].confirmed
    for _twice in range(2):
        assert send(operator_client, carton, "0,3", key=key, confirmed=confirmed).status_code == 302
    with workshop_scope(stage.workshop.pk):
        last = Weighing.objects.latest("pk")
        assert (last.gross, last.net, last.confirmed) == (Decimal("0.3"), 0, ["below_tare"])
        assert Carton.objects.get(pk=carton.pk).is_empty


def test_no_scale_of_a_workshop_says_so_much_and_no_answer_makes_it_true(operator_client: Client, stage: Stage) -> None:
    everything = ["unit", "above_full", "below_tare", "more_than_before", "large_gap"]
    for gross, status in (("18600", 409), ("50000000", 422), ("-3", 422), ("0", 422), ("abc", 422)):
        assert send(operator_client, carton_of(stage), gross, confirmed=everything).status_code == status
    assert weighings(stage) == 1


def test_a_carton_of_another_powder_than_the_task_asks_first(operator_client: Client, stage: Stage) -> None:
    answer = send(operator_client, carton_of(stage), "18", powder=987654)
    assert answer.status_code == 409
    assert len(answer.context["questions"].sentences) == 1
    assert weighings(stage) == 1


def test_a_number_typed_or_scanned_opens_its_scale(operator_client: Client, stage: Stage) -> None:
    carton = carton_of(stage)
    spoken = f"5 {carton.number[1:4].lower()}-{carton.number[4:]}"  # read aloud: the mark taken for a figure
    for address in (f"peser/?q={spoken}", f"carton/{carton.number}/", f"peser/?q=HTTPS://X.FR/E/1/{carton.number}"):
        answer = operator_client.get(f"{BASE}{address}")
        assert answer["Location"].endswith(f"/cartons/{carton.pk}/peser/")
    assert operator_client.get(f"{BASE}carton/SAAAAAA/").status_code == 404
    assert carton.number in operator_client.get("/app/atelier-vulcain/recherche/", {"q": spoken}).content.decode()
    scanned = operator_client.get(f"/E/{stage.workshop.pk}/{carton.number}")
    assert scanned["Location"].endswith(f"/stock/carton/{carton.number}/")


def test_an_empty_carton_leaves_the_lists_and_keeps_its_history(operator_client: Client, stage: Stage) -> None:
    carton = carton_of(stage)
    address = f"{BASE}cartons/{carton.pk}/vide/"
    operator_client.post(address, {"key": "x"})
    assert weighings(stage) == 1
    operator_client.post(address, {"key": str(uuid4())})
    with workshop_scope(stage.workshop.pk):
        assert Carton.objects.get(pk=carton.pk).is_empty
        assert level(stage.item) == Decimal(20)
    assert f"/cartons/{carton.pk}/" not in operator_client.get(f"{BASE}peser/").content.decode()


@pytest.mark.spec("STK-13")
def test_transfers_ask_for_two_sites(owner_client: Client, stage: Stage) -> None:
    carton, item = carton_of(stage), item_of(stage)
    address = f"{BASE}cartons/{carton.pk}/transferer/"
    owner_client.post(address, {"to_site": stage.site.pk, "key": str(uuid4())})
    with workshop_scope(stage.workshop.pk):
        other = Site.objects.create(workshop=stage.workshop, name="Dépôt")
    owner_client.post(address, {"to_site": other.pk, "key": str(uuid4())})
    quantity = {"quantity": "1,5", "from_site": stage.site.pk, "to_site": other.pk, "key": str(uuid4())}
    assert owner_client.post(f"{BASE}{item.pk}/transferer/", quantity | {"to_site": stage.site.pk}).status_code == 422
    assert owner_client.post(f"{BASE}{item.pk}/transferer/", quantity).status_code == 302
    with workshop_scope(stage.workshop.pk):
        assert level(item, other) == Decimal("19.3")
    assert owner_client.get(f"{BASE}?site={other.pk}").status_code == 200
    assert owner_client.get(f"{BASE}?site=987654321").status_code == 404


@pytest.mark.spec("STK-06", "STK-07", "ACC-03")
def test_the_list_of_the_day_shows_what_is_done_and_adds_more(operator_client: Client, stage: Stage) -> None:
    page = operator_client.get(f"{BASE}a-peser/").content.decode()
    assert stage.powder.reference not in page  # weighed this morning
    with workshop_scope(stage.workshop.pk):
        other = factories.powder(stage.workshop, reference="RAL-9005")
        stage.receive(1, powder=other)
    operator_client.post(f"{BASE}a-peser/")
    page = operator_client.get(f"{BASE}a-peser/").content.decode()
    assert "RAL-9005" in page


@pytest.mark.spec("STK-08")
def test_a_partial_inventory_is_planned_followed_and_closed(owner_client: Client, stage: Stage) -> None:
    today = timezone.localdate()
    period = {"name": "Semaine calme", "starts_on": f"{today}", "ends_on": f"{today}", "most_used": "10"}
    wrong = owner_client.post(f"{BASE}inventaires/", period | {"ends_on": "2020-01-01"})
    assert wrong.status_code == 422
    address = owner_client.post(f"{BASE}inventaires/", period)["Location"]
    page = owner_client.get(address)
    assert stage.powder.reference in page.content.decode()
    assert (page.context["done_count"], len(page.context["lines"])) == (1, 1)
    assert owner_client.post(f"{address}clore/").status_code == 302


@pytest.mark.spec("STK-10", "REP-17")
def test_a_low_powder_is_on_the_dashboard_and_in_its_filter(owner_client: Client, stage: Stage) -> None:
    item = item_of(stage)
    owner_client.post(f"{BASE}{item.pk}/alerte/", {"alert_below": "50", "alert_days": ""})
    assert "bas=on" in owner_client.get("/app/atelier-vulcain/").content.decode()
    assert stage.powder.reference in owner_client.get(f"{BASE}?bas=on").content.decode()
    assert stage.powder.reference in owner_client.get(f"{BASE}commandes.csv").content.decode("utf-8-sig")
    owner_client.post(f"{BASE}{item.pk}/alerte/", {"alert_below": "5", "alert_days": ""})
    with workshop_scope(stage.workshop.pk):
        watch_workshop(workshop=stage.workshop)
    assert "bas=on" not in owner_client.get("/app/atelier-vulcain/").content.decode()


def test_who_only_reads_changes_nothing(viewer_client: Client, stage: Stage) -> None:
    item, carton, before = item_of(stage), carton_of(stage), weighings(stage)
    for address in (f"cartons/{carton.pk}/peser/", f"{item.pk}/corriger/", "recevoir/", "a-peser/"):
        assert viewer_client.post(f"{BASE}{address}", {"gross": "3"}).status_code == 403
    assert viewer_client.get(f"{BASE}").status_code == 200
    assert weighings(stage) == before


def test_an_operator_weighs_and_does_not_correct(operator_client: Client, stage: Stage) -> None:
    item = item_of(stage)
    data = {"direction": "in", "source": "correction", "quantity": "5", "reason": "x"}
    assert operator_client.post(f"{BASE}{item.pk}/corriger/", data).status_code == 403
    with workshop_scope(stage.workshop.pk):
        assert level(item) == Decimal("37.8")


def test_settings_are_kept_and_out_of_range_ones_refused(owner_client: Client, stage: Stage) -> None:
    data = {"daily_size": "5", "alert_days": "10", "lead_days": "4", "cover_days": "20"}
    assert owner_client.post(f"{BASE}reglages/", data | {"daily_size": "0"}).status_code == 422
    assert owner_client.post(f"{BASE}reglages/", data).status_code == 302
    page = owner_client.get(f"{BASE}cartons/{carton_of(stage).pk}/peser/").content.decode()
    assert "17,8" in page  # no longer blind: the box was not ticked


def test_the_list_costs_the_same_for_many_powders(owner_client: Client, stage: Stage) -> None:
    owner_client.get(BASE)
    cache.clear()  # what is needed is kept for the powders of a page
    with CaptureQueriesContext(connection) as few:
        owner_client.get(BASE)
    with workshop_scope(stage.workshop.pk):
        for _more in range(12):
            stage.receive(1, powder=factories.powder(stage.workshop))
    cache.clear()
    with CaptureQueriesContext(connection) as many:
        answer = owner_client.get(BASE)
    assert len(answer.context["figures"]) == 13
    assert len(many) <= len(few)
    with workshop_scope(stage.workshop.pk):
        assert Movement.objects.count() >= 13


ASKED: list[set[int]] = []


def noted(workshop: Workshop, powder_pks: Collection[int]) -> list[Demand]:
    """A floor above that is asked what it will need."""
    ASKED.append(set(powder_pks))
    return []


@pytest.mark.spec("SCR-09", "PRF-03")
def test_what_is_needed_is_asked_for_the_powders_of_the_page_alone(
    owner_client: Client, workshop: Workshop, settings: Any
) -> None:
    with workshop_scope(workshop.pk):
        powders = [factories.powder(workshop) for _number in range(27)]
        Item.objects.bulk_create(Item(workshop=workshop, powder=powder) for powder in powders)
    settings.STOCK_DEMANDS = ["tests.app.stock.test_screens.noted"]
    assert owner_client.get(BASE).status_code == 200  # the first visit makes the workshop's site
    ASKED.clear()
    with at_most(8):
        page = owner_client.get(BASE)
    assert page.content.decode().count("row-link") == 25
    assert [len(asked) for asked in ASKED] == [25]
    assert ASKED[0] < {powder.pk for powder in powders}


@pytest.mark.spec("SCR-09", "PRF-03")
def test_a_powder_costs_the_same_however_much_was_moved_and_weighed(owner_client: Client, stage: Stage) -> None:
    with workshop_scope(stage.workshop.pk):
        for _more in range(4):
            stage.use("0.5")
            stage.weigh(stage.receive(1)[0], "20.5")
    here = f"{BASE}{item_of(stage).pk}/"
    owner_client.get(here)
    with at_most(17):
        page = owner_client.get(here).content.decode()
    assert page.count("/peser/") == 6 and page.count("20,5 − 0,8") == 4
