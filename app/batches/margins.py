"""What a batch brings in and what it costs, in euros before tax.

Brings in: what the quotes of its projects say, for the share of their parts that is in the batch, by surface (by
pieces where a surface is not known). A pass after the first brings nothing in: the customer pays once.
Costs: the powder as it was weighed, or as it was planned until then; the labour that the quotes foresaw; the hours of
the oven for the loads that are done, by pieces. What is not known is told, and counted as nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum
from django.utils import timezone

from app.kernel.money import cents
from app.powders.selectors import find_price
from app.projects.models import Part, Project
from app.quotes.constants import LineKind
from app.quotes.models import QuoteLine
from app.stock.learning import read_yield
from app.stock.selectors import find_item

from .consumption import ZERO, surface_of
from .models import Batch, BatchItem, OvenLoadPart, PowderShare
from .oven_constants import LoadState

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True)
class BatchMargin:
    """A batch in euros. `weighed_kg` and the price of the powder are None while nobody knows them."""

    price: Decimal
    planned_kg: Decimal
    weighed_kg: Decimal | None
    powder_price: Decimal | None
    labour: Decimal
    oven: Decimal
    loads: int
    #: Projects that no quote gives a price to.
    unpriced: list[Project]

    @property
    def powder(self) -> Decimal:
        """The cost of the powder, weighed or else planned."""
        kg = self.planned_kg if self.weighed_kg is None else self.weighed_kg
        return cents(kg * (self.powder_price or ZERO))

    @property
    def left(self) -> Decimal:
        """What is left of the price."""
        return self.price - self.powder - self.labour - self.oven

    @property
    def percent(self) -> Decimal | None:
        """What is left, in percent of the price."""
        return 100 * self.left / self.price if self.price else None


def read_margin(batch: Batch, items: Sequence[BatchItem]) -> BatchMargin:
    """The margin of a batch whose powder is laid, or being laid."""
    first = [item.part for item in items if item.pass_number == 1]
    projects = {part.project_id: part.project for part in first}
    shares = _shares(first, projects)
    labour = _labour(project.quote_id for project in projects.values() if project.quote_id)
    sold = [project for project in projects.values() if project.quote]
    oven, loads = _oven(batch, items)
    posted = PowderShare.objects.filter(batch=batch, reversed_at=None).aggregate(kg=Sum("kg"))["kg"]
    return BatchMargin(
        price=cents(sum((shares[one.pk] * one.quote.total_excl_tax for one in sold if one.quote), ZERO)),
        planned_kg=posted or ZERO,
        weighed_kg=_weighed(batch) if posted else None,
        powder_price=find_price(batch.powder, timezone.localdate(batch.launched_at or batch.created_at)),
        labour=cents(sum((shares[one.pk] * labour.get(one.quote_id or 0, ZERO) for one in sold), ZERO)),
        oven=oven,
        loads=loads,
        unpriced=[project for project in projects.values() if project.quote is None],
    )


def share_of(parts: Iterable[Part], every: Iterable[Part]) -> Decimal:
    """Which share of a project some of its parts are, from 0 to 1: by surface, by pieces where one is not known."""
    some, whole = list(parts), list(every)
    is_known = all(surface_of(part) is not None for part in whole)
    weight = {part.pk: (surface_of(part) or ZERO) if is_known else part.quantity for part in whole}
    total = sum(weight.values(), ZERO)
    return sum((weight[part.pk] for part in some), ZERO) / total if total else ZERO


def _shares(parts: Sequence[Part], projects: Mapping[int, Project]) -> dict[int, Decimal]:
    """The share of each project that is in the batch."""
    inside, whole = defaultdict(list), defaultdict(list)
    for part in parts:
        inside[part.project_id].append(part)
    for part in Part.objects.filter(project__in=projects):
        whole[part.project_id].append(part)
    return {pk: share_of(inside[pk], whole[pk]) for pk in projects}


def _labour(quote_pks: Iterable[int]) -> dict[int, Decimal]:
    """What the quotes foresaw for labour, before any margin."""
    lines = QuoteLine.objects.filter(quote__in=set(quote_pks), kind=LineKind.JOB)
    minutes = lines.values_list("quote_id").annotate(cost=Sum(F("labour_minutes") * F("hourly_rate"))).order_by()
    return {quote_pk: cost / 60 for quote_pk, cost in minutes}


def _oven(batch: Batch, items: Sequence[BatchItem]) -> tuple[Decimal, int]:
    """The cost of the loads that cured the parts of the batch, and how many they are."""
    inside = {item.part_id for item in items}
    own = OvenLoadPart.objects.filter(
        part__in=inside, load__state=LoadState.DONE, load__started_at__gte=batch.launched_at or batch.created_at
    )
    rows = OvenLoadPart.objects.filter(load__in=own.values("load")).select_related("load__oven")
    by_load: dict[int, list[OvenLoadPart]] = defaultdict(list)
    for row in rows:
        by_load[row.load_id].append(row)
    cost = ZERO
    for held in by_load.values():
        load, pieces = held[0].load, sum(row.pieces for row in held)
        if load.started_at and load.finished_at:
            hours = Decimal((load.finished_at - load.started_at).total_seconds()) / SECONDS_PER_HOUR
            ours = sum(row.pieces for row in held if row.part_id in inside)
            cost += hours * load.oven.cost_per_hour * ours / pieces
    return cents(cost), len(by_load)


def _weighed(batch: Batch) -> Decimal | None:
    """What scales say that the batch used, in kg; None while no weighing has followed it."""
    item = find_item(batch.powder)
    works = read_yield(item).works if item else []
    return next((one.weighed for one in works if one.work.name == batch.number), None)
