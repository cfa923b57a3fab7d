"""A small workshop of powder: a site, powders, cartons, and the three sums that must agree."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

import time_machine
from django.db.models import Sum

from app.powders.models import Powder
from app.stock.constants import ZERO, Source
from app.stock.models import Carton, Item, Level, Movement, Weighing
from app.stock.services.moving import receive_cartons
from app.stock.services.posting import Use, post_consumption
from app.stock.services.weighing import Reading, weigh_carton
from app.tenancy.models import Site, Workshop
from app.workshops.services.sites import main_site
from tests import factories


@dataclass
class Stage:
    """What tests act on; call everything in the workshop's scope."""

    workshop: Workshop
    site: Site = field(init=False)
    powder: Powder = field(init=False)
    used: int = 0

    def __post_init__(self) -> None:
        self.site = main_site(workshop=self.workshop)
        self.powder = factories.powder(self.workshop)

    def receive(self, how_many: int = 1, full: str = "20", tare: str = "0.8", **more: object) -> list[Carton]:
        given = {"powder": self.powder, "site": self.site, **more}
        return receive_cartons(
            workshop=self.workshop, actor=factories.ACTOR, full_kg=Decimal(full), tare_kg=Decimal(tare),
            how_many=how_many, **given,
        )  # fmt: skip

    def use(self, kg: str, at: datetime | None = None, key: str = "", **more: object) -> bool:
        self.used += 1
        usual = {"powder": self.powder, "site": self.site, "source": Source.PROJECT}
        line = Use(kg=Decimal(kg), **{**usual, "source_pk": 7, "source_name": "PRJ-7", **more})
        with time_machine.travel(at, tick=False) if at else nullcontext():
            return post_consumption(
                workshop=self.workshop, actor=factories.ACTOR, key=key or f"use:{self.used}", lines=[line]
            )

    def weigh(
        self, carton: Carton, gross: str, at: datetime | None = None, key: UUID | None = None, **more: object
    ) -> Weighing:
        reading = Reading(key or uuid4(), Decimal(gross), at, **{"confirmed": EVERYTHING, **more})
        return weigh_carton(workshop=self.workshop, actor=factories.ACTOR, carton=carton, reading=reading)

    @property
    def item(self) -> Item:
        return Item.objects.get(powder=self.powder)


EVERYTHING = ("unit", "above_full", "below_tare", "more_than_before", "large_gap", "other_powder")


def level(item: Item, site: Site | None = None) -> Decimal:
    """The level as it is kept."""
    rows = Level.objects.filter(item=item)
    return (rows.filter(site=site) if site else rows).aggregate(sum=Sum("quantity"))["sum"] or ZERO


def require_agreement() -> None:
    """Levels are the sums of movements, books those of their carton, and cartons with what is loose make the level."""
    kept = {(row.item_id, row.site_id): (row.quantity, row.loose) for row in Level.objects.all()}
    for (item_id, site_id), (quantity, loose) in kept.items():
        rows = Movement.objects.filter(item_id=item_id, site_id=site_id)
        assert quantity == (rows.aggregate(sum=Sum("quantity"))["sum"] or ZERO)
        assert loose == (rows.filter(carton=None).aggregate(sum=Sum("quantity"))["sum"] or ZERO)
        cartons = Carton.objects.filter(item_id=item_id, site_id=site_id).aggregate(sum=Sum("book_kg"))["sum"] or ZERO
        assert quantity == cartons + loose
    for carton in Carton.objects.all():
        assert carton.book_kg == (Movement.objects.filter(carton=carton).aggregate(sum=Sum("quantity"))["sum"] or ZERO)
