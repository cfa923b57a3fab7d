"""What the demonstration workshop shows of its ovens: two of them, six weeks of loads, a week of work that waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from app.crm.models import Customer
from app.numbering.services import take_ranks
from app.powders.models import Powder
from app.projects.constants import RUNNING
from app.projects.models import Part, Project
from app.projects.services.starting import open_project
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
#: Length, width, height in mm, kg, by how the part is called; the others keep their size to be given.
SIZES = {
    "Panneaux de garde-corps": (1200, 60, 1000, 14),
    "Panneaux de clôture": (2000, 60, 1230, 18),
    "Vantail coulissant": (4000, 80, 1600, 96),
    "Châssis mécano-soudé": (1800, 900, 700, 120),
    "Cadre de verrière": (2400, 60, 2000, 42),
    "Piètements de banc": (450, 60, 750, 9),
    "Cadre acier": (1000, 200, 650, 3),
    "Cadre et": (1100, 350, 800, 16),
    "Jante aluminium": (440, 230, 440, 11),
    "Poutre IPE": (3000, 82, 160, 47),
    "Chaise": (450, 500, 880, 6),
    "Radiateur": (700, 160, 900, 28),
    "Portillon": (1000, 60, 1400, 32),
    "Grille forgée": (900, 40, 1200, 22),
}


@dataclass(frozen=True)
class Waiting:
    """A project that waits for the oven: days since it was dropped, days to its promise, rank of its powder."""

    title: str
    dropped: int
    promised: int
    powder: int
    #: What it is made of, with length, width, height in mm, kg and how many.
    parts: tuple[tuple[str, int, int, int, int, int], ...]


#: A usual week: the powders come mixed, as customers do, and few projects fill an oven alone.
WEEK_OF_WORK = (
    Waiting("Garde-corps, bâtiment A", 9, 4, 0, (("Panneaux de garde-corps", 1200, 60, 1000, 14, 64),)),
    Waiting("Portillons", 8, 5, 1, (("Portillon", 1000, 60, 1400, 32, 12), ("Poteau", 1700, 80, 80, 7, 24))),
    Waiting("Châssis de convoyeur", 8, 3, 2, (("Châssis mécano-soudé", 1800, 900, 700, 120, 8),)),
    Waiting("Garde-corps, bâtiment B", 7, 6, 0, (("Panneaux de garde-corps", 1200, 60, 1000, 14, 52),)),
    Waiting("Mobilier de terrasse", 7, 2, 3, (("Chaise", 450, 500, 880, 6, 48), ("Table", 1200, 800, 730, 16, 9))),
    Waiting("Clôture du lotissement", 6, 7, 1, (("Panneaux de clôture", 2000, 60, 1230, 18, 60),)),
    Waiting("Radiateurs d’une école", 6, 4, 4, (("Radiateur", 700, 160, 900, 28, 42),)),
    Waiting("Capots de machines", 5, 3, 2, (("Capot", 1100, 700, 600, 21, 11),)),
    Waiting("Bancs de la place", 5, 8, 4, (("Piètements de banc", 450, 600, 750, 9, 26),)),
    Waiting("Garde-corps d’escaliers", 4, 2, 0, (("Panneaux de garde-corps", 1000, 60, 1000, 12, 30),)),
    Waiting("Châssis de presse", 4, 6, 2, (("Châssis mécano-soudé", 1500, 900, 800, 105, 5),)),
    Waiting("Chaises de bistrot", 3, 5, 3, (("Chaise", 450, 500, 880, 6, 32),)),
    Waiting("Portillon de jardin", 3, 2, 1, (("Portillon", 1000, 60, 1400, 32, 2),)),
    Waiting("Radiateurs d’un appartement", 2, 3, 4, (("Radiateur", 600, 160, 600, 19, 9),)),
    Waiting("Tables de réunion", 2, 4, 3, (("Table", 1800, 900, 730, 24, 6),)),
    Waiting("Garde-corps de balcons", 1, 7, 0, (("Panneaux de garde-corps", 1500, 60, 1000, 17, 40),)),
)  # fmt: skip


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
    _week_of_work(workshop, office[0])
    _past_loads(workshop, operators)


def _measure_parts() -> None:
    parts = [part for part in Part.objects.filter(project__status__in=RUNNING).order_by("pk") if part.size_mm is None]
    for part in parts:
        size = next((size for name, size in SIZES.items() if part.designation.startswith(name)), None)
        if size:
            part.length_mm, part.width_mm, part.height_mm, kilograms = size
            part.mass_kg = Decimal(kilograms)
    Part.objects.bulk_update(parts, ["length_mm", "width_mm", "height_mm", "mass_kg"])


def _week_of_work(workshop: Workshop, actor: Actor) -> None:
    """Projects that wait for the oven, opened by hand in the order in which their parts came."""
    powders = list(Powder.objects.filter(archived_at=None, curing_minutes__isnull=False).order_by("pk")[:5])
    customers = list(Customer.objects.filter(erased_at=None).order_by("pk")[: len(WEEK_OF_WORK)])
    if not (powders and customers):
        return
    today = timezone.localdate()
    for rank, asked in enumerate(WEEK_OF_WORK):
        project = Project(
            customer=customers[rank % len(customers)], title=asked.title,
            dropped_on=today - timedelta(days=asked.dropped), promised_on=today + timedelta(days=asked.promised),
        )  # fmt: skip
        powder = powders[asked.powder % len(powders)]
        parts = [
            Part(designation=name, quantity=Decimal(many), powder=powder, length_mm=length, width_mm=width,
                 height_mm=height, mass_kg=Decimal(kilograms), surface_m2=_surface(length, width, height))
            for name, length, width, height, kilograms, many in asked.parts
        ]  # fmt: skip
        open_project(workshop=workshop, actor=actor, project=project, parts=parts)


def _surface(length: int, width: int, height: int) -> Decimal:
    """Square metres of a piece that is mostly open work: six tenths of its box, whose sides are in millimetres."""
    box = 2 * (length * width + length * height + width * height)
    return (Decimal(box) / 1_000_000 * Decimal("0.6")).quantize(Decimal("0.01"))


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
