"""The module of integrations/prestashop, executed by PHP under stand-ins of PrestaShop's classes, on the loopback."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.fakes.prestashop import FEATURES, sample

HERE = Path(__file__).parent
MODULE = HERE.parents[2] / "integrations" / "prestashop" / "thermogestion"
STARTS_WITHIN = 20.0


def find_php() -> str | None:
    """The interpreter, when it has what the shop needs."""
    php = shutil.which("php")
    if php is None:
        return None
    modules = subprocess.run([php, "-m"], capture_output=True, text=True, check=True).stdout.split()
    return php if {"pdo_sqlite", "curl", "json"} <= set(modules) else None


@dataclass(frozen=True)
class PhpShop:
    """A shop that PHP serves: its folder is all that it knows."""

    url: str
    folder: Path

    @property
    def export(self) -> str:
        return f"{self.url}/module/thermogestion/export"

    def do(self, act: str, **fields: str) -> str:
        """What the staff does under /shop/; the answer. Whatever PHP complains of is an error here."""
        answer = requests.post(f"{self.url}/shop/{act}", data=fields, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.text

    def hook(self, *calls: tuple[str, dict[str, Any]]) -> None:
        """The hooks of one request of the shop's staff."""
        answer = requests.post(f"{self.url}/shop/hooks", json=calls, timeout=30)
        assert answer.text == "true", answer.text

    @property
    def settings(self) -> dict[str, Any]:
        path = self.folder / "settings.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def put_clock_forward(self, seconds: int) -> None:
        """The clock of the shop's database."""
        self.configure(CLOCK=self.settings.get("CLOCK", 0) + seconds)

    def configure(self, **values: Any) -> None:
        """Write values of its configuration."""
        self._write("settings.json", self.settings | values)

    @property
    def products(self) -> list[dict[str, Any]]:
        return list(json.loads((self.folder / "products.json").read_text()))

    def sell(self, products: list[dict[str, Any]]) -> None:
        """What the shop sells, from now on."""
        self._write("products.json", products)

    def change(self, number: int, **values: Any) -> None:
        """Write a product anew, without any hook."""
        self.sell([each | values if each["id"] == number else each for each in self.products])

    def _write(self, name: str, value: Any) -> None:
        (self.folder / name).write_text(json.dumps(value))


def sold() -> list[dict[str, Any]]:
    """The sample products as a shop has them: words in features, packagings in combinations, prices by packaging."""
    return [_as_sold(product) for product in sample("all")["products"]]


def _as_sold(product: dict[str, Any]) -> dict[str, Any]:
    words = {**product["powder"], "tare_kg": product["formats"][0]["tare_kg"]}
    features = [{"name": name, "value": words[ours]} for name, ours in FEATURES.values() if words.get(ours)]
    kilo = float(words["price_per_kg"])
    return {
        "id": product["id"], "active": True, "reference": words["reference"], "weight": 0, "features": features,
        "date_upd": product["updated_at"][:19].replace("T", " "), "price": 0, "reduction": 0,
        "combinations": [
            {"id_product_attribute": product["id"] * 10 + at, "reference": each["reference"], "weight": each["net_kg"],
             "price": kilo * float(each["net_kg"])}
            for at, each in enumerate(product["formats"])
        ],
    }  # fmt: skip


@contextmanager
def open_php_shop(php: str, folder: Path) -> Iterator[PhpShop]:
    """A shop that sells the samples and has installed the module, for a test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shop = PhpShop(f"http://127.0.0.1:{port}", folder)
    shop.sell(sold())
    command = [php, "-d", "display_errors=1", "-d", "error_reporting=-1"]
    seen = {"SHOP_FOLDER": str(folder), "MODULE_FOLDER": str(MODULE), "PATH": os.environ["PATH"]}
    with (folder / "php.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "-S", f"127.0.0.1:{port}", str(HERE / "router.php")], env=seen, stdout=log, stderr=log
        )
        try:
            _wait(port)
            assert shop.do("install") == "true"
            yield shop
        finally:
            process.terminate()
            process.wait()


def _wait(port: int) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < end, "PHP does not listen"
            time.sleep(0.05)
        else:
            return
