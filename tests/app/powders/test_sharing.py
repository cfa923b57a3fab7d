"""The maker's catalogue: read from a local shop through both doors, interrupted, forged, and copied by workshops."""

from dataclasses import replace
from decimal import Decimal
from time import time
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from app.kernel import jobs
from app.kernel.errors import RuleError
from app.powders.maker import SIGNATURE, STAMP, MakerError, Module, WebService, read_payload, sign
from app.powders.models import CatalogueProduct, CatalogueReading, Powder, PowderFormat
from app.powders.selectors import find_product, list_products
from app.powders.services.powders import PowderData, update_powder
from app.powders.services.sharing import read_catalogue, take_product, take_references
from app.powders.tasks import read_catalogue as task
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.fakes.prestashop import KEY, SAMPLES, SECRET, Shop, open_shop, sample

pytestmark = pytest.mark.django_db
CHANGES = SAMPLES.parent / "thermogestion" / "src" / "Changes.php"
BASE = "/app/atelier-vulcain/poudres/"


def read(shop: Shop) -> CatalogueReading:
    return read_catalogue(Module(shop.url, SECRET))


@pytest.fixture
def catalogue() -> list[CatalogueProduct]:
    with open_shop() as shop:
        assert read(shop).failure == ""
    return list(list_products())


@pytest.mark.spec("POW-02", "POW-04")
@pytest.mark.parametrize("door", ["module", "webservice"])
def test_both_doors_of_the_shop_give_the_same_catalogue(door: str) -> None:
    with open_shop() as shop:
        source = Module(shop.url, SECRET) if door == "module" else WebService(f"{shop.url}/api", KEY)
        reading = read_catalogue(source)
        again = read_catalogue(source)
    assert (reading.failure, again.failure, reading.problems) == ("", "", [])
    product = find_product("tp-7016-mat")
    assert product is not None
    assert (product.brand, product.type, product.finish) == ("Thermopoudre", "polyester", "mat")
    assert (product.colour_code, product.curing_temperature_c, product.curing_minutes) == ("RAL 7016", 180, 15)
    assert product.hex == "#383E42"
    assert (product.density, product.consumption_g_per_m2) == (Decimal("1.52"), Decimal(120))
    assert [each["net_kg"] for each in product.formats] == ["20.000", "5.000"]
    assert product.formats[0]["tare_kg"] == "0.850"
    assert product.price_per_kg == Decimal("9.80")
    assert list_products().count() == 14


@pytest.mark.spec("POW-04")
def test_a_reading_that_is_interrupted_goes_on_where_it_stopped() -> None:
    with open_shop(page_size=4, fails_after=2) as shop:
        broken = read(shop)
        assert "503" in broken.failure
        assert broken.read_at is None
        assert (broken.cursor, list_products().count()) == ("8", 8)
        shop.fails_after = None
        done = read(shop)
    assert (done.cursor, done.failure, list_products().count()) == ("14", "", 14)
    cursors = [call.split("cursor=")[1].split("&")[0] for call in shop.calls]
    assert cursors == ["", "4", "8", "8", "12"]


@pytest.mark.spec("POW-04")
def test_changes_withdrawals_and_what_is_not_understood(catalogue: list[CatalogueProduct]) -> None:
    with open_shop() as shop:
        shop.products += sample("changed")["products"] + sample("withdrawn-and-wrong")["products"]
        reading = read(shop)
    product = find_product("TP-7016-MAT")
    assert product is not None
    assert (product.price_per_kg, product.curing_minutes) == (Decimal("10.20"), 17)
    withdrawn = CatalogueProduct.objects.get(number=103)
    assert (withdrawn.is_sold, withdrawn.reference) == (False, "TP-7016-BR")
    [problem] = reading.problems
    assert problem["reference"] == "TP-ACCROCHE"
    assert len(problem["reasons"]) == 2
    assert "Papier" in problem["reasons"][1] + problem["reasons"][0]


@pytest.mark.spec("POW-04")
def test_a_shop_with_another_secret_or_a_forged_answer_changes_nothing() -> None:
    with open_shop(secret="une-autre") as shop:
        assert "403" in read(shop).failure
    with open_shop() as shop:
        honest = shop.answer

        def forged(path: str, headers: Any) -> tuple[int, dict[str, str], bytes]:
            status, signed, body = honest(path, headers)
            return status, signed, body.replace(b"TP-7016-MAT", b"TP-7016-FAUX")

        shop.answer = forged  # type: ignore[method-assign]
        assert "signed" in read(shop).failure
    assert not list_products().exists()


