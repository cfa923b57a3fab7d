"""The module that shops install, executed by PHP, and read by the catalogue: nothing is agreed with a fake of our own."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from app.powders import maker
from app.powders.maker import SIGNATURE, STAMP, Module, is_signed, read_payload, sign
from app.powders.models import CatalogueProduct
from app.powders.selectors import find_product, list_products
from app.powders.services.sharing import read_catalogue
from tests.fakes.loopback import Handler, listening
from tests.fakes.prestashop import sample
from tests.fakes.prestashop_php import MODULE, PhpShop, find_php, open_php_shop

PHP = find_php()
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        PHP is None, reason="PHP with pdo_sqlite and curl is not installed (apt: php-cli php-sqlite3 php-curl)"
    ),
]
#: The module keeps a change back for five seconds: it may be committed after a later one.
SETTLED = 10


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[PhpShop]:
    with open_php_shop(str(PHP), tmp_path) as opened:
        opened.put_clock_forward(SETTLED)
        yield opened


def secret(shop: PhpShop) -> str:
    return str(shop.settings["THERMOGESTION_SECRET"])


def read(shop: PhpShop) -> list[str]:
    """Read what changed into the catalogue; the numbers that came."""
    before = dict(CatalogueProduct.objects.values_list("number", "updated_at"))
    reading = read_catalogue(Module(shop.export, secret(shop)))
    assert (reading.failure, reading.problems) == ("", [])
    after = dict(CatalogueProduct.objects.values_list("number", "updated_at"))
    return sorted(str(number) for number in after if after[number] != before.get(number))


def ask(shop: PhpShop, *, key: str = "", stamp: str = "", signed: str = "", **query: Any) -> requests.Response:
    """A call of the export; `signed` is the query whose signature is given, when it is not the one that is sent."""
    text = urlencode(query)
    stamp = stamp or str(int(time()))
    headers = {STAMP: stamp, SIGNATURE: sign(key or secret(shop), stamp, (signed or text).encode())}
    return requests.get(f"{shop.export}?{text}", headers=headers, timeout=30)


@pytest.mark.spec("POW-04")
def test_php_reads_every_file_of_the_module() -> None:
    files = sorted(MODULE.rglob("*.php"))
    assert MODULE / "thermogestion.php" in files
    for path in files:
        read = subprocess.run([str(PHP), "-l", str(path)], capture_output=True, text=True, check=False)
        assert read.returncode == 0, read.stdout


@pytest.mark.spec("POW-02", "POW-04")
def test_the_catalogue_reads_from_the_module_what_the_samples_say(shop: PhpShop) -> None:
    page = Module(shop.export, secret(shop)).read("")
    recorded = read_payload(sample("all"))
    assert [(each.number, each.texts, each.url) for each in page.products] == [
        (each.number, each.texts, each.url) for each in recorded.products
    ]
    nets = [[packaging["net_kg"] for packaging in each.formats] for each in page.products]
    assert nets == [[packaging["net_kg"] for packaging in each.formats] for each in recorded.products]
    assert (page.cursor, page.is_last) == ("14", True)
    assert len(read(shop)) == 14
    product = find_product("TP-7016-TX")
    assert product is not None
    assert (str(product.price_per_kg), product.curing_temperature_c, product.finish) == ("10.60", 190, "texture")


@pytest.mark.spec("POW-04")
def test_only_what_changed_is_read_again(shop: PhpShop) -> None:
    read(shop)
    assert read(shop) == []
    shop.change(104, features=[each for each in shop.products[3]["features"] if each["name"] != "Densité"])
    shop.hook(("actionProductSave", {"id_product": 104}))
    assert read(shop) == []  # not settled: it may be committed after a later one
    shop.put_clock_forward(SETTLED)
    assert read(shop) == ["104"]
    shop.change(103, active=False)
    shop.hook(("actionProductSave", {"id_product": 103}))
    shop.sell([each for each in shop.products if each["id"] != 105])
    shop.hook(("actionProductDelete", {"id_product": 105}))
    shop.put_clock_forward(SETTLED)
    assert read(shop) == ["103", "105"]
    assert list(CatalogueProduct.objects.filter(is_sold=False).values_list("number", flat=True)) == [103, 105]
    assert list_products().count() == 12


@pytest.mark.spec("POW-04")
@pytest.mark.parametrize(
    ("name", "params"),
    [("actionProductAttributeUpdate", {"id_product_attribute": 1061}),
     ("actionObjectCombinationAddAfter", {"object": {"id_product": 106}}),
     ("actionObjectCombinationUpdateAfter", {"object": {"id_product": 106}}),
     ("actionObjectCombinationDeleteAfter", {"object": {"id_product": 106}}),
     # PrestaShop 8.1 and later write the features of a product without any hook of the product itself.
     ("actionAfterUpdateProductFormHandler", {"id": 106, "form_data": {}})],
)  # fmt: skip
def test_whatever_changes_a_product_is_heard(shop: PhpShop, name: str, params: dict[str, Any]) -> None:
    read(shop)
    shop.hook((name, params))
    shop.put_clock_forward(SETTLED)
    assert read(shop) == ["106"]


@pytest.mark.spec("POW-04")
def test_a_page_follows_another_and_a_page_read_twice_says_the_same(
    shop: PhpShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maker, "PAGE_SIZE", 4)
    module = Module(shop.export, secret(shop))
    pages = [module.read(cursor) for cursor in ("", "4", "8", "12")]
    assert [(len(page.products), page.cursor, page.is_last) for page in pages] == [
        (4, "4", False), (4, "8", False), (4, "12", False), (2, "14", True),
    ]  # fmt: skip
    assert module.read("4") == pages[1]
    assert module.read("14").products == ()
    assert len(read(shop)) == 14


@pytest.mark.spec("POW-04")
def test_the_module_refuses_who_does_not_sign_and_what_makes_no_sense(shop: PhpShop) -> None:
    right: dict[str, Any] = {"cursor": "", "limit": 100}
    assert ask(shop, **right).status_code == 200
    old, early = str(int(time()) - 301), str(int(time()) + 330)
    refused = [
        requests.get(f"{shop.export}?cursor=&limit=100", timeout=30),
        ask(shop, key="une-autre", **right),
        ask(shop, stamp=old, **right),
        ask(shop, stamp=early, **right),
        ask(shop, stamp="hier", **right),
        ask(shop, signed=urlencode(right), cursor="4", limit=100),
        ask(shop, signed=urlencode(right), cursor="", limit=200),
    ]
    assert [(answer.status_code, answer.json()) for answer in refused] == [(403, {"error": "signature"})] * 7
    for cursor, limit in (("-1", "10"), ("1 OR 1=1", "10"), ("4", "dix"), ("4", "-5")):
        assert ask(shop, cursor=cursor, limit=limit).status_code == 400
    assert len(ask(shop, cursor="", limit="99999999999999999999").json()["products"]) == 14
    assert ask(shop, cursor="9" * 40, limit="5").json()["products"] == []


@pytest.mark.spec("POW-04")
def test_the_price_of_a_kilogram_is_the_one_without_todays_promotion(shop: PhpShop) -> None:
    shop.change(101, reduction=50)
    [product] = [each for each in ask(shop, cursor="", limit=1).json()["products"] if each["id"] == 101]
    assert product["powder"]["price_per_kg"] == "9.80"


@pytest.mark.spec("POW-04")
def test_thermogestion_is_told_once_of_what_one_request_changed(shop: PhpShop) -> None:
    told: list[bytes] = []

    class Told(Handler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert is_signed(secret(shop), dict(self.headers.items()), body)
            told.append(body)
            self.send_response(202)
            self.end_headers()

    with listening(Told) as port:
        shop.configure(THERMOGESTION_NOTICE_URL=f"http://127.0.0.1:{port}/catalogue/avis/")
        shop.hook(*[("actionProductSave", {"id_product": 101})] * 12, ("actionProductSave", {"id_product": 102}))
        shop.hook(("actionProductSave", {"id_product": 0}), ("actionProductSave", {}))
    assert told == [b'{"changed":101}']


@pytest.mark.spec("POW-04")
def test_a_server_that_does_not_answer_does_not_stop_the_shop(shop: PhpShop) -> None:
    shop.configure(THERMOGESTION_NOTICE_URL="http://127.0.0.1:9/")
    read(shop)
    shop.hook(("actionProductSave", {"id_product": 107}))
    shop.put_clock_forward(SETTLED)
    assert read(shop) == ["107"]


@pytest.mark.spec("POW-04")
def test_the_settings_of_the_module_and_its_removal(shop: PhpShop) -> None:
    first = secret(shop)
    assert len(first) == 64
    assert first in shop.do("settings")
    assert "error" in shop.do("settings", submitThermogestion="1", THERMOGESTION_NOTICE_URL="http://exemple.fr/")
    assert shop.settings["THERMOGESTION_NOTICE_URL"] == ""
    address = "https://app.exemple.fr/catalogue/avis/"
    assert "confirmation" in shop.do(
        "settings", submitThermogestion="1", THERMOGESTION_NOTICE_URL=address, THERMOGESTION_NEW_SECRET="1"
    )
    assert shop.settings["THERMOGESTION_NOTICE_URL"] == address
    assert secret(shop) != first
    assert ask(shop, key=first, cursor="", limit=1).status_code == 403
    assert shop.do("uninstall") == "true"
    assert not {"THERMOGESTION_SECRET", "THERMOGESTION_NOTICE_URL"} & set(shop.settings)
    assert ask(shop, key="x", cursor="", limit=1).status_code == 403
