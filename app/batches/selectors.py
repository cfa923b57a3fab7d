"""Reads of batches; every queryset wants a workshop's scope."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from app.crm.selectors import CUSTOMER_NAME
from app.kernel.written import columns_of, make_row
from app.powders.models import Powder
from app.projects.constants import RUNNING, Laying
from app.projects.models import Nonconformity, Part, Project, Step
from app.tenancy.models import Workshop
from app.tenancy.questions import the_one, written_once
from app.tenancy.scope import current_workshop_id

from .constants import HOLDING, BatchState
from .models import Batch, BatchItem, BatchSettings, PowderShare

PROMISED_FIRST = (F("part__project__promised_on").asc(nulls_last=True), "part__project_id", "part__position", "pk")
#: What the page of a batch shows of its parts, and what their powder and their price are reckoned with.
ITEM_SHOWN = ("batch_id", "pass_number",
              *(f"part__{name}" for name in ("code", "designation", "quantity", "surface_m2", "coats")),
              *(f"part__powder__{name}" for name in ("consumption_g_per_m2", "density", "thickness_um")),
              *(f"part__project__{name}" for name in ("number", "status", "current_step", "promised_on",
                                                      "quote__transfer_loss_percent", "quote__total_excl_tax",
                                                      *CUSTOMER_NAME)))  # fmt: skip
#: What the parts of a batch share beside powder and site: coats, primer, varnish, degrees, and the shortest and longest
#: time of curing in minutes (None: not said).
Rule = tuple[int, bool, bool, int | None, tuple[int, int] | None]
#: How many parts the page of a batch offers to add.
OFFERED = 60
#: What a list of parts to tick shows.
PICK_SHOWN = ("designation", "quantity", "surface_m2",
              *(f"project__{name}" for name in ("number", "current_step", "promised_on", *CUSTOMER_NAME)))  # fmt: skip


def get_batch_settings(workshop: Workshop) -> BatchSettings:
    """What the workshop decided about its batches, or the product's defaults."""
    return BatchSettings.objects.first() or BatchSettings(workshop=workshop)


def list_waiting_parts(workshop: Workshop, powder_pk: int | None = None) -> "QuerySet[Part]":
    """The parts of running projects on which powder is still to be laid, in no open or launched batch, not yet done.

    Once powder has been laid on a project, the parts that a non-conformity names wait again; all when it names none.
    `celsius` and `minutes` are the curing of the part, or else its powder's. Those of one powder, or of all.
    """
    # The projects that come back are few, and asked apart.
    return _waiting(powder_pk, list_waiting_again(powder_pk))


def _waiting(powder_pk: int | None, again: Collection[int]) -> "QuerySet[Part]":
    taken = BatchItem.objects.filter(Q(is_held=True) | Q(done_at__isnull=False), part=OuterRef("pk"))
    waits = Q(Q(project__laying=Laying.TO_LAY), ~Exists(taken))
    if again:
        waits |= Q(pk__in=again)
    asked = {"powder_id": powder_pk} if powder_pk else {"powder__isnull": False}
    return with_curing(Part.objects.filter(waits, project__status__in=RUNNING, **asked))


def list_waiting_again(powder_pk: int | None = None) -> list[int]:
    """The parts that wait, in no batch and not yet done, of running projects on which powder is laid again.

    Those of all powders, or of the projects that have parts of one.
    """
    begun = _list_begun(powder_pk)
    if not begun:
        return []
    held = BatchItem.objects.filter(part=OuterRef("pk"), is_held=True)
    return _sent_back_parts(begun, ~Exists(held), ~Exists(_done_in_this_pass()))


def with_curing(parts: "QuerySet[Part]") -> "QuerySet[Part]":
    """The parts with `celsius` and `minutes`: their own curing, or else their powder's."""
    return parts.annotate(
        celsius=Coalesce("curing_celsius", "powder__curing_temperature_c"),
        minutes=Coalesce("curing_minutes", "powder__curing_minutes"),
    )


