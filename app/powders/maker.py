"""The gateway of the maker's shop: its module (signed, incremental), or PrestaShop's own web service.

Each reads pages of products as words, from a cursor on; the catalogue understands them (`reading.py`). The module is in
integrations/prestashop; its payload is `thermogestion-powders/1`.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from http import HTTPStatus
from time import time
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import requests
from django.conf import settings

FORMAT = "thermogestion-powders/1"
TIMEOUT = 20
PAGE_SIZE = 100
#: How old a signed message may be, in seconds: a copy of it is worth nothing later.
SIGNATURE_LASTS = 300
STAMP, SIGNATURE = "X-ThermoGestion-Timestamp", "X-ThermoGestion-Signature"
#: Seconds since 1970, as both sides write them: neither digits of other scripts nor more than any clock counts.
STAMP_FORM = re.compile(r"[0-9]{1,12}")
#: Our fields, by the features that a shop may give its products, without their unit.
FEATURES = {
    "type": ("type", "résine", "chimie"), "finish": ("finition", "aspect"), "colour_code": ("ral", "teinte"),
    "colour_name": ("couleur", "nom de teinte"), "hex": ("hex", "valeur écran"), "density": ("densité",),
    "thickness_um": ("épaisseur conseillée", "épaisseur"), "consumption_g_per_m2": ("consommation",),
    "curing_temperature_c": ("température de cuisson",), "curing_minutes": ("durée de cuisson", "temps de cuisson"),
    "tare_kg": ("tare",),
}  # fmt: skip
#: Numbers of products are positive integers of 32 bits.
LARGEST_NUMBER = 2**31
#: What reading an answer of another shape than agreed raises.
MISREAD = (KeyError, TypeError, ValueError, AttributeError, IndexError)
_UNIT = re.compile(r"\s*\([^)]*\)$")


class MakerError(Exception):
    """The shop did not answer as agreed; the text says how, without the secrets of the call."""


@dataclass(frozen=True)
class Words:
    """A product as the shop writes it."""

    number: int
    texts: Mapping[str, str]
    formats: tuple[Mapping[str, str], ...] = ()
    url: str = ""
    is_sold: bool = True


@dataclass(frozen=True)
class Page:
    """Some products, where the next ones are, whether there are any."""

    products: tuple[Words, ...]
    cursor: str
    is_last: bool


class Source(Protocol):
    """What a catalogue is read from."""

    @property
    def name(self) -> str:
        """Under which its cursor is kept."""

    def read(self, cursor: str) -> Page:
        """The products after a cursor (empty: from the first one). MakerError when the shop does not answer."""


def find_source() -> Source | None:
    """The shop that this deploy is connected to, or None."""
    if settings.CATALOGUE_URL and settings.CATALOGUE_SECRET:
        return Module(settings.CATALOGUE_URL, settings.CATALOGUE_SECRET)
    if settings.CATALOGUE_API_URL and settings.CATALOGUE_API_KEY:
        return WebService(settings.CATALOGUE_API_URL, settings.CATALOGUE_API_KEY)
    return None


def sign(secret: str, stamp: str, message: bytes) -> str:
    """The signature of a message sent at a time: HMAC-SHA256 of both, in hexadecimal."""
    return hmac.new(secret.encode(), stamp.encode() + b"\n" + message, hashlib.sha256).hexdigest()


def is_signed(secret: str, headers: Mapping[str, str], message: bytes) -> bool:
    """Whether a message bears our signature and is recent."""
    stamp, given = headers.get(STAMP, ""), headers.get(SIGNATURE, "")
    recent = STAMP_FORM.fullmatch(stamp) is not None and abs(time() - int(stamp)) <= SIGNATURE_LASTS
    return bool(secret) and recent and hmac.compare_digest(given.encode(), sign(secret, stamp, message).encode())


@dataclass(frozen=True)
class Module:
    """The ThermoGestion module of the shop."""

    url: str
    secret: str = field(repr=False)
    name: str = "module"

    def read(self, cursor: str) -> Page:
        """One page; it is refused unless the shop has signed it."""
        query = urlencode({"cursor": cursor, "limit": PAGE_SIZE})
        address = f"{self.url}{'&' if urlsplit(self.url).query else '?'}{query}"
        stamp = str(int(time()))
        headers = {STAMP: stamp, SIGNATURE: sign(self.secret, stamp, query.encode())}
        answer = _get(address, headers=headers)
        if not is_signed(self.secret, answer.headers, answer.content):
            raise MakerError("the answer is not signed with our secret, or its clock is wrong")
        return read_payload(_decoded(answer))


def read_payload(payload: Any) -> Page:
    """A page of the module. MakerError when it is of another version or not what was agreed."""
    if not isinstance(payload, dict) or payload.get("format") != FORMAT:
        raise MakerError(f"payload {FORMAT} expected")
    try:
        products = tuple(
            Words(
                number=_rank(row["id"]),
                texts={name: _word(text) for name, text in row.get("powder", {}).items()},
                formats=tuple({name: _word(text) for name, text in each.items()} for each in row.get("formats") or ()),
                url=_word(row.get("url")),
                is_sold=bool(row.get("active")),
            )
            for row in payload["products"]
        )
        return Page(products, str(payload["cursor"])[:100], not payload["more"])
    except MISREAD as error:
        raise MakerError(f"payload not understood: {error!r}"[:200]) from error


@dataclass(frozen=True)
class WebService:
    """PrestaShop's web service (1.6 to 9): the key is the user name, without a password; it has no signature."""

    url: str
    key: str = field(repr=False)
    name: str = "webservice"

    def read(self, cursor: str) -> Page:
        """The products changed since the cursor, `date|number` of the last one read."""
        try:
            return self._read(cursor)
        except MISREAD as error:
            raise MakerError(f"answer not understood: {error!r}"[:200]) from error

    def _read(self, cursor: str) -> Page:
        since, _bar, last = cursor.partition("|")
        query = {"display": "full", "sort": "[date_upd_ASC,id_ASC]", "limit": f"0,{PAGE_SIZE}", "date": "1"}
        if since:
            query["filter[date_upd]"] = f"[{since},9999-12-31 00:00:00]"
        rows = self._list("products", query)
        fresh = [row for row in rows if (row["date_upd"], int(row["id"])) > (since, int(last or 0))]
        if rows and not fresh and len(rows) == PAGE_SIZE:
            raise MakerError(f"more than {PAGE_SIZE} products were changed in the same second")
        if not fresh:
            return Page((), cursor, is_last=True)
        names, values = self._features()
        products = tuple(self._words(row, names, values) for row in fresh)
        end = fresh[-1]
        return Page(products, f"{end['date_upd']}|{end['id']}", is_last=len(rows) < PAGE_SIZE)

    def _list(self, resource: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """The rows of a resource; an empty answer is a list, and a single row may come alone."""
        address = f"{self.url.rstrip('/')}/{resource}?{urlencode({**query, 'output_format': 'JSON'})}"
        answer = _decoded(_get(address, auth=(self.key, "")))
        rows = answer.get(resource, []) if isinstance(answer, dict) else answer
        return [rows] if isinstance(rows, dict) else list(rows)

    def _features(self) -> tuple[dict[str, str], dict[str, str]]:
        names = self._list("product_features", {"display": "[id,name]"})
        values = self._list("product_feature_values", {"display": "[id,value]"})
        return (
            {str(row["id"]): _UNIT.sub("", _in_french(row["name"])).lower() for row in names},
            {str(row["id"]): _in_french(row["value"]) for row in values},
        )

    def _words(self, row: Mapping[str, Any], names: Mapping[str, str], values: Mapping[str, str]) -> Words:
        """A product in our words: its features by their names, its packagings from the weights of its combinations."""
        said = {
            names.get(str(one["id"]), ""): values.get(str(one["id_feature_value"]), "")
            for one in row.get("associations", {}).get("product_features", [])
        }
        texts = {ours: next((said[name] for name in theirs if name in said), "") for ours, theirs in FEATURES.items()}
        tare = texts.pop("tare_kg")
        texts |= {"brand": str(row.get("manufacturer_name") or ""), "reference": str(row.get("reference") or "")}
        sizes = self._list("combinations", {"display": "[id,weight,price]", "filter[id_product]": f"[{row['id']}]"})
        # A combination says what it adds to its product, in weight as in price (without tax).
        packed = [
            (
                _number(row.get("weight")) + _number(size.get("weight")),
                _number(row.get("price")) + _number(size.get("price")),
            )
            for size in sizes or [{}]
        ]
        texts["price_per_kg"] = _kilo(*max(packed))
        formats = tuple({"net_kg": f"{net:.3f}", "tare_kg": tare} for net, _price in packed)
        return Words(_rank(row["id"]), texts, formats, is_sold=str(row.get("active")) == "1")


def _get(address: str, **options: Any) -> requests.Response:
    try:
        answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False, **options)
    except requests.RequestException as error:
        raise MakerError(f"the shop does not answer ({type(error).__name__})") from error
    if answer.status_code != HTTPStatus.OK:
        raise MakerError(f"the shop answers {answer.status_code}")
    return answer


def _decoded(answer: requests.Response) -> Any:
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise MakerError("the shop's answer is not JSON") from error


def _number(value: Any) -> Decimal:
    """A figure of PrestaShop; nothing when it is none."""
    try:
        number = Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)


def _kilo(net_kg: Decimal, price: Decimal) -> str:
    """The price of a kilogram in a packaging, nothing when the shop says no weight or no price."""
    return f"{price / net_kg:.2f}" if net_kg > 0 and price > 0 else ""


def _rank(value: Any) -> int:
    """The number of a product; ValueError for one that no shop gives."""
    number = int(value)
    if not 0 < number < LARGEST_NUMBER:
        raise ValueError(f"product {value}"[:60])
    return number


def _word(value: Any) -> str:
    """A text in one line, without the zero character, which no database holds."""
    return "" if value is None else " ".join(str(value).replace("\0", "").split())


def _in_french(value: Any) -> str:
    """A text of PrestaShop, which may come in several languages: the first one."""
    if isinstance(value, list):
        value = value[0].get("value", "") if value else ""
    return _word(value)
