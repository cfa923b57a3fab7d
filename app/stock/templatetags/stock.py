"""Stock as people read it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from app.documents.labels import spaced
from app.kernel.templatetags.display import number
from app.kernel.templatetags.quick import choice, day, draw_kept, pill, powder
from app.tenancy.links import workshop_url

from ..constants import Source
from ..figures import Figures
from ..models import Carton, Item, Movement, Weighing
from ..reliability import percent_of
from ..yields import Compared

register = template.Library()
TRUSTED, DOUBTFUL = 80, 60


@register.filter
def carton_number(number: str) -> str:
    """`SGT M4DT`: in two groups."""
    return spaced(number)


@register.filter
def signed(value: Decimal | None) -> str:
    """`+1,25`, `−0,3`: with its sign, a gap or a movement."""
    if value is None:
        return "—"
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value), 3)}"


@register.filter
def gap_of(gaps: Mapping[int, Decimal], weighing: Weighing) -> Decimal:
    """The gap of a weighing as known today."""
    return gaps.get(weighing.pk, weighing.gap if weighing.carton_id is None else Decimal(0))


@register.filter
def gap_percent(gap: Decimal, theory: Decimal) -> str:
    """`−2,5`: a gap in percent of the theory."""
    return signed(percent_of(gap, theory))


@register.filter
def whole_percent(value: Decimal) -> str:
    """`+4 %`: a difference in percent, without decimals."""
    return f"{signed(value.quantize(Decimal(1)))}\u00a0%"


@register.filter
def score_tone(score: int) -> str:
    """The colour of a reliability score."""
    return "ok" if score >= TRUSTED else "warn" if score >= DOUBTFUL else "bad"


@register.simple_tag
def score(one: Figures) -> SafeString:
    """The reliability of a stock, 0 to 100, and whether its weighings drift: {% score figures %}."""
    return _draw_score(one.score if one.weighed_on else None, one.drifts, get_language())


@lru_cache(maxsize=512)
def _draw_score(value: int | None, is_drifting: bool, _language: str | None) -> SafeString:
    drifts = format_html(" {}", pill("bad", gettext("Drifts"))) if is_drifting else ""
    if value is None:
        return format_html('<span class="muted">{}</span>{}', gettext("never weighed"), drifts)
    return format_html(
        '<span class="score score-{}"><meter min="0" max="100" value="{}" aria-hidden="true"></meter>'
        '<span class="num">{}</span></span>{}',
        score_tone(value), value, value, drifts,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def item_row(context: Context, one: Figures) -> SafeString:
    """A powder in the stock: {% item_row figures %}."""
    powder: Any = one.item.powder  # the list is of powders
    smart = bool(context["smart"])
    return draw_kept(
        "stock/item_row.html",
        address=workshop_url(context["workshop"], "stock:item_detail", item_pk=one.item.pk),
        reference=powder.reference,
        hex=powder.hex,
        finish=powder.finish,
        colour_code=powder.colour_code,
        colour_name=powder.colour_name,
        type=choice(powder, "type"),
        level=number(one.level, 2),
        below=one.level < 0,
        low=one.item.low_since is not None or (smart and one.is_low),
        cartons=one.cartons,
        smart=smart,
        per_day=number(one.per_day, 2) if one.per_day else "",
        runs_out=near_day(one.runs_out_on),
        score=score(one),
        weighed=near_day(one.weighed_on),
    )


@register.simple_tag(takes_context=True)
def carton_row(context: Context, one: Carton, can_weigh: bool) -> SafeString:
    """A carton of a powder: {% carton_row carton can_weigh %}."""
    workshop = context["workshop"]
    return draw_kept(
        "stock/carton_row.html",
        address=workshop_url(workshop, "stock:carton_detail", carton_pk=one.pk),
        number=one.number,
        spaced=carton_number(one.number),
        begun=one.opened_at is not None,
        lot=one.lot,
        site=str(one.site) if len(context["sites"]) > 1 else "",
        full=number(one.full_kg, 3),
        last=number(one.last_net_kg, 3),
        weighed=near_day(one.last_weighed_at),
        weigh=workshop_url(workshop, "stock:weigh", carton_pk=one.pk) if can_weigh else "",
    )


@register.simple_tag(takes_context=True)
def movement_row(context: Context, one: Movement) -> SafeString:
    """A movement of an item: {% movement_row movement %}."""
    carton = one.carton
    return draw_kept(
        "stock/movement_row.html",
        at=near_day(one.happened_at, "j N, H:i"),
        source=choice(one, "source"),
        name=one.source_name if one.source != Source.RECEIPT else "",
        user=one.user_name,
        reason=one.reason,
        carton=carton_number(carton.number) if carton else "",
        address=workshop_url(context["workshop"], "stock:carton_detail", carton_pk=carton.pk) if carton else "",
        quantity=signed(one.quantity),
    )


@register.simple_tag(takes_context=True)
def weighing_row(context: Context, one: Weighing, gaps: Mapping[int, Decimal], named: bool) -> SafeString:
    """A weighing, with what was weighed where that is `named`: {% weighing_row weighing gaps named %}."""
    return draw_kept(
        "stock/weighing_row.html",
        address=workshop_url(context["workshop"], "stock:weighing_detail", weighing_pk=one.pk),
        at=near_day(one.at, "j N, H:i"),
        user=one.user_name,
        what=_stocked(one.item) if named else "",
        none=one.carton is None,
        carton=carton_number(one.carton.number if one.carton else "—"),
        gross=number(one.gross, 3),
        tare=number(one.tare, 3),
        net=number(one.net, 3),
        before="" if one.previous_net is None else number(one.previous_net, 3),
        gap=signed(gap_of(gaps, one)),
    )


def _stocked(item: Item) -> SafeString | str:
    """What is stocked, without a link."""
    one = item.powder
    if one is None:
        return item.name
    return powder(one.reference, "", one.hex, one.finish, one.colour_code, one.colour_name, "·", choice(one, "type"))


@register.simple_tag
def work_row(one: Compared) -> SafeString:
    """A piece of work, planned against weighed: {% work_row compared %}."""
    return draw_kept(
        "stock/work_row.html",
        name=one.work.name,
        at=near_day(one.work.at),
        planned=number(one.work.planned, 3),
        weighed=number(one.weighed, 3),
        percent=signed(one.percent),
    )


@register.simple_tag
def level_rows(days: Sequence[tuple[date, Decimal]], unit: str) -> SafeString:
    """The level of each day, the latest first: {% level_rows days item.unit %}. Drawn once for the same ones."""
    return _draw_levels(tuple([(on, str(level)) for on, level in days]), str(unit), get_language())


@lru_cache(maxsize=64)  # some 10 kB each; by their text: 1 and 1.00 are equal
def _draw_levels(days: tuple[tuple[date, str], ...], unit: str, _language: str | None) -> SafeString:
    line = '<tr><th scope="row">{}</th><td class="r num" data-label="{}">{}</td></tr>'
    return format_html_join(
        "", line, ((day(on, "j F"), unit, number(Decimal(level), 3)) for on, level in reversed(days))
    )


@register.filter
def near_day(moment: date | None, shape: str = "j N") -> str:
    """`28 oct.`, or `28 oct. 2024` when it is not of this year: what is weighed and moved is kept for ever."""
    if not moment:
        return ""
    local: Any = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    days, _, hours = shape.partition(", ")
    text = day(local, days if local.year == timezone.localdate().year else days.replace("j N", "j N Y"))
    return f"{text}, {_written_hours(local.hour, local.minute, hours, get_language())}" if hours else text


@lru_cache(maxsize=2048)
def _written_hours(hour: int, minute: int, shape: str, _language: str | None) -> str:
    return time_format(time(hour, minute), shape)


@register.filter
def of(mapping: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds for a key."""
    return mapping.get(key)
