"""Ovens of a workshop, and what its plans weigh."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import difference, record
from app.kernel.errors import RuleError
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.workshops.services.sites import main_site

from ..models import Oven, OvenLoad, OvenSettings
from ..oven_constants import LoadState

SETTINGS = ("load_cost", "changeover_cost", "late_day_cost", "days_before_promise", "time_limit_s")
#: A part of this size at least must fit: less than that is no oven.
SMALLEST_ROOM_MM = 100


def save_oven(*, workshop: Workshop, actor: Actor, oven: Oven | None, wanted: dict[str, Any]) -> Oven:
    """Add an oven, or change it (`oven`); RuleError for what cannot be an oven."""
    _require_room(wanted)
    _require_rails(wanted)
    if not any(wanted["week"]):
        raise RuleError(_("Give the opening hours of at least one day."), field="monday")
    with transaction.atomic():
        held = Oven.objects.select_for_update().get(pk=oven.pk) if oven else Oven(workshop=workshop)
        same = Oven.objects.filter(name__iexact=wanted["name"], archived_at=None).exclude(pk=held.pk)
        if same.exists():
            raise RuleError(_("Another oven has this name."), field="name")
        changes = difference({name: getattr(held, name) for name in wanted} if oven else {}, wanted)
        for name, value in wanted.items():
            setattr(held, name, value)
        if held.site_id is None:
            held.site = main_site(workshop=workshop)
        held.save()
        if changes:
            record(workshop=workshop, actor=actor, action="oven.saved", subject=held, changes=changes)
    return held


def archive_oven(*, workshop: Workshop, actor: Actor, oven: Oven) -> Oven:
    """Put an oven away; RuleError while a load is in it or planned in it."""
    with transaction.atomic():
        held = Oven.objects.select_for_update().get(pk=oven.pk)
        waiting = OvenLoad.objects.filter(oven=held, state__in=[LoadState.PLANNED, LoadState.IN_OVEN])
        if waiting.exists():
            raise RuleError(_("Loads are planned in this oven: finish or cancel them first."))
        if held.archived_at is None:
            held.archived_at = timezone.now()
            held.save(update_fields=["archived_at"])
            record(workshop=workshop, actor=actor, action="oven.archived", subject=held)
    return held


def save_oven_settings(*, workshop: Workshop, actor: Actor, wanted: dict[str, Any]) -> OvenSettings:
    """Keep what plans weigh."""
    with transaction.atomic():
        held, _new = OvenSettings.objects.select_for_update().get_or_create(workshop=workshop)
        before = {name: getattr(held, name) for name in SETTINGS}
        changes = difference(before, {name: wanted.get(name, before[name]) for name in SETTINGS})
        if changes:
            for name in changes:
                setattr(held, name, wanted[name])
            held.save()
            record(workshop=workshop, actor=actor, action="oven.settings", subject=workshop, changes=changes)
    return held


def correct_heat_up(*, workshop: Workshop, actor: Actor, oven: Oven, minutes: int) -> Oven:
    """Take the heating and handling time that real loads show."""
    with transaction.atomic():
        held = Oven.objects.select_for_update().get(pk=oven.pk)
        changes = difference({"heat_up_minutes": held.heat_up_minutes}, {"heat_up_minutes": minutes})
        if changes:
            held.heat_up_minutes = minutes
            held.save(update_fields=["heat_up_minutes"])
            record(workshop=workshop, actor=actor, action="oven.saved", subject=held, changes=changes)
    return held


def _require_room(wanted: dict[str, Any]) -> None:
    """What stays free must leave room for a part in each direction."""
    taken = {
        "length_mm": 2 * wanted["wall_mm"],
        "width_mm": 2 * wanted["wall_mm"],
        "height_mm": wanted["floor_mm"] + wanted["hook_mm"],
    }
    for name, free in taken.items():
        if wanted[name] - free < SMALLEST_ROOM_MM:
            message = _("Walls, floor and hooks leave less than %(least)s mm for the parts.")
            raise RuleError(message % {"least": SMALLEST_ROOM_MM}, field=name)


def _require_rails(wanted: dict[str, Any]) -> None:
    rails = wanted["rails_y"]
    wall, width = wanted["wall_mm"], wanted["width_mm"]
    if any(not wall < rail < width - wall for rail in rails):
        raise RuleError(_("A rail is outside the oven, or in what stays free along its walls."), field="rails")
    if len(set(rails)) != len(rails):
        raise RuleError(_("A rail is there twice."), field="rails")