def list_compatible_parts(workshop: Workshop, batch: Batch) -> "QuerySet[Part]":
    """The waiting parts that the batch would take, those promised first at the head."""
    parts = list_waiting_parts(workshop, batch.powder_id)
    return _going_with(parts, batch.site_id, _rule_of(batch)).select_related("project__customer", "powder")


def list_offered_parts(batch: Batch) -> list[Part]:
    """The first of them, with what a list to tick shows of each."""
    if again := list_waiting_again(batch.powder_id):
        return list(_offered(_waiting(batch.powder_id, again), batch.site_id, _rule_of(batch)))
    return _offered_once(batch.powder_id, batch.site_id, _rule_of(batch))


@written_once
def _offered_once(powder_pk: int, site_pk: int, rule: Rule) -> "QuerySet[Part]":
    return _offered(_waiting(powder_pk, ()), site_pk, rule)


def _offered(parts: "QuerySet[Part]", site_pk: int, rule: Rule) -> "QuerySet[Part]":
    return _going_with(parts, site_pk, rule).select_related("project__customer").only(*PICK_SHOWN)[:OFFERED]


def _rule_of(batch: Batch) -> Rule:
    nearest = batch.minutes is not None and (
        batch.minutes - batch.tolerance_minutes,
        batch.minutes + batch.tolerance_minutes,
    )
    return batch.coats, batch.primer, batch.varnish, batch.celsius, nearest or None


def _going_with(parts: "QuerySet[Part]", site_pk: int, rule: Rule) -> "QuerySet[Part]":
    coats, primer, varnish, celsius, nearest = rule
    same_time = Q(minutes__range=nearest) if nearest else Q(minutes=None)
    same: dict[str, Any] = {"coats": coats, "primer": primer, "varnish": varnish, "celsius": celsius}
    found = parts.filter(same_time, project__site_id=site_pk, **same)
    return found.order_by(
        F("project__promised_on").asc(nulls_last=True), "-project__priority", "project_id", "position"
    )


def get_parts(part_pks: Iterable[int]) -> list[Part]:
    """These parts of the workshop with what they are grouped by, in the order of their numbers."""
    rows = Part.objects.select_related("powder", "project__site", "project__customer")
    return list(rows.filter(pk__in=list(part_pks)).order_by("project_id", "position", "pk"))


def list_pass_numbers(project_pks: Iterable[int]) -> dict[int, int]:
    """How often powder will have been laid on each project after the next time: 1, or more after a return."""
    done = Step.objects.filter(project__in=list(project_pks), lays_powder=True, done_at__isnull=False)
    laid = dict(done.values_list("project_id").annotate(times=Count("pk")).values_list("project_id", "times"))
    return {pk: laid.get(pk, 0) + 1 for pk in project_pks}


def list_batches(*, state: str = "", powder_pk: int | None = None, search: str = "") -> "QuerySet[Batch]":
    """Batches with their powder, the newest first, filtered; a search is the beginning of a number."""
    batches = Batch.objects.select_related("powder", "site").annotate(
        part_count=Count("items"), project_count=Count("items__part__project", distinct=True)
    )
    if state:
        batches = batches.filter(state=state)
    if powder_pk:
        batches = batches.filter(powder_id=powder_pk)
    return batches.filter(number__icontains=search.strip()) if search.strip() else batches


def get_batch(batch_pk: int) -> Batch:
    """One batch with its powder and site; Batch.DoesNotExist when it is not in this workshop."""
    return the_one(Batch, _batch(batch_pk))


@written_once
def _batch(batch_pk: int) -> "QuerySet[Batch]":
    return Batch.objects.select_related("powder", "site").filter(pk=batch_pk)


def is_number_taken(number: str) -> bool:
    """Whether a batch of the workshop in scope bears this number."""
    return Batch.objects.filter(number=number).exists()


def list_laid_batches(start: datetime, end: datetime) -> "QuerySet[Batch]":
    """The batches launched from one moment to another and not cancelled, the latest first."""
    laid = Batch.objects.filter(state__in=(BatchState.LAUNCHED, BatchState.CLOSED))
    found = laid.filter(launched_at__gte=start, launched_at__lt=end)
    return found.select_related("powder", "site").order_by("-launched_at", "-pk")


