"""What the rows of the lists of batches say, each cell in one call: a page has dozens of rows."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from app.documents.labels import spaced
from app.kernel.templatetags.display import number
from app.kernel.templatetags.quick import choice, day, draw_kept, pill
from app.projects.models import Part
from app.tenancy.links import workshop_url

from ..consumption import missing_kg
from ..models import BatchItem
from ..part_changes import PartChange
from ..recommending import Recommendation

register = template.Library()


@register.simple_tag(takes_context=True)
def recommendation(context: Context, one: Recommendation, can_edit: bool) -> SafeString:
    """A row of the recommended batches: {% recommendation one can_edit %}."""
    powder = one.powder
    return draw_kept(
        "batches/recommended_row.html",
        address=workshop_url(context["workshop"], "batches:group", key=one.key),
        name=str(powder),
        title=f"{powder.colour_code or powder.reference} {powder.colour_name}",
        hex=powder.hex,
        finish=powder.finish,
        site=str(one.site) if len(context["sites"]) > 1 else "",
        layers=layers(one),
        parts=parts_waiting(one),
        promise=promise(one.promised_on, context["today"]),
        needed=powder_needed(one, context["with_stock"]),
        can_edit=can_edit,
    )


@register.simple_tag(takes_context=True)
def item_row(context: Context, item: BatchItem, can_edit: bool) -> SafeString:
    """A part on the page of its batch: {% item_row item can_edit %}. The token of its form is another on each page."""
    part, batch, workshop = item.part, context["batch"], context["workshop"]
    project, kg, here = part.project, context["figures"].taken.get(part.project_id), "\0"
    of_row = {"batch_pk": batch.pk, "part_pk": part.pk}
    drawn = draw_kept(
        "batches/item_row.html",
        quantity=number(part.quantity),
        designation=part.designation,
        code=part.code,
        spaced=spaced(part.code),
        pass_number=item.pass_number,
        address=workshop_url(workshop, "projects:project_detail", project_pk=project.pk),
        number=project.number,
        customer=str(project.customer),
        step=project.current_step or choice(project, "status"),
        kg=number(kg, 3) if kg else "",
        promised=day(project.promised_on),
        surface="" if part.surface_m2 is None else number(part.surface_m2, 2),
        removal=workshop_url(workshop, "batches:batch_remove", **of_row) if can_edit and batch.is_open else "",
        token=mark_safe(here),
    )
    return mark_safe(drawn.replace(here, CsrfTokenNode().render(context)))


@register.simple_tag
def pick_row(part: Part, ticked: bool) -> SafeString:
    """A part to tick: {% pick_row part ticked %}."""
    project = part.project
    return draw_kept(
        "batches/pick_row.html",
        pk=part.pk,
        ticked=bool(ticked),
        quantity=number(part.quantity),
        designation=part.designation,
        number=project.number,
        customer=str(project.customer),
        step=project.current_step,
        promised=day(project.promised_on),
        surface=number(part.surface_m2, 2) if part.surface_m2 else "",
    )


@register.filter
def any_stops(changes: Iterable[PartChange]) -> bool:
    """Whether one of the changes of a load's parts keeps it from starting."""
    return any(change.stops for change in changes)


@register.simple_tag
def layers(what: Any) -> SafeString:
    """How a powder is laid and cured: {% layers batch %}, of a batch, a recommendation, or a part with its curing."""
    return _draw_layers(what.coats, what.primer, what.varnish, what.celsius, what.minutes, get_language())


@lru_cache(maxsize=512)
def _draw_layers(
    coats: int, primer: bool, varnish: bool, celsius: int | None, minutes: int | None, _language: str | None
) -> SafeString:
    laid = [ngettext("%(coats)s coat", "%(coats)s coats", coats) % {"coats": coats}]
    laid += [text for said, text in ((primer, _("primer")), (varnish, _("varnish"))) if said]
    cured = [f"{celsius} °C" if celsius else _("curing not said")]
    cured += [f"{minutes} min"] if minutes else []
    return format_html('{}<br><span class="num">{}</span>', " · ".join(laid), ", ".join(cured))


@register.simple_tag
def parts_waiting(one: Recommendation) -> SafeString:
    """How many parts of how many projects a recommendation holds, and how many of these are ready."""
    return _draw_parts(one.parts, one.projects, one.ready, get_language())


@lru_cache(maxsize=1024)
def _draw_parts(parts: int, projects: int, ready: int, _language: str | None) -> SafeString:
    if ready == projects:
        state = pill("ok", _("All ready for the powder"))
    else:
        told = ngettext("%(count)s ready for the powder", "%(count)s ready for the powder", ready) % {"count": ready}
        state = format_html('<small class="muted">{}</small>', told)
    return format_html(
        '<span class="num">{} · {}</span><br>{}',
        ngettext("%(count)s part", "%(count)s parts", parts) % {"count": parts},
        ngettext("%(count)s project", "%(count)s projects", projects) % {"count": projects},
        state,
    )


@register.simple_tag
def promise(promised_on: date | None, today: date) -> SafeString:
    """The day that is promised, and whether it is today or has passed."""
    return _draw_promise(promised_on, today, get_language())


@lru_cache(maxsize=512)
def _draw_promise(promised_on: date | None, today: date, _language: str | None) -> SafeString:
    if promised_on is None:
        return mark_safe("—")
    soon = ""
    if promised_on < today:
        soon = mark_safe("<br>") + pill("bad", _("Late"))
    elif promised_on == today:
        soon = mark_safe("<br>") + pill("warn", _("Today"))
    return format_html('<span class="num">{}</span>{}', day(promised_on), soon)


@register.simple_tag
def powder_needed(one: Recommendation, with_stock: bool) -> SafeString:
    """The powder that a recommendation takes beside what is there, and what is not known of it."""
    stock = one.stock_kg if with_stock else None
    return _draw_needed(one.kg, one.surface_m2, one.without_surface, stock, get_language())


@lru_cache(maxsize=1024)
def _draw_needed(
    kg: Decimal | None, surface_m2: Decimal, without_surface: int, stock_kg: Decimal | None, _language: str | None
) -> SafeString:
    lines: list[tuple[SafeString | str]] = []
    if kg is None:
        lines.append((_doubt(_("consumption of the powder not known"), "muted batch-doubt"),))
    elif surface_m2:
        lines.append((format_html('<span class="num">{} kg</span><br>', number(kg, 3)),))
        lines.append((format_html('<small class="muted num">{} m²</small>', number(surface_m2, 2)),))
        if stock_kg is not None:
            lines.append((mark_safe("<br>") + _stock(kg, stock_kg),))
    if without_surface:
        told = ngettext(
            "%(count)s part without a surface is not counted",
            "%(count)s parts without a surface are not counted",
            without_surface,
        )
        lines.append((_doubt(told % {"count": without_surface}, "batch-doubt"),))
    return format_html_join("", "{}", lines)


def _stock(kg: Decimal, stock_kg: Decimal) -> SafeString:
    if lacking := missing_kg(kg, stock_kg):
        return pill("bad", _("%(kg)s kg missing") % {"kg": number(lacking, 3)})
    return format_html('<small class="muted num">{}</small>', _("%(kg)s kg in stock") % {"kg": number(stock_kg, 3)})


def _doubt(text: str, classes: str) -> SafeString:
    return format_html('<small class="{}">{}</small>', classes, text)
