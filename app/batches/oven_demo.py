"""What the demonstration workshop shows of its ovens: two of them, six weeks of loads, parts with their sizes."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from app.numbering.services import take_ranks
from app.powders.models import Powder
from app.projects.constants import RUNNING
from app.projects.models import Part
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.workshops.services.sites import main_site

from .models import Oven, OvenDay, OvenLoad
from .opening import open_minutes
from .oven_constants import LOAD_SERIES, LoadState
from .oven_selectors import list_ovens

SEED = 7016
DAYS = 42
WEEK = [[[450, 720], [780, 1080]] for _day in range(5)] + [[], []]
#: Length, width, height in mm, kg, of what such workshops coat; every third part keeps its size to be given.
SIZES = ((1200, 60, 1000, 14), (1900, 80, 1450, 38), (430, 230, 430, 11), (900, 350, 750, 9), (2400, 120, 400, 21))


def furnish(*, workshop: Workshop, office: Sequence[Actor], operators: Sequence[Actor]) -> None:
    """Furnish the workshop in scope; written in bulk, as nobody waits for a demonstration."""
    site = main_site(workshop=workshop)
    common = {"workshop": workshop, "site": site, "week": WEEK, "wall_mm": 120, "gap_mm": 60, "floor_mm": 250}
    Oven.objects.bulk_create([
        Oven(name="Four 7 m", length_mm=7000, width_mm=1800, height_mm=2400, max_load_kg=1200, hook_mm=180,
             cost_per_hour=Decimal(38), heat_up_minutes=22, **common),
        Oven(name="Étuve jantes", length_mm=2600, width_mm=1600, height_mm=2000, max_load_kg=300, hook_mm=120,
             cost_per_hour=Decimal(16), heat_up_minutes=15, one_level=False, **common),
    ])  # fmt: skip
    _measure_parts()
    _past_loads(workshop, operators)


def _measure_parts() -> None:
    parts = list(Part.objects.filter(project__status__in=RUNNING).order_by("pk"))
    for rank, part in enumerate(parts):
        if rank % 3 < 2 and part.size_mm is None:
            part.length_mm, part.width_mm, part.height_mm, kilograms = SIZES[rank % len(SIZES)]
            part.mass_kg = Decimal(kilograms)
    Part.objects.bulk_update(parts, ["length_mm", "width_mm", "height_mm", "mass_kg"])


def _past_loads(workshop: Workshop, operators: Sequence[Actor]) -> None:
    """Loads of the last weeks on working days, with the hours that were noted; the days are kept beside them."""
    random = Random(SEED)  # noqa: S311  the same demonstration each time
    powders = list(Powder.objects.filter(archived_at=None, curing_minutes__isnull=False).order_by("pk")[:6])
    loads, days = [], []
    today = timezone.localdate()
    for oven in list_ovens():
        for ago in range(DAYS, 0, -1):
            day = today - timedelta(days=ago)
            if not open_minutes(oven.week, day):
                continue
            at = timezone.make_aware(datetime.combine(day, time(7, 40)))
            own = []
            for _load in range(random.randint(3, 6)):
                own.append(_load_of(workshop, oven, random, powders, at, operators))
                at = (own[-1].finished_at or at) + timedelta(minutes=random.randint(12, 50))
            loads += own
            days.append(_day_of(workshop, oven, own))
    for load, number in zip(loads, take_ranks(workshop=workshop, series=LOAD_SERIES, how_many=len(loads)), strict=True):
        load.number = number
    OvenLoad.objects.bulk_create(loads)
    OvenDay.objects.bulk_create(days)


def _load_of(
    workshop: Workshop, oven: Oven, random: Random, powders: Sequence[Powder], at: datetime, operators: Sequence[Actor]
) -> OvenLoad:
    powder = random.choice(powders) if powders else None
    curing = (powder.curing_minutes if powder else None) or 20
    fill = Decimal(random.randint(35, 88)) / 100
    return OvenLoad(
        workshop=workshop, oven=oven, number=0, state=LoadState.DONE, powder=powder, fill=fill,
        curing_minutes=curing, curing_celsius=powder.curing_temperature_c if powder else None, started_at=at,
        finished_at=at + timedelta(minutes=oven.heat_up_minutes + curing + random.randint(2, 14)),
        started_by_name=random.choice(list(operators)).label,
    )  # fmt: skip


def _day_of(workshop: Workshop, oven: Oven, loads: Sequence[OvenLoad]) -> OvenDay:
    minutes = [(load.minutes or 0, load.fill or Decimal(0)) for load in loads]
    day = timezone.localtime(loads[0].started_at).date()
    return OvenDay(
        workshop=workshop, oven=oven, day=day, loads=len(loads), open_minutes=open_minutes(oven.week, day),
        used_minutes=sum(held for held, _fill in minutes), filled_minutes=sum(held * fill for held, fill in minutes),
    )  # fmt: skip
