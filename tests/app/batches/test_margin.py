"""What a batch brings in and costs, and who sees it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from app.batches.margins import read_margin
from app.batches.models import Batch, OvenLoad, OvenLoadPart
from app.batches.oven_constants import LoadState
from app.batches.selectors import list_items
from app.batches.services.batching import open_batch_of
from app.batches.services.launching import close_batch, launch_batch
from app.batches.services.rules import save_batch_settings
from app.powders.models import Powder, PowderPrice
from app.projects.models import Project
from app.quotes.models import Quote
from app.stock.services.moving import receive_cartons
from app.stock.services.weighing import Reading, weigh_carton
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.workshops.services.sites import main_site
from tests import factories
from tests.app.batches import ovens
from tests.app.batches.stage import parts_of, ready_project
from tests.app.batches.test_consumption import RULES
from tests.app.stock.stage import EVERYTHING


def launched(workshop: Workshop, *projects: Project) -> Batch:
    """A batch of the first part of each project, launched and closed."""
    save_batch_settings(workshop=workshop, actor=factories.ACTOR, wanted={**RULES, "posting": "launch"})
    parts = [parts_of(project)[0] for project in projects]
    batch = open_batch_of(workshop=workshop, actor=factories.ACTOR, parts=parts)
    launch_batch(workshop=workshop, actor=factories.ACTOR, batch=batch)
    close_batch(workshop=workshop, actor=factories.ACTOR, batch=batch)
    batch.refresh_from_db()
    return batch


def sold(workshop: Workshop, powder: Powder, price: str, **fields: object) -> Project:
    """A project of a quote of that price, whose labour is an hour at 45 €."""
    quote = factories.quote(workshop)
    Quote.objects.filter(pk=quote.pk).update(total_excl_tax=Decimal(price))
    quote.refresh_from_db()
    return ready_project(workshop, powder, quote=quote, **fields)


@pytest.mark.spec("BEY-11")
def test_the_price_is_shared_by_surface_and_each_cost_is_told(in_scope: Workshop) -> None:
    powder = factories.powder(in_scope)
    receive_cartons(workshop=in_scope, actor=factories.ACTOR, powder=powder, site=main_site(workshop=in_scope),
                    full_kg=Decimal(20), tare_kg=Decimal(0), how_many=1)  # fmt: skip
    half, alone = sold(in_scope, powder, "400", parts=2), ready_project(in_scope, powder)
    batch = launched(in_scope, half, alone)
    now = timezone.now()
    load = OvenLoad.objects.create(
        workshop=in_scope, oven=ovens.oven(in_scope, cost_per_hour=Decimal(30)), number=1, state=LoadState.DONE,
        started_at=now, finished_at=now + timedelta(hours=2),
    )  # fmt: skip
    [inside, outside] = parts_of(half)
    for part, pieces in ((inside, 1), (outside, 3)):
        OvenLoadPart.objects.create(workshop=in_scope, load=load, part=part, pieces=pieces)
    margin = read_margin(batch, list_items(batch))
    assert (margin.price, margin.labour, margin.oven, margin.loads) == (200, Decimal("22.50"), 15, 1)
    assert margin.unpriced == [alone]
    assert margin.weighed_kg is None
    assert margin.powder_price
    assert margin.powder == round(margin.planned_kg * margin.powder_price, 2)
    assert margin.left == 200 - margin.powder - Decimal("37.50")


@pytest.mark.spec("BEY-11", "POW-06")
def test_the_powder_costs_what_it_did_on_the_workshop_s_day(in_scope: Workshop) -> None:
    """Half past midnight in Paris is the day before in UTC."""
    powder = factories.powder(in_scope)
    batch = launched(in_scope, ready_project(in_scope, powder))
    PowderPrice.objects.filter(powder=powder).update(valid_from=date(2026, 11, 23))
    for minute, known in ((29, False), (30, True)):
        batch.launched_at = datetime(2026, 11, 22, 22 + known, minute, tzinfo=UTC)
        assert (read_margin(batch, list_items(batch)).powder_price is not None) == known


def weighed(workshop: Workshop, powder: Powder, price: str) -> tuple[Batch, Decimal]:
    """A batch sold at this price whose carton weighs 1 kg less than planned; the powder that was planned, in kg."""
    [carton] = receive_cartons(
        workshop=workshop, actor=factories.ACTOR, powder=powder, site=main_site(workshop=workshop),
        full_kg=Decimal(20), tare_kg=Decimal(0), how_many=1,
    )  # fmt: skip
    batch = launched(workshop, sold(workshop, powder, "400"))
    planned = read_margin(batch, list_items(batch)).planned_kg
    reading = Reading(uuid4(), Decimal(20) - planned - 1, None, confirmed=EVERYTHING)
    weigh_carton(workshop=workshop, actor=factories.ACTOR, carton=carton, reading=reading)
    return batch, planned


@pytest.mark.spec("BEY-11", "BEY-05")
def test_what_scales_say_replaces_what_was_planned(in_scope: Workshop) -> None:
    batch, planned = weighed(in_scope, factories.powder(in_scope), "400")
    margin = read_margin(batch, list_items(batch))
    assert margin.weighed_kg == planned + 1
    assert margin.powder == round((planned + 1) * (margin.powder_price or 0), 2)


@pytest.mark.spec("BEY-11")
def test_a_second_pass_brings_nothing_in(in_scope: Workshop) -> None:
    batch = launched(in_scope, sold(in_scope, factories.powder(in_scope), "400"))
    items = list_items(batch)
    for item in items:
        item.pass_number = 2
    assert read_margin(batch, items).price == 0


@pytest.mark.spec("BEY-11", "ROL-10")
def test_only_those_who_see_prices_see_it(owner_client: Client, operator_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        batch = launched(workshop, sold(workshop, factories.powder(workshop), "417"))
    page = f"/app/{workshop.slug}/series/{batch.pk}/"
    assert "417,00" in owner_client.get(page).content.decode()
    assert "417,00" not in operator_client.get(page).content.decode()
