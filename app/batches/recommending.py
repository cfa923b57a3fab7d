"""The batches that the waiting parts would make, the most urgent first, with the powder they need and what is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from app.estimating.consumption import DEFAULT_TRANSFER_LOSS, GRAMS_PER_KG, PowderUse, to_the_gram
from app.kernel.pagination import Page
from app.kernel.text import fold
from app.powders.models import Powder
from app.projects.models import Part, Step
from app.projects.remembering import WorkState, read_state, remembered
from app.stock.selectors import levels
from app.tenancy.models import Site, Workshop
from app.tenancy.written import workshop_rows

from .constants import Criterion
from .grouping import COLUMNS
from .selectors import list_waiting_parts, with_curing

#: What the parts of a recommendation share, from the criteria of the rule; an address says it in this order.
GROUPED_BY = tuple(dict.fromkeys(column for column in (COLUMNS[one] for one in Criterion) if column))
PAGE_SIZE = 25
SQUARE_METRES = DecimalField(max_digits=18, decimal_places=4)


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

    def group() -> list[dict[str, Any]]:
        return list(_groups(workshop, powder_pk, site_pk, words)[first : first + PAGE_SIZE + 1])

    def work_out() -> tuple[list[dict[str, Any]], bool]:
        rows = remembered(("groups", *asked), group, state=state)
        return list(_with_figures(rows[:PAGE_SIZE])), len(rows) > PAGE_SIZE

    asked = (powder_pk, site_pk, words, first)
    state = state or read_state()
    rows, more = remembered(("recommended", *asked), work_out, with_steps=True, state=state)
    after = str(first + PAGE_SIZE) if more else None
    before = str(max(0, first - PAGE_SIZE)) if first else None
    return Page(list(_told(workshop, rows, with_stock, sites)), after, before)


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


def sprayed_m2() -> Coalesce:
    """The surface of parts, once for each coat, and what does not stay on it: what `kilograms` reckons with."""
    loss = Coalesce(F("project__quote__transfer_loss_percent"), Value(DEFAULT_TRANSFER_LOSS))
    kept = Case(When(powder__consumption_g_per_m2__isnull=False, then=Value(Decimal(1))), default=1 - loss / 100,
                output_field=DecimalField(max_digits=8, decimal_places=6))  # fmt: skip
    sprayed = ExpressionWrapper(
        F("surface_m2") * F("quantity") * F("coats") / kept, output_field=DecimalField(max_digits=22, decimal_places=8)
    )
    return Coalesce(Sum(sprayed), Value(Decimal(0)), output_field=SQUARE_METRES)


def kilograms(use: PowderUse, sprayed: Decimal) -> Decimal | None:
    """The powder for a surface of `sprayed_m2`, to the gram; None when the powder is not known enough."""
    if not use.is_known:
        return None
    return to_the_gram(sprayed * use.grams_per_m2(Decimal(0)) / GRAMS_PER_KG)


def _groups(workshop: Workshop, powder_pk: int | None, site_pk: int | None, words: Iterable[str]) -> "QuerySet[Any]":
    """One row for each exact grouping, with no more than its place in the list needs: every part that waits is read."""
    parts = list_waiting_parts(workshop)
    if powder_pk:
        parts = parts.filter(powder_id=powder_pk)
    if site_pk:
        parts = parts.filter(project__site_id=site_pk)
    for word in words:
        parts = parts.filter(powder__search_key__contains=word)
    groups: QuerySet[Any] = parts.values(*GROUPED_BY).annotate(
        parts=Count("pk"), part_pks=ArrayAgg("pk"), promised_on=Min("project__promised_on")
    )
    return groups.order_by(F("promised_on").asc(nulls_last=True), "-parts", *GROUPED_BY)


def _with_figures(rows: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same rows with the figures that do not order them: projects and surfaces, of these rows' parts only."""
    now = Step.objects.filter(
        project=OuterRef("project_id"), lays_powder=True, done_at=None, name=OuterRef("project__current_step")
    )
    surface = ExpressionWrapper(F("surface_m2") * F("quantity"), output_field=SQUARE_METRES)
    parts = Part.objects.filter(pk__in=[pk for row in rows for pk in row["part_pks"]])
    figures: QuerySet[Any] = (
        with_curing(parts)
        .annotate(now=Exists(now))
        .values(*GROUPED_BY)
        .annotate(
            projects=Count("project_id", distinct=True),
            ready=Count("project_id", distinct=True, filter=Q(now=True)),
            surface=Coalesce(Sum(surface), Value(Decimal(0)), output_field=SQUARE_METRES),
            sprayed=sprayed_m2(),
            without_surface=Count("pk", filter=Q(surface_m2=None)),
            first_project=Min("project_id"),
        )
        .order_by()
    )
    found = {_key(row): row for row in figures}
    # A group whose last part has changed between the two reads is left out.
    for row in rows:
        if figures_of := found.get(_key(row)):
            yield {**figures_of, "parts": row["parts"], "promised_on": row["promised_on"]}


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in GROUPED_BY)


def _told(
    workshop: Workshop, rows: Sequence[Mapping[str, Any]], with_stock: bool, known: Iterable[Site]
) -> Iterator[Recommendation]:
    asked = list({row["powder_id"] for row in rows})
    powders = {powder.pk: powder for powder in workshop_rows(Powder, "AND id = ANY(%s)", [asked])}
    wanted, sites = {row["project__site_id"] for row in rows}, {site.pk: site for site in known}
    if missing := wanted - sites.keys():
        sites |= Site.objects.in_bulk(missing)
    stock = {pk: levels(workshop, powders, sites[pk]) for pk in wanted} if with_stock else {}
    for row in rows:
        powder, site = powders[row["powder_id"]], sites[row["project__site_id"]]
        yield Recommendation(
            powder, site, row["coats"], row["primer"], row["varnish"], row["celsius"], row["minutes"],
            row["projects"], row["ready"], row["parts"], row["surface"], row["without_surface"], row["promised_on"],
            kilograms(powder.use, row["sprayed"]), stock[site.pk][powder.pk] if with_stock else None,
            row["first_project"],
        )  # fmt: skip