@pytest.mark.spec("POW-04")
@pytest.mark.parametrize(
    "payload",
    [[], {"format": "thermogestion-powders/2", "products": [], "cursor": "1", "more": False},
     {**sample("all"), "products": [{"powder": {}}]}, {**sample("all"), "products": None},
     {**sample("all"), "products": [{"id": 10**30, "active": True}]}, {**sample("all"), "products": [{"id": -1}]}],
)  # fmt: skip
def test_a_payload_of_another_version_is_refused(payload: Any) -> None:
    with pytest.raises(MakerError):
        read_payload(payload)
    assert len(read_payload(sample("all")).products) == 14


@pytest.mark.spec("POW-04")
@pytest.mark.parametrize(
    "answer", ['{"products": [{"id": 1}]}', '{"products": "x"}', '{"products": [3]}', "3", "null", "", "[[]]",
               '{"products": [{"id": "a", "date_upd": "2026-01-01 00:00:00"}]}'],
)  # fmt: skip
def test_a_web_service_that_answers_otherwise_is_said_and_changes_nothing(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_shop() as shop:
        monkeypatch.setattr(shop, "resource", lambda _name, _query: answer.encode())
        reading = read_catalogue(WebService(f"{shop.url}/api", KEY))
    assert reading.failure
    assert not list_products().exists()


@pytest.mark.spec("POW-04")
def test_a_text_that_no_database_holds_is_kept_without_its_zeros() -> None:
    product = sample("all")["products"][0]
    product["powder"]["colour_name"] = "Gris\0 anthracite"
    with open_shop(products=[product]) as shop:
        assert read(shop).failure == ""
    assert list_products().get().colour_name == "Gris anthracite"


@pytest.mark.spec("POW-04")
def test_the_shop_tells_of_a_change_and_is_believed_only_with_its_signature(
    client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    stamp, body = str(int(time())), b'{"changed": true}'
    with open_shop() as shop, django_capture_on_commit_callbacks(execute=True):
        settings.CATALOGUE_URL, settings.CATALOGUE_SECRET = shop.url, SECRET

        def tell(secret: str, when: str) -> int:
            headers = {STAMP: when, SIGNATURE: sign(secret, when, body)}
            return client.post("/catalogue/avis/", body, content_type="application/json", headers=headers).status_code

        assert tell("une-autre", stamp) == 403
        assert tell(SECRET, str(int(time()) - 3600)) == 403
        assert tell(SECRET, stamp) == 202
    with open_shop() as shop:
        settings.CATALOGUE_URL = shop.url
        task()
    assert list_products().count() == 14
    settings.CATALOGUE_SECRET = ""
    assert tell("", stamp) == 403


@pytest.mark.spec("POW-04")
@pytest.mark.parametrize("stamp", ["²", "٣", "9" * 400, "-1", "", "1e9"])
def test_a_moment_that_is_none_is_refused_whoever_signs_it(client: Client, settings: Any, stamp: str) -> None:
    settings.CATALOGUE_SECRET = SECRET
    headers = {STAMP: stamp, SIGNATURE: sign(SECRET, stamp, b"{}")}
    told = client.post("/catalogue/avis/", b"{}", content_type="application/json", headers=headers)
    assert told.status_code == 403


@pytest.mark.spec("POW-04")
def test_an_answer_dated_from_no_moment_changes_nothing() -> None:
    with open_shop() as shop:
        honest = shop.answer

        def dated(path: str, headers: Any) -> tuple[int, dict[str, str], bytes]:
            status, signed, body = honest(path, headers)
            return status, {**signed, STAMP: "9" * 400}, body

        shop.answer = dated  # type: ignore[method-assign]
        assert "signed" in read(shop).failure


@pytest.mark.spec("POW-04")
def test_what_the_shop_tells_is_read_when_its_export_no_longer_keeps_it_back(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[str, Any]] = []
    settings.CATALOGUE_SECRET = SECRET
    queue = SimpleNamespace(
        conf=SimpleNamespace(task_always_eager=False),
        send_task=lambda name, **how: sent.append((name, how["countdown"])),
    )
    monkeypatch.setattr(jobs, "current_app", queue)
    stamp, body = str(int(time())), b"{}"
    with django_capture_on_commit_callbacks(execute=True):
        headers = {STAMP: stamp, SIGNATURE: sign(SECRET, stamp, body)}
        client.post("/catalogue/avis/", body, content_type="application/json", headers=headers)
    [(name, after)] = sent
    kept_back = int(CHANGES.read_text().split("SETTLING_SECONDS = ")[1].split(";")[0])
    assert name == "powders.read_catalogue"
    assert after > kept_back


@pytest.mark.spec("POW-03")
def test_a_copy_is_the_workshops_own(catalogue: list[CatalogueProduct], in_scope: Workshop, actor: Actor) -> None:
    product = find_product("TP-9005-MAT")
    assert product is not None
    powder = take_product(workshop=in_scope, actor=actor, product=product)
    assert (powder.consumption_g_per_m2, powder.curing_minutes) == (Decimal(118), 15)
    assert {(each.net_kg, each.tare_kg) for each in PowderFormat.objects.all()} == {
        (Decimal(20), Decimal("0.85")), (Decimal(5), Decimal("0.32")),
    }  # fmt: skip
    data = PowderData(**{name: getattr(powder, name) for name in PowderData.__dataclass_fields__})
    update_powder(workshop=in_scope, actor=actor, powder=powder, data=replace(data, curing_minutes=20))
    product.refresh_from_db()
    assert (Powder.objects.get(pk=powder.pk).curing_minutes, product.curing_minutes) == (20, 15)
    with pytest.raises(RuleError):
        take_product(workshop=in_scope, actor=actor, product=product)


@pytest.mark.spec("POW-03")
def test_references_that_nobody_knows_are_reported(
    catalogue: list[CatalogueProduct], in_scope: Workshop, actor: Actor
) -> None:
    asked = ["TP-9005-MAT", " tp-7016-tx ", "TP-INCONNUE", "TP-9005-MAT", ""]
    taken = take_references(workshop=in_scope, actor=actor, references=asked)
    assert [powder.reference for powder in taken.powders] == ["TP-9005-MAT", "TP-7016-TX"]
    assert taken.unknown == ("TP-INCONNUE",)
    assert take_references(workshop=in_scope, actor=actor, references=["TP-9005-MAT"]).had == ("TP-9005-MAT",)
    with pytest.raises(RuleError):
        take_references(workshop=in_scope, actor=actor, references=[" "])


@pytest.mark.spec("POW-03", "SCR-08")
def test_the_screens_fill_a_form_and_take_a_list(
    owner_client: Client, operator_client: Client, workshop: Workshop, catalogue: list[CatalogueProduct]
) -> None:
    filled = owner_client.get(f"{BASE}catalogue/reference/?reference=tp-7016-mat").json()
    assert (filled["known"], filled["values"]["consumption_g_per_m2"], filled["values"]["finish"]) == (
        True, "120,0", "mat",
    )  # fmt: skip
    assert owner_client.get(f"{BASE}catalogue/reference/?reference=rien").json() == {"known": False}
    told = owner_client.post(f"{BASE}catalogue/prendre/", {"references": "TP-7016-MAT\nTP-RIEN"})
    assert "TP-RIEN" in told.content.decode()
    page = owner_client.get(f"{BASE}catalogue/?q=7016").content.decode()
    assert page.count("/prendre/") == 3  # the two others, and the list of references
    [product] = [each for each in catalogue if each.reference == "TP-7016-TX"]
    assert owner_client.post(f"{BASE}catalogue/{product.pk}/prendre/").status_code == 302
    with workshop_scope(workshop.pk):
        assert Powder.objects.count() == 2
    assert operator_client.post(f"{BASE}catalogue/{product.pk}/prendre/").status_code == 403
    assert "€" not in operator_client.get(f"{BASE}catalogue/").content.decode()


def test_an_empty_catalogue_says_so(owner_client: Client) -> None:
    page = owner_client.get(f"{BASE}catalogue/").content.decode()
    assert "n’est pas" in page or "not connected" in page