def list_items(batch: Batch) -> list[BatchItem]:
    """What a batch holds or held, the projects promised first at the head."""
    return list_items_of([batch])[batch.pk]


def list_items_of(batches: Collection[Batch]) -> dict[int, list[BatchItem]]:
    """The same for several batches, in one query."""
    rows = BatchItem.objects.filter(batch__in=batches).select_related(
        "part__powder", "part__project__customer", "part__project__quote", "part__project__site"
    )
    found: dict[int, list[BatchItem]] = {batch.pk: [] for batch in batches}
    for item in rows.order_by(*PROMISED_FIRST):
        found[item.batch_id].append(item)
    return found


def list_shown_items(batch: Batch) -> list[BatchItem]:
    """What a batch holds or held in the same order, with what its page shows and reckons with, and no more."""
    return _shown_items(batch.pk)


@written_once
def _shown_items(batch_pk: int) -> "QuerySet[BatchItem]":
    rows = BatchItem.objects.filter(batch_id=batch_pk).select_related(
        "part__powder", "part__project__customer", "part__project__quote"
    )
    return rows.only(*ITEM_SHOWN).order_by(*PROMISED_FIRST)


def find_holding(part_pks: Iterable[int]) -> dict[int, Batch]:
    """The open or launched batch of each of these parts that is in one."""
    rows = BatchItem.objects.filter(part__in=list(part_pks), is_held=True).select_related("batch")
    return {item.part_id: item.batch for item in rows}


def list_holding_project(project: Project) -> list[Batch]:
    """The open or launched batches that hold a part of the project."""
    held = BatchItem.objects.filter(part__project=project, is_held=True)
    return list(Batch.objects.filter(pk__in=held.values("batch_id")).order_by("pk"))


def list_held_projects(batch_pk: int) -> set[int]:
    """The keys of the projects whose parts a batch holds; none for a batch of another workshop."""
    held = BatchItem.objects.filter(batch_id=batch_pk, is_held=True)
    return set(held.values_list("part__project_id", flat=True))


def list_batches_of_project(project: Project) -> list[Batch]:
    """Every batch that a part of the project has been in, but the cancelled ones, the newest first."""
    items = BatchItem.objects.filter(part__project=project)
    rows = Batch.objects.filter(pk__in=items.values("batch_id")).exclude(state=BatchState.CANCELLED)
    return list(rows.select_related("powder").order_by("-pk"))


def list_current() -> "QuerySet[Batch]":
    """The batches that are open or launched, the launched ones first."""
    return list_batches().filter(state__in=HOLDING).order_by("state", "pk")


def read_current() -> list[Batch]:
    """The same with their powder and how many parts of how many projects they hold, for the page that is asked most."""
    width = len(columns_of(Batch))
    with connection.cursor() as cursor:
        cursor.execute(_current_query(), {"workshop": current_workshop_id(), "states": [str(one) for one in HOLDING]})
        rows = cursor.fetchall()
    return [_current(row[:width], row[width:-2], *row[-2:]) for row in rows]


def _current(values: tuple[Any, ...], of_powder: tuple[Any, ...], parts: int, projects: int) -> Batch:
    batch: Any = make_row(Batch, values)
    batch.powder, batch.part_count, batch.project_count = make_row(Powder, of_powder), parts, projects
    return cast(Batch, batch)


@cache
def _current_query() -> str:
    batches, powders, items, parts = (model._meta.db_table for model in (Batch, Powder, BatchItem, Part))
    columns = [
        f"{name}.{column}" for name, model in (("batch", Batch), ("powder", Powder)) for column in columns_of(model)
    ]
    return f"""
    SELECT {", ".join(columns)}, held.parts, held.projects FROM {batches} AS batch
    JOIN {powders} AS powder ON powder.workshop_id = %(workshop)s AND powder.id = batch.powder_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS parts, count(DISTINCT part.project_id) AS projects FROM {items} AS item
        JOIN {parts} AS part ON part.workshop_id = %(workshop)s AND part.id = item.part_id
        WHERE item.workshop_id = %(workshop)s AND item.batch_id = batch.id
    ) AS held
    WHERE batch.workshop_id = %(workshop)s AND batch.state = ANY(%(states)s) ORDER BY batch.state, batch.id
    """


