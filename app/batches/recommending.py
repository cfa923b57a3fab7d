"""The batches that the waiting parts would make, the most urgent first, with the powder they need and what is there."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from app.estimating.consumption import GRAMS_PER_KG, PowderUse, to_the_gram
from app.kernel.pagination import Page
from app.kernel.text import fold
from app.powders.models import Powder
from app.projects.models import Part
from app.projects.remembering import WorkState, remembered, remembered_by_powder
from app.stock.selectors import levels
from app.tenancy.models import Site, Workshop
from app.tenancy.written import workshop_rows

from .constants import Criterion
from .grouping import COLUMNS
from .groups import Group, first_groups, read_groups
from .selectors import list_waiting_parts

#: What the parts of a recommendation share, from the criteria of the rule; an address says it in this order.
GROUPED_BY = tuple(dict.fromkeys(column for column in (COLUMNS[one] for one in Criterion) if column))
PAGE_SIZE = 25


@dataclass(frozen=True)
class Recommendation:
    """The parts that could be one batch. `kg` is None when the powder is not known enough to reckon it."""

    powder: Powder
    site: Site
    coats: int
    primer: bool
    varnish: bool
    celsius: int | None
    minutes: int | None
    projects: int
    ready: int
    parts: int
    surface_m2: Decimal
    without_surface: int
    promised_on: date | None
    kg: Decimal | None
    stock_kg: Decimal | None
    #: The key of one of its projects, the same as long as that one waits.
    first_project: int

    @property
    def key(self) -> str:
        """What its address calls it."""
        said = (
            self.powder.pk,
            self.coats,
            int(self.primer),
            int(self.varnish),
            self.celsius,
            self.minutes,
            self.site.pk,
        )
        return "-".join(str(0 if value is None else value) for value in said)


def recommended(
    workshop: Workshop, *, powder_pk: int | None = None, site_pk: int | None = None, search: str = "",
    cursor: str = "", with_stock: bool = True, sites: Iterable[Site] = (), state: WorkState | None = None,
) -> "Page[Any]":  # fmt: skip
    """A page of recommendations, those promised first at the head; a cursor is the rank where its page begins.

    `sites` and `state` are what the caller has read: they are not read again.
    """
    first = int(cursor) if cursor.isdecimal() and len(cursor) < 6 else 0
    words = tuple(fold(search).split())

    def work_out() -> tuple[list[Group], bool]:
        groups = _chosen(powder_pk, site_pk, words, first + PAGE_SIZE + 1)[first:]
        return groups[:PAGE_SIZE], len(groups) > PAGE_SIZE

    asked = (powder_pk, site_pk, words, first)
    groups, more = remembered(("recommended", *asked), work_out, with_steps=True, state=state)
    after = str(first + PAGE_SIZE) if more else None
    before = str(max(0, first - PAGE_SIZE)) if first else None
    return Page(list(_told(workshop, groups, with_stock, sites)), after, before)


def list_group(workshop: Workshop, key: str) -> "QuerySet[Part]":
    """The waiting parts of a recommendation, those promised first at the head; none for an address made by hand."""
    values = key.split("-")
    if len(values) != len(GROUPED_BY) or not all(value.isdecimal() and len(value) < 19 for value in values):
        return Part.objects.none()
    wanted = {name: int(value) or None for name, value in zip(GROUPED_BY, values, strict=True)}
    wanted |= {"primer": values[2] == "1", "varnish": values[3] == "1"}
    return (
        list_waiting_parts(workshop)
        .filter(**wanted)
        .select_related("powder", "project__customer", "project__site", "project__quote")
        .order_by(F("project__promised_on").asc(nulls_last=True), "-project__priority", "project_id", "position")
    )


def kilograms(use: PowderUse, sprayed: Decimal) -> Decimal | None:
    """The powder for `sprayed` square metres (Group.sprayed_m2), to the gram; None when it is not known enough."""
    if not use.is_known:
        return None
    return to_the_gram(sprayed * use.grams_per_m2(Decimal(0)) / GRAMS_PER_KG)


def _chosen(powder_pk: int | None, site_pk: int | None, words: Collection[str], most: int) -> list[Group]:
    """The first groups of a powder, of a site, of the powders that have these words, in the order of the list."""
    found = remembered_by_powder("groups-in-order", read_groups, with_steps=True)
    chosen = found.keys() if powder_pk is None else found.keys() & {powder_pk}
    if words:
        named = Powder.objects.all()
        for word in words:
            named = named.filter(search_key__contains=word)
        chosen = chosen & set(named.values_list("pk", flat=True))
    return first_groups((found[pk] for pk in chosen), most, site_pk)


def _told(
    workshop: Workshop, groups: Sequence[Group], with_stock: bool, known: Iterable[Site]
) -> Iterator[Recommendation]:
    asked = list({group.powder_pk for group in groups})
    powders = {powder.pk: powder for powder in workshop_rows(Powder, "AND id = ANY(%s)", [asked])}
    wanted, sites = {group.site_pk for group in groups}, {site.pk: site for site in known}
    if missing := wanted - sites.keys():
        sites |= Site.objects.in_bulk(missing)
    stock = {pk: levels(workshop, powders, sites[pk]) for pk in wanted} if with_stock else {}
    for group in groups:
        powder, site = powders[group.powder_pk], sites[group.site_pk]
        yield Recommendation(
            powder, site, group.coats, group.primer, group.varnish, group.celsius, group.minutes,
            group.projects, group.ready, group.parts, group.surface_m2, group.without_surface, group.promised_on,
            kilograms(powder.use, group.sprayed_m2), stock[site.pk][powder.pk] if with_stock else None,
            group.first_project,
        )  # fmt: skip
