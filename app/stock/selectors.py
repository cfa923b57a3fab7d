"""Reads of the stock."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, DecimalField, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils import timezone

from app.kernel.codes import CodeError, read_code
from app.kernel.text import tokens
from app.powders.models import Powder
from app.tenancy.models import Site, Workshop
from app.tenancy.questions import the_one, written_once
from app.tenancy.scope import current_workshop_id

from .constants import CARTON_MARK, ZERO, Source
from .models import Carton, DailyPick, InventoryLine, InventoryPlan, Item, Level, Movement, Weighing

#: How people write the mark: the letter looks like a figure that no number has either.
MARKS = (CARTON_MARK, "5")
#: What a list of powders in stock shows, and what their figures are reckoned with.
SHOWN = ("powder_id", "alert_below", "alert_days", "low_since", "last_weighed_at", "created_at",
         *(f"powder__{name}" for name in ("reference", "type", "finish", "colour_code", "colour_name", "hex",
                                          "search_key")))  # fmt: skip
#: What orders such a list and is no column of it.
REACHED = ("quantity", "seen")
#: What was never weighed comes before everything that was. In SQL: a question that is written once holds no day.
NEVER = RawSQL("TIMESTAMPTZ '2000-01-01 00:00:00+00'", [], output_field=DateTimeField())


def levels(workshop: Workshop, powder_ids: Iterable[int], site: Site | None = None) -> dict[int, Decimal]:
    """The stock of powders in kg, on a site or on all of them; 0 for a powder without any movement.

    One row for each powder and site, whatever the number of movements.
    """
    wanted = list(powder_ids)
    values: dict[str, Any] = {"workshop": workshop.pk, "powders": wanted, "site": site.pk if site else None}
    with connection.cursor() as cursor:
        cursor.execute(_LEVELS, values)
        sums = dict(cursor.fetchall())
    return {powder_pk: sums.get(powder_pk, ZERO) for powder_pk in wanted}


_LEVELS = f"""
SELECT item.powder_id, sum(level.quantity) FROM {Item._meta.db_table} AS item
JOIN {Level._meta.db_table} AS level ON level.workshop_id = %(workshop)s AND level.item_id = item.id
WHERE item.workshop_id = %(workshop)s AND item.powder_id = ANY(%(powders)s)
    AND (%(site)s::bigint IS NULL OR level.site_id = %(site)s)
GROUP BY item.powder_id
"""


def list_powder_items(
    *, query: str = "", site: Site | None = None, low: bool = False, in_stock: bool = False
) -> QuerySet[Item]:
    """Powders that are or were in stock; the archived ones only while some is left.

    `quantity` and `seen` (when it was last weighed) order them; who reads them asks for them, with `annotate`.
    """
    site_pk = site.pk if site else None
    quantity = RawSQL(_QUANTITY, [site_pk, site_pk], output_field=DecimalField())  # noqa: S611  values apart
    items = Item.objects.filter(powder__isnull=False).select_related("powder")
    items = items.alias(quantity=quantity, seen=Coalesce("last_weighed_at", NEVER))
    items = items.filter(Q(powder__archived_at=None) | ~Q(quantity=0))
    if in_stock:
        items = items.filter(quantity__gt=ZERO)
    if low:
        items = items.filter(low_since__isnull=False)
    for word in tokens(query):
        items = items.filter(powder__search_key__contains=word)
    return items


#: What is left of an item, asked for each one that needs it: grouping would first add up those of every other page.
#: Written once: building it would take the ORM longer than a page of items takes PostgreSQL.
_QUANTITY = f"""
SELECT coalesce(sum(quantity), 0) FROM {Level._meta.db_table} AS level
WHERE level.workshop_id = {Item._meta.db_table}.workshop_id AND level.item_id = {Item._meta.db_table}.id
    AND (%s::bigint IS NULL OR level.site_id = %s)