def list_due_parts(project: Project) -> list[Part]:
    """The parts of a running project on which powder is to be laid in this pass, in a batch or not, done or not."""
    due = Q(project__laying=Laying.TO_LAY) | Q(_sent_back(), project__laying=Laying.AGAIN)
    parts = Part.objects.filter(due, project=project, project__status__in=RUNNING, powder__isnull=False)
    return list(parts.select_related("powder", "project__quote", "project__site").order_by("position", "pk"))


def list_undone_parts(project: Project) -> list[Part]:
    """The same, without those that a closed batch has done in this pass."""
    done = Part.objects.filter(project=project).filter(Exists(_done_in_this_pass()))
    pks = set(done.values_list("pk", flat=True))
    return [part for part in list_due_parts(project) if part.pk not in pks]


def list_unposted_again() -> list[int]:
    """The parts of running projects that are laid again, and whose powder has not left the stock in this pass."""
    begun = _list_begun()
    if not begun:
        return []
    posted = PowderShare.objects.filter(part=OuterRef("pk"), reversed_at=None)
    in_this_pass = posted.filter(pass_number__gt=Coalesce(_laid_times(), Value(0)))
    return _sent_back_parts(begun, ~Exists(in_this_pass))


def _list_begun(powder_pk: int | None = None) -> list[int]:
    """The running projects on which powder has been laid and is to be laid again: few, often none.

    Of all of them, or of those that have parts of a powder.
    """
    running = [str(status) for status in RUNNING]
    values: dict[str, Any] = {"workshop": current_workshop_id(), "running": running, "powder": powder_pk}
    with connection.cursor() as cursor:
        cursor.execute(_BEGUN, values)
        return [pk for (pk,) in cursor.fetchall()]


#: Asked with every answer about what waits, and nearly always of nothing: written once.
_BEGUN = f"""
SELECT id FROM {Project._meta.db_table} AS project
WHERE workshop_id = %(workshop)s AND laying = '{Laying.AGAIN}' AND status = ANY(%(running)s)
    AND (%(powder)s::bigint IS NULL OR EXISTS (
        SELECT FROM {Part._meta.db_table}
        WHERE workshop_id = %(workshop)s AND project_id = project.id AND powder_id = %(powder)s
    ))
"""


def _sent_back_parts(begun: Collection[int], *wanted: Any) -> list[int]:
    """The parts of these projects that are laid again."""
    return list(Part.objects.filter(_sent_back(), *wanted, project__in=begun).values_list("pk", flat=True))


def _laid_times() -> Subquery:
    """How often powder has been laid on the project of the part in the outer query of the outer query."""
    laid = Step.objects.filter(
        project=OuterRef(OuterRef("project_id")), lays_powder=True, done_at__isnull=False
    ).order_by()
    return Subquery(laid.values("project_id").annotate(times=Count("pk")).values("times"))


def _done_in_this_pass() -> "QuerySet[BatchItem]":
    done = BatchItem.objects.filter(part=OuterRef("pk"), done_at__isnull=False)
    return done.filter(pass_number__gt=Coalesce(_laid_times(), Value(0)))


def _sent_back() -> Q:
    """The part is one that is laid again: named by a non-conformity since, or none since names its parts."""
    laid_at = Subquery(
        Step.objects.filter(project=OuterRef(OuterRef("project_id")), lays_powder=True, done_at__isnull=False)
        .order_by("-done_at")
        .values("done_at")[:1]
    )
    since = Nonconformity.objects.filter(
        project=OuterRef("project_id"), lays_powder=True, declared_at__gte=laid_at
    ).order_by()
    concerned = since.filter(Q(part=None) | Q(part=OuterRef("pk")))
    return Q(Exists(concerned)) | Q(~Exists(since))
