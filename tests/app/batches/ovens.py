"""Ovens and parts for the tests of plans: small, so that a short search is long enough."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from app.batches.models import Oven, OvenPlan, OvenSettings
from app.batches.services.planning import ask_plan
from app.batches.services.searching import search_plan
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.powders.models import Powder
from app.projects.models import Part, Project
from app.projects.services.starting import open_project
from app.tenancy.models import Workshop
from app.workshops.services.sites import main_site
from tests import factories

#: What the search of a few parts takes, and less than any setting allows.
ENOUGH_S = 0.25
ALWAYS = [[[0, 1440]] for _day in range(7)]


def oven(workshop: Workshop, **fields: Any) -> Oven:
    """An oven of 3 m × 1.5 m × 2 m that never closes; call it in the workshop's scope."""
    values = {
        "name": "Four 1", "length_mm": 3000, "width_mm": 1500, "height_mm": 2000, "gap_mm": 50, "wall_mm": 100,
        "floor_mm": 100, "hook_mm": 100, "week": ALWAYS, "site": main_site(workshop=workshop), **fields,
    }  # fmt: skip
    return Oven.objects.create(workshop=workshop, **values)


def part(workshop: Workshop, powder: Powder, *, pieces: int = 1, days: int | None = 3, **fields: Any) -> Part:
    """A part of a metre by 0.2 by 0.8 in a project of its own, promised in some days."""
    today = timezone.localdate()
    promised = None if days is None else today + timedelta(days=days)
    project = Project(
        workshop=workshop, customer=factories.customer(workshop), title="Portail",
        promised_on=promised, dropped_on=min(today, promised or today),
    )  # fmt: skip
    values = {"length_mm": 1000, "width_mm": 200, "height_mm": 800, "mass_kg": Decimal(12), **fields}
    row = Part(designation="Vantail", quantity=Decimal(pieces), powder=powder, **values)
    opened = open_project(workshop=workshop, actor=factories.ACTOR, project=project, parts=[row])
    return Part.objects.get(project=opened)


def open_planning(workshop: Workshop) -> None:
    """The feature that holds curing plans."""
    grant(workshop=workshop, features=[Feature.SMART_STOCK], source=Source.PUBLISHER, ends_at=None)


def short_search(workshop: Workshop) -> None:
    """The least time of search, which no form accepts."""
    OvenSettings.objects.update_or_create(workshop=workshop, defaults={"time_limit_s": 1})


def found_plan(workshop: Workshop, ovens: list[Oven], parts: list[Part]) -> OvenPlan:
    """A plan of these parts, searched to its end."""
    short_search(workshop)
    plan = ask_plan(
        workshop=workshop, actor=factories.ACTOR, ovens=ovens, part_pks=[held.pk for held in parts]
    )  # fmt: skip
    plan.problem["time_limit_s"] = ENOUGH_S
    plan.save(update_fields=["problem"])
    search_plan(workshop_id=workshop.pk, plan_pk=plan.pk)
    plan.refresh_from_db()
    return plan