"""


def list_consumables(*, archived: bool = False) -> QuerySet[Item]:
    """Items that are not powders, by name."""
    return Item.objects.filter(powder=None, archived_at__isnull=not archived).order_by("name", "pk")


def all_items() -> QuerySet[Item]:
    """Every item of the workshop, with its powder."""
    return Item.objects.select_related("powder")


def get_item(item_pk: int) -> Item:
    """What is stocked, with its powder; Item.DoesNotExist when it is not in this workshop."""
    return the_one(Item, _item(item_pk))


@written_once
def _item(item_pk: int) -> QuerySet[Item]:
    return all_items().filter(pk=item_pk)


def find_item(powder: Powder) -> Item | None:
    """The item of a powder, or None while none of it was ever in stock."""
    return Item.objects.filter(powder=powder).first()


def count_low() -> int:
    """How many items are low in stock. Each page of the list asks, so the statement is written once."""
    with connection.cursor() as cursor:
        cursor.execute(_LOW, [current_workshop_id()])
        [[count]] = cursor.fetchall()
    return int(count)


_LOW = f"""
SELECT count(*) FROM {Item._meta.db_table}
WHERE workshop_id = %s AND low_since IS NOT NULL AND archived_at IS NULL
"""


def list_levels(item: Item) -> QuerySet[Level]:
    """The level of an item on each site where it was, the main one first."""
    return Level.objects.filter(item=item).select_related("site").order_by("-site__is_main", "site__name", "pk")


def only_site_of(item: Item) -> Site | None:
    """The site that has the item, if it was never on another; None when it concerns several, or none yet."""
    found = list(list_levels(item).select_related("site")[:2])
    return found[0].site if len(found) == 1 else None


def all_cartons() -> QuerySet[Carton]:
    """Every carton, with its powder and site."""
    return Carton.objects.select_related("item__powder", "site")


def list_cartons(item: Item, *, empty: bool = False) -> QuerySet[Carton]:
    """The cartons of a powder, the open ones first, the oldest first; or its empty ones, the latest first."""
    cartons = all_cartons().filter(item=item, emptied_at__isnull=not empty)
    if empty:
        return cartons.order_by("-emptied_at", "-pk")
    return cartons.order_by(F("opened_at").asc(nulls_last=True), "received_at", "pk")


def list_open_cartons(*, query: str = "") -> QuerySet[Carton]:
    """Cartons that can be weighed, those of a search by number, lot or powder."""
    cartons = all_cartons().filter(emptied_at=None)
    if number := carton_number(query):
        return cartons.filter(number=number)
    for word in tokens(query):
        cartons = cartons.filter(Q(item__powder__search_key__contains=word) | Q(lot__icontains=word))
    return cartons.order_by("item__powder__search_key", F("opened_at").asc(nulls_last=True), "received_at", "pk")


def carton_number(text: str) -> str | None:
    """The number of a carton as it is stored, from what was typed or scanned (a label's address too), or None."""
    typed = text.strip().upper().rsplit("/", 1)[-1]
    if not typed.startswith(MARKS):
        return None
    try:
        return CARTON_MARK + read_code(typed[1:])
    except CodeError:
        return None


def find_carton(text: str) -> Carton | None:
    """The carton that bears a number, or None."""
    number = carton_number(text)
    return all_cartons().filter(number=number).first() if number else None


def list_cartons_by_number(text: str) -> QuerySet[Carton]:
    """The carton that a text names, empty or not; none for any other text, without asking the database."""
    number = carton_number(text)
    return all_cartons().filter(number=number) if number else all_cartons().none()


def list_movements(item: Item) -> QuerySet[Movement]:
    """The movements of an item, the latest first, with what they belong to."""
    rows = Movement.objects.filter(item=item).select_related("carton", "site", "weighing")
    return rows.order_by("-happened_at", "-pk")


def list_weighings(*, item: Item | None = None, carton: Carton | None = None) -> QuerySet[Weighing]:
    """Weighings, the latest first: all, those of an item, those of a carton."""
    rows = Weighing.objects.select_related("carton", "item__powder", "site")
    if item:
        rows = rows.filter(item=item)
    if carton:
        rows = rows.filter(carton=carton)
    return rows.order_by("-at", "-pk")


def all_weighings() -> QuerySet[Weighing]:
    """Every weighing, with what it weighed."""
    return Weighing.objects.select_related("carton__item__powder", "item__powder", "site")


def list_picks(day: date) -> list[DailyPick]:
    """The list of a day, in its order."""
    return list(DailyPick.objects.filter(day=day).select_related("item__powder").order_by("position", "pk"))


def weighed_on(day: date) -> set[int]:
    """The items weighed on a day."""
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    rows = Weighing.objects.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return set(rows.values_list("item_id", flat=True))


def list_plans() -> QuerySet[InventoryPlan]:
    """Partial inventories, the latest first."""
    return InventoryPlan.objects.order_by("-starts_on", "-pk")


def list_lines(plan: InventoryPlan) -> list[InventoryLine]:
    """The lines of a partial inventory by day, with their powders."""
    return list(InventoryLine.objects.filter(plan=plan).select_related("item__powder").order_by("day", "pk"))


def weighed_since(item_pks: Iterable[int], since: date, until: date) -> dict[int, date]:
    """The first day, between two, on which each of these items was weighed."""
    start = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    end = timezone.make_aware(datetime.combine(until, datetime.min.time())) + timedelta(days=1)
    rows = Weighing.objects.filter(item__in=list(item_pks), at__gte=start, at__lt=end).order_by("-at")
    return {item_pk: timezone.localdate(at) for item_pk, at in rows.values_list("item_id", "at")}


def known_gaps(weighings: Iterable[Weighing]) -> dict[int, Decimal]:
    """The gap of each weighing as known today: late news may have changed it since it was recorded."""
    wanted = [one.pk for one in weighings]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, [current_workshop_id(), wanted])
        return dict(cursor.fetchall())


_GAPS = f"""
SELECT weighing.id, sum(found.quantity) FROM {Weighing._meta.db_table} AS weighing
JOIN {Movement._meta.db_table} AS found ON found.workshop_id = weighing.workshop_id
    AND found.weighing_id = weighing.id AND found.carton_id = weighing.carton_id AND found.source = '{Source.WEIGHING}'
WHERE weighing.workshop_id = %s AND weighing.id = ANY(%s) GROUP BY weighing.id
"""


def list_cartons_of(item_pks: Iterable[int]) -> dict[int, list[Carton]]:
    """The cartons in use of several items, by item, the open ones first."""
    found: dict[int, list[Carton]] = {}
    cartons = all_cartons().filter(item__in=list(item_pks), emptied_at=None)
    for carton in cartons.order_by(F("opened_at").asc(nulls_last=True), "received_at", "pk"):
        found.setdefault(carton.item_id, []).append(carton)
    return found
