"""The tare of a carton, corrected by several people."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from app.stock.models import Weighing
from app.tenancy.scope import workshop_scope
from tests.app.stock.stage import Stage
from tests.app.stock.test_screens import BASE, carton_of, send, stage

__all__ = ["stage"]
pytestmark = pytest.mark.django_db


@pytest.mark.spec("STK-02")
def test_a_tare_that_was_corrected_while_a_page_was_open_is_not_put_back_by_it(
    owner_client: Client, stage: Stage
) -> None:
    carton = carton_of(stage)
    page = owner_client.get(f"{BASE}cartons/{carton.pk}/peser/").content.decode()
    shown = re.search(r'name="tare_shown" value="([^"]*)"', page)
    assert shown
    send(owner_client, carton, "18,5", tare="1,2", tare_shown=shown[1])
    send(owner_client, carton, "17,5", tare="0,8", tare_shown=shown[1])  # the page left as it was
    with workshop_scope(stage.workshop.pk):
        carton.refresh_from_db()
        last = Weighing.objects.filter(carton=carton).order_by("pk").last()
    assert carton.tare_kg == Decimal("1.2")
    assert last and (last.tare, last.net) == (Decimal("1.2"), Decimal("16.3"))
    send(owner_client, carton, "17", tare="0,8", tare_shown="1.200")  # said of the new one
    with workshop_scope(stage.workshop.pk):
        carton.refresh_from_db()
    assert carton.tare_kg == Decimal("0.8")
