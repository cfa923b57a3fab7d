"""The customers and powders of the demonstration, read from the files beside, made when they are needed."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.crm.identity import CustomerData
from app.crm.models import Customer
from app.crm.services.customers import create_customer
from app.kernel.text import fold
from app.powders.models import Powder
from app.powders.services.formats import save_format
from app.powders.services.powders import PowderData, create_powder, set_price
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

DATA = Path(__file__).parent / "data"
PACKAGINGS = (("20", "0.640"), ("25", "0.710"))
#: The makers' rise of the last spring.
RISE = Decimal("1.04")
#: Telephone numbers are of the range that French law keeps for fiction; addresses end in `.test`.
MAIL = "exemple.test"


def create_powders(workshop: Workshop, actor: Actor) -> dict[str, Powder]:
    """Every powder with its price and the packagings of its maker, by reference."""
    powders = {}
    for row in _rows("powders.csv"):
        data = PowderData(
            brand=row["brand"],
            reference=row["reference"],
            type=row["type"],
            finish=row["finish"],
            colour_code=row["colour_code"],
            density=Decimal(row["density"]),
            thickness_um=int(row["thickness_um"]),
            consumption_g_per_m2=Decimal(row["consumption"]),
            curing_temperature_c=int(row["celsius"]),
            curing_minutes=int(row["minutes"]),
        )
        price = Decimal(row["price"])
        powders[data.reference] = create_powder(workshop=workshop, actor=actor, data=data, price_per_kg=price)
    for brand in sorted({powder.brand for powder in powders.values()}):
        for net, tare in PACKAGINGS:
            save_format(workshop=workshop, actor=actor, brand=brand, net_kg=Decimal(net), tare_kg=Decimal(tare))
    return powders


def raise_prices(workshop: Workshop, actor: Actor, powders: dict[str, Powder], brand: str) -> None:
    """One maker's new prices, from today on."""
    for row in _rows("powders.csv"):
        if row["brand"] == brand:
            price = (Decimal(row["price"]) * RISE).quantize(Decimal("0.01"))
            set_price(workshop=workshop, actor=actor, powder=powders[row["reference"]], price_per_kg=price)


class CustomerBook:
    """The customers of a workshop, each entered the first time that somebody asks for a quote."""

    def __init__(self, workshop: Workshop, actor: Actor, *, kind: str = "", first: int = 0) -> None:
        self.workshop, self.actor = workshop, actor
        self.rows = [row for row in _rows("customers.csv") if not kind or row["type"] == kind][first:]
        self.known: dict[int, Customer] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def is_company(self, number: int) -> bool:
        return bool(self.rows[number]["type"] == "pro")

    def tags(self, number: int) -> set[str]:
        return set(self.rows[number]["tags"].split(","))

    def get(self, number: int) -> Customer:
        """The customer of this line of the file."""
        if number not in self.known:
            data = _customer(self.rows[number])
            self.known[number] = create_customer(workshop=self.workshop, actor=self.actor, data=data)
        return self.known[number]


def _customer(row: dict[str, Any]) -> CustomerData:
    names = [row["first_name"], row["last_name"]] if row["type"] == "particulier" else [row["company"]]
    mailbox = ".".join(word for name in names for word in fold(name).replace("’", " ").replace("&", " ").split())
    return CustomerData(
        **{name: row[name] for name in ("type", "company", "first_name", "last_name", "phone", "street", "postcode",
                                        "city", "notes")},
        email=f"{mailbox}@{MAIL}",
        tags=tuple(tag for tag in row["tags"].split(",") if tag),
    )  # fmt: skip


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")
