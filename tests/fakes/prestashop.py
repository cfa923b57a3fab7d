"""A local PrestaShop: its web service, and the export of the ThermoGestion module with its signature.

`python -m tests.fakes.prestashop --port N` serves the sample products of integrations/prestashop to the demonstration.
"""

import argparse
import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import ThreadingHTTPServer
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.powders.maker import FORMAT, SIGNATURE, STAMP, is_signed, sign
from tests.fakes.loopback import Handler, listening

SAMPLES = Path(__file__).parents[2] / "integrations" / "prestashop" / "samples"
SECRET, KEY = "secret-de-la-boutique-locale", "CLEDELABOUTIQUELOCALE0000000000X"
FEATURES = {
    "1": ("Type", "type"), "2": ("Finition", "finish"), "3": ("RAL", "colour_code"), "4": ("Couleur", "colour_name"),
    "5": ("Densité", "density"), "6": ("Épaisseur", "thickness_um"), "7": ("Consommation (g/m²)", "consumption_g_per_m2"),
    "8": ("Température de cuisson", "curing_temperature_c"), "9": ("Durée de cuisson", "curing_minutes"),
    "10": ("Tare (kg)", "tare_kg"), "11": ("Hex", "hex"),
}  # fmt: skip


def sample(name: str) -> dict[str, Any]:
    """A recorded page of the module."""
    page: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return page


@dataclass
class Shop:
    """What the shop sells and how it behaves; changes are numbered as the module numbers them."""

    products: list[dict[str, Any]] = field(default_factory=lambda: sample("all")["products"])
    secret: str = SECRET
    fails_after: int | None = None  # calls that it answers before it breaks down
    page_size: int | None = None
    calls: list[str] = field(default_factory=list)
    url: str = ""

    def export(self, query: dict[str, list[str]]) -> bytes:
        """A page of the module: the products whose change is after the cursor."""
        after, limit = int(query["cursor"][0] or 0), self.page_size or int(query["limit"][0])
        rows = self.products[after : after + limit]
        last = after + len(rows)
        page = {"format": FORMAT, "shop": self.url, "cursor": str(last), "more": last < len(self.products)}
        return json.dumps({**page, "products": rows}).encode()

    def resource(self, name: str, query: dict[str, list[str]]) -> bytes:
        """Rows of the web service: lists of rows under their name, an empty list when there is none."""
        rows = getattr(self, f"_{name}")(query)
        return json.dumps({name: rows} if rows else []).encode()

    def _products(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        since = query.get("filter[date_upd]", ["["])[0].strip("[]").split(",")[0]
        rows = sorted(map(self._row, self.products), key=lambda row: (row["date_upd"], int(row["id"])))
        return [row for row in rows if row["date_upd"] >= since][: self.page_size or 100]

    def _row(self, product: dict[str, Any]) -> dict[str, Any]:
        words = {**product.get("powder", {}), "tare_kg": (product.get("formats") or [{}])[0].get("tare_kg", "")}
        features = [
            {"id": number, "id_feature_value": f"{product['id']}{number:>03}"}
            for number, (_name, ours) in FEATURES.items()
            if words.get(ours)
        ]
        return {
            "id": str(product["id"]), "reference": words.get("reference", ""), "active": str(int(product["active"])),
            "manufacturer_name": words.get("brand", ""), "date_upd": product["updated_at"][:19].replace("T", " "),
            "weight": f"{_largest(product):.6f}", "price": f"{_largest(product) * _kilo(product):.6f}",
            "associations": {"product_features": features},
        }  # fmt: skip

    def _product_features(self, _query: dict[str, list[str]]) -> list[dict[str, Any]]:
        return [{"id": int(number), "name": [{"id": "1", "value": name}]} for number, (name, _o) in FEATURES.items()]

    def _product_feature_values(self, _query: dict[str, list[str]]) -> list[dict[str, Any]]:
        return [
            {"id": int(f"{product['id']}{number:>03}"), "value": {**product.get("powder", {}), **tare}.get(ours, "")}
            for product in self.products
            for tare in [{"tare_kg": (product.get("formats") or [{}])[0].get("tare_kg", "")}]
            for number, (_name, ours) in FEATURES.items()
        ]

    def _combinations(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        wanted = query["filter[id_product]"][0].strip("[]")
        [product] = [each for each in self.products if str(each["id"]) == wanted]
        added = [Decimal(each["net_kg"]) - _largest(product) for each in product.get("formats") or []]
        return [
            {"id": number, "weight": f"{net:.6f}", "price": f"{net * _kilo(product):.6f}"}
            for number, net in enumerate(added, start=1)
        ]

    def answer(self, path: str, headers: Any) -> tuple[int, dict[str, str], bytes]:
        """What a call gets: 401 without the key, 403 without the signature."""
        if path == "/":
            return 200, {}, b"Boutique locale"
        self.calls.append(path)
        if self.fails_after is not None and len(self.calls) > self.fails_after:
            return 503, {}, b"en maintenance"
        address = urlsplit(path)
        query = parse_qs(address.query, keep_blank_values=True)
        if address.path.startswith("/api/"):
            given = b64decode(headers.get("Authorization", "Basic Og==").removeprefix("Basic ")).decode()
            allowed = given == f"{KEY}:"
            return (200, {}, self.resource(address.path[5:], query)) if allowed else (401, {}, b"")
        if not is_signed(self.secret, headers, address.query.encode()):
            return 403, {}, b""
        body, stamp = self.export(query), str(int(time()))
        return 200, {STAMP: stamp, SIGNATURE: sign(self.secret, stamp, body)}, body


def _largest(product: dict[str, Any]) -> Decimal:
    """The net weight that a product has by itself: its combinations say what they add to it, or take away."""
    return max((Decimal(each["net_kg"]) for each in product.get("formats") or []), default=Decimal(0))


def _kilo(product: dict[str, Any]) -> Decimal:
    return Decimal(product.get("powder", {}).get("price_per_kg") or 0)


def handler_of(shop: Shop) -> type[Handler]:
    """A request handler of this shop."""

    class ShopHandler(Handler):
        def do_GET(self) -> None:
            status, headers, body = shop.answer(self.path, self.headers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ShopHandler


@contextmanager
def open_shop(**behaviour: Any) -> Iterator[Shop]:
    """A shop that listens, for a test."""
    shop = Shop(**behaviour)
    with listening(handler_of(shop)) as port:
        shop.url = f"http://127.0.0.1:{port}"
        yield shop


def main() -> None:
    """Serve until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    ThreadingHTTPServer(("127.0.0.1", asked.port), handler_of(Shop())).serve_forever()


if __name__ == "__main__":
    main()
