"""What a batch holds, in figures: projects, surface, powder planned, taken, left in stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.estimating.consumption import to_the_gram
from app.projects.models import Project
from app.stock.selectors import levels
from app.tenancy.models import Workshop

from .consumption import ZERO, exact_kg, missing_kg, surface_of
from .models import Batch, BatchItem, PowderShare
from .services.launching import list_unready


@dataclass(frozen=True)
class BatchFigures:
    """The figures of a batch. `taken` is in kg by project, and `posted_kg` their sum: None before its powder has left
    the stock. `untold` are the items whose powder cannot be reckoned."""

    projects: list[Project]
    pieces: Decimal
    surface_m2: Decimal
    kg: Decimal
    stock_kg: Decimal | None
    taken: dict[int, Decimal]
    posted_kg: Decimal | None
    untold: list[BatchItem]
    unready: list[Project]

    @property
    def missing_kg(self) -> Decimal | None:
        """What the stock lacks, in kg, before the powder has left it; None when it is enough, or not known."""
        return missing_kg(self.kg, self.stock_kg) if self.posted_kg is None else None

    @property
    def promised_on(self) -> date | None:
        """The earliest promise."""
        return min((project.promised_on for project in self.projects if project.promised_on), default=None)


def read_figures(workshop: Workshop, batch: Batch, items: Sequence[BatchItem], *, with_stock: bool) -> BatchFigures:
    """The figures of a batch, in at most four queries whatever its size."""
    projects = list({item.part.project_id: item.part.project for item in items}.values())
    weights = [exact_kg(item.part) for item in items]
    taken = {} if batch.is_open else kg_by_project(batch)
    stock = levels(workshop, [batch.powder_id], batch.site)[batch.powder_id] if with_stock else None
    return BatchFigures(
        projects=projects,
        pieces=sum((item.part.quantity for item in items), ZERO),
        surface_m2=sum((surface_of(item.part) or ZERO for item in items), ZERO),
        kg=to_the_gram(sum((kg or ZERO for kg in weights), ZERO)),
        stock_kg=stock,
        taken=taken,
        posted_kg=sum(taken.values(), ZERO) if taken else None,
        untold=[item for item, kg in zip(items, weights, strict=True) if kg is None],
        unready=list_unready(projects) if batch.is_open else [],
    )


def kg_by_project(batch: Batch) -> dict[int, Decimal]:
    """What each project took of the batch's powder, in kg, once it has left the stock."""
    taken: dict[int, Decimal] = {}
    for project_pk, kg in PowderShare.objects.filter(batch=batch, reversed_at=None).values_list("part__project", "kg"):
        taken[project_pk] = taken.get(project_pk, ZERO) + kg
    return taken
