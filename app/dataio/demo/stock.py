"""The stock of the demonstration: two months of cartons, work and weighings; one powder runs low, one takes more."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.utils import timezone

from app.powders.models import Powder
from app.powders.selectors import list_formats_of, list_powders
from app.stock.constants import Source
from app.stock.models import Carton, Item
from app.stock.plausibility import Doubt
from app.stock.selectors import list_cartons
from app.stock.services.moving import receive_cartons
from app.stock.services.planning import save_consumable
from app.stock.services.posting import Use, correct_stock, post_consumption
from app.stock.services.watching import watch_workshop
from app.stock.services.weighing import Reading, count_loose, weigh_carton
from app.tenancy.actor import Actor
from app.tenancy.models import Site, Workshop
from app.workshops.services.sites import main_site

from .clock import at, working_time
from .outbox import settle_mails

SEED = 9005
STOCKED = 9
BEGUN_DAYS_AGO = 63
CONSUMABLES = (("Crochets 5 mm", "pièces", "400", "1200"), ("Adhésif de masquage 25 mm", "rouleaux", "12", "9"),
               ("Corindon 0,25 mm", "sacs", "3", "7"))  # fmt: skip


class StockStory:
    """What is really in the cartons is known here; the product is told what was planned and what scales say."""

    def __init__(self, workshop: Workshop, office: Actor, operators: Sequence[Actor]) -> None:
        self.workshop, self.office, self.operators = workshop, office, operators
        self.site: Site = main_site(workshop=workshop)
        self.random = Random(SEED)  # noqa: S311  the same demonstration each time
        self.powders: list[Powder] = list(list_powders()[:STOCKED])
        self.today = timezone.localdate()
        self.left: dict[int, Decimal] = {}
        self.tares: dict[int, Decimal] = {}
        self.number = 0

    def tell(self) -> None:
        """Cartons, then work and a weighing every five days; the last ones yesterday."""
        with at(self._moment(BEGUN_DAYS_AGO, 8)):
            for rank, powder in enumerate(list_powders()):
                self._receive(powder, 1 + rank % 3 if rank else 3)  # the first is in most of the work
        for days_ago in range(BEGUN_DAYS_AGO - 3, 0, -5):
            with at(self._moment(days_ago, 15)):
                self._work()
            with at(self._moment(days_ago, 16)):
                self._weigh(self.random.sample(range(len(self.powders) - 2), 1))
        with at(self._moment(1, 17)):
            self._weigh([1, 3])
        self._consumables()

    def _receive(self, powder: Powder, how_many: int) -> None:
        packaging = next(iter(list_formats_of(powder.brand)), None)
        if packaging is None:
            return
        cartons = receive_cartons(
            workshop=self.workshop, actor=self.office, powder=powder, site=self.site, packaging=packaging,
            full_kg=packaging.net_kg, tare_kg=packaging.tare_kg, how_many=how_many,
            lot=f"L{self.random.randint(24000, 26999)}",
        )  # fmt: skip
        self.left |= {carton.pk: carton.full_kg for carton in cartons}
        self.tares |= {carton.pk: carton.tare_kg for carton in cartons}

    def _work(self) -> None:
        """Some powders are used; the second one more than its sheet says, always."""
        self.number += 1
        lines = []
        for rank in {0, 1, *self.random.sample(range(len(self.powders)), 2)}:
            powder = self.powders[rank]
            planned = Decimal(self.random.randint(600, 2400)) / 1000
            factor = Decimal("1.18") if rank == 1 else Decimal(self.random.choice(["0.97", "1", "1.02"]))
            self._take(powder, (planned * factor).quantize(Decimal("0.001")))
            name = f"PRJ-{timezone.localdate().year}-{100 + self.number:04d}"
            lines.append(Use(powder, planned, self.site, Source.PROJECT, self.number, name))
        actor = self.random.choice(self.operators)
        post_consumption(workshop=self.workshop, actor=actor, key=f"demo:{self.number}", lines=lines)

    def _take(self, powder: Powder, kg: Decimal) -> None:
        for carton in Carton.objects.filter(item__powder=powder).order_by("pk"):
            some = min(kg, self.left[carton.pk])
            self.left[carton.pk] -= some
            kg -= some

    def _weigh(self, ranks: Sequence[int]) -> None:
        for rank in ranks:
            item = Item.objects.get(powder=self.powders[rank])
            for carton in list_cartons(item)[:1]:
                gross = self.left[carton.pk] + self.tares[carton.pk]
                reading = Reading(UUID(int=self.random.getrandbits(128)), gross, confirmed=frozenset(Doubt))
                actor = self.random.choice(self.operators)
                weigh_carton(workshop=self.workshop, actor=actor, carton=carton, reading=reading)

    def _consumables(self) -> None:
        for name, unit, least, counted in CONSUMABLES:
            item = save_consumable(
                workshop=self.workshop, actor=self.office, name=name, unit=unit, alert_below=Decimal(least)
            )
            count_loose(
                workshop=self.workshop, actor=self.operators[0], item=item, site=self.site, quantity=Decimal(counted),
                key=UUID(int=self.random.getrandbits(128)),
            )  # fmt: skip
            correct_stock(
                workshop=self.workshop, actor=self.operators[0], item=item, site=self.site, quantity=Decimal(-1),
                reason="Cabine 1", source=Source.CONSUMABLE,
            )  # fmt: skip

    def _moment(self, days_ago: int, hour: int) -> datetime:
        return min(working_time(self.today, days_ago, hour), timezone.now() - timedelta(minutes=1))


def furnish(*, workshop: Workshop, office: Sequence[Actor], operators: Sequence[Actor]) -> None:
    """Furnish the workshop in scope."""
    StockStory(workshop, office[0], operators).tell()
    watch_workshop(workshop=workshop)
    settle_mails(timezone.now())
