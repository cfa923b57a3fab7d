"""What the pages of the stock keep, or ask in words that are written once: a change is seen at once."""

import re
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation

from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.stock.constants import Source as Moved
from app.stock.models import Item, Movement, Weighing
from app.stock.selectors import known_gaps
from app.stock.sums import read_sums
from app.stock.templatetags.stock import level_rows, near_day
from app.tenancy.models import Site, Workshop
from app.tenancy.scope import workshop_scope
from tests.app.stock.stage import Stage

pytestmark = pytest.mark.django_db
BASE = "/app/atelier-vulcain/stock/"


@pytest.fixture
def stage(workshop: Workshop) -> Stage:
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=Feature.values, source=Source.PLAN, ends_at=None)
        stage = Stage(workshop)
        stage.receive()
        return stage


def powders_of(page: str) -> list[str]:
    return re.findall(r'<a class="row-link" href="[^"]*">([^<]+)</a>', page)


def test_the_first_page_follows_every_change(stage: Stage, owner_client: Client) -> None:
    with workshop_scope(stage.workshop.pk):
        other = Stage(stage.workshop)
        other.receive(full="5")
        elsewhere = Site.objects.create(workshop=stage.workshop, name="Dépôt")
    first, second = stage.powder.reference, other.powder.reference
    assert powders_of(owner_client.get(f"{BASE}?tri=niveau").content.decode()) == [second, first]
    with workshop_scope(stage.workshop.pk):
        stage.use("18")
    assert powders_of(owner_client.get(f"{BASE}?tri=niveau").content.decode()) == [first, second]
    with workshop_scope(stage.workshop.pk):
        Item.objects.exclude(powder=other.powder).update(low_since=None)
        Item.objects.filter(powder=other.powder).update(low_since=timezone.now())
    assert powders_of(owner_client.get(f"{BASE}?bas=on").content.decode()) == [second]
    with workshop_scope(stage.workshop.pk):
        other.receive(full="7", site=elsewhere)
    for site, level in ((elsewhere, "7 kg"), (stage.site, "5 kg")):
        page = owner_client.get(f"{BASE}?site={site.pk}&tri=niveau").content.decode()
        assert level in re.sub(r"\s", " ", page)


def test_the_first_page_leads_to_the_second_one_and_back(stage: Stage, owner_client: Client) -> None:
    with workshop_scope(stage.workshop.pk):
        items = [Stage(stage.workshop) for _ in range(25)]
        for one in items:
            one.receive()
    first = owner_client.get(f"{BASE}?tri=pesee").context["page"]
    second = owner_client.get(f"{BASE}?tri=pesee&apres={first.next_cursor}").context["page"]
    again = owner_client.get(f"{BASE}?tri=pesee&apres={second.previous_cursor}").context["page"]
    assert (len(first.rows), len(second.rows), first.previous_cursor) == (25, 1, None)
    assert len({one.pk for one in [*first.rows, *second.rows]}) == 26
    assert again.rows == first.rows


def test_the_days_of_a_level_and_the_fields_of_an_alert_follow_their_values() -> None:
    day = date(2026, 3, 1)
    with translation.override("fr"):
        assert "<td" in level_rows([(day, Decimal(1))], "kg")
        assert level_rows([(day, Decimal(2))], "kg") != level_rows([(day, Decimal(1))], "kg")
        assert level_rows([(day, Decimal(1))], "pièces") != level_rows([(day, Decimal(1))], "kg")
        assert level_rows([(day + timedelta(1), Decimal(1))], "kg") != level_rows([(day, Decimal(1))], "kg")


def test_the_hour_of_a_moment_is_its_own() -> None:
    at = timezone.localtime().replace(month=2, day=3, hour=14, minute=5)
    assert near_day(at, "j N, H:i").endswith(", 14:05")
    assert near_day(at + timedelta(minutes=1), "j N, H:i").endswith(", 14:06")


def test_the_page_of_an_item_shows_what_just_happened(stage: Stage, owner_client: Client) -> None:
    with workshop_scope(stage.workshop.pk):
        item = stage.item
    address = f"{BASE}{item.pk}/"
    assert "PRJ-77" not in owner_client.get(address).content.decode()
    with workshop_scope(stage.workshop.pk):
        carton = item.cartons.get()
        stage.use("2", source_name="PRJ-77")
        weighing = stage.weigh(carton, "17.8")
        Item.objects.filter(pk=item.pk).update(alert_below=Decimal("4.250"))
    shown = owner_client.get(address)
    page = shown.content.decode()
    assert 'value="4,250"' in page
    assert [one.work.name for one in shown.context["yield"].works] == ["PRJ-77"]
    assert shown.context["days"][-1] == (timezone.localdate(), Decimal(17))
    assert shown.context["gaps"] == {weighing.pk: Decimal(-1)}


def test_a_weighing_is_said_with_its_own_gap(in_scope: Workshop) -> None:
    stage = Stage(in_scope)
    [carton] = stage.receive()
    first = stage.weigh(carton, "18.8")
    assert known_gaps([first]) == {first.pk: Decimal(-2)}
    second = stage.weigh(carton, "18.3")
    assert known_gaps([first, second]) == {first.pk: Decimal(-2), second.pk: Decimal("-0.5")}
    assert known_gaps([]) == {}


def test_only_the_last_days_with_a_weighing_are_read(in_scope: Workshop) -> None:
    stage = Stage(in_scope)
    stage.receive()
    item, noon = stage.item, timezone.localtime().replace(hour=12)
    moments = [noon - timedelta(days=days) for days in (60, 40, 30, 20, 15, 10)]
    for at in (*moments, moments[-1] + timedelta(hours=1)):  # two of one day are one day
        weighing = Weighing.objects.create(
            workshop=in_scope, key=uuid4(), item=item, site=stage.site, gross=11, tare=1, net=10, theory=11, at=at
        )
        Movement.objects.create(workshop=in_scope, item=item, site=stage.site, quantity=-1, source=Moved.WEIGHING,
                                weighing=weighing, happened_at=at)  # fmt: skip
    sums = read_sums([item.pk], used_since=noon, checked_since=noon - timedelta(days=365))
    one, both = (Decimal(-1), Decimal(11)), (Decimal(-2), Decimal(22))
    assert sums[item.pk].weighed == tuple(
        (at.date(), *(both if at is moments[-1] else one)) for at in moments[1:]
    )  # fmt: skip
