"""What is stocked besides powder: counted, used, put away and back."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from app.audit.models import AuditEntry
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.stock.models import Item
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.app.stock.stage import level

pytestmark = pytest.mark.django_db
BASE = "/app/atelier-vulcain/stock/"


@pytest.fixture
def shop(workshop: Workshop) -> Workshop:
    """The workshop with every feature granted."""
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=Feature.values, source=Source.PLAN, ends_at=None)
    return workshop


@pytest.mark.spec("STK-12")
def test_consumables_are_counted_used_and_put_away(owner_client: Client, shop: Workshop) -> None:
    data = {"name": "Crochets 5 mm", "unit": "pièces", "alert_below": "100"}
    counting = owner_client.post(f"{BASE}consommables/", data)["Location"]
    assert owner_client.post(f"{BASE}consommables/", data).status_code == 422
    counted = owner_client.post(counting, {"quantity": "250", "key": str(uuid4())})
    assert counted.status_code == 302
    with workshop_scope(shop.pk):
        hooks = Item.objects.get(name="Crochets 5 mm")
    use = {"direction": "out", "source": "consumable", "quantity": "200", "reason": "Série", "key": str(uuid4())}
    assert owner_client.post(f"{BASE}{hooks.pk}/corriger/", use).status_code == 302
    with workshop_scope(shop.pk):
        hooks.refresh_from_db()
        assert level(hooks) == Decimal(50)
        assert hooks.low_since is not None
    changed = {"name": "Crochets", "unit": "pièces", "alert_below": ""}
    assert owner_client.post(f"{BASE}consommables/{hooks.pk}/modifier/", changed).status_code == 302
    for _twice in range(2):
        owner_client.post(f"{BASE}consommables/{hooks.pk}/archiver/")
    assert not owner_client.get(f"{BASE}consommables/").context["figures"]
    assert [one.item for one in owner_client.get(f"{BASE}consommables/?archives=1").context["figures"]] == [hooks]


@pytest.mark.spec("STK-12")
def test_a_consumable_comes_back_unless_another_has_taken_its_name(owner_client: Client, shop: Workshop) -> None:
    def shown() -> list[str]:
        return [one.item.name for one in owner_client.get(f"{BASE}consommables/").context["figures"]]

    values = {"name": "Crochets", "unit": "pièces", "alert_below": ""}
    owner_client.post(f"{BASE}consommables/", values)
    with workshop_scope(shop.pk):
        hooks = Item.objects.get(name="Crochets")
    owner_client.post(f"{BASE}consommables/{hooks.pk}/archiver/")
    for _twice in range(2):
        owner_client.post(f"{BASE}consommables/{hooks.pk}/remettre/")
    assert shown() == ["Crochets"]
    owner_client.post(f"{BASE}consommables/{hooks.pk}/archiver/")
    owner_client.post(f"{BASE}consommables/", {**values, "name": "crochets"})
    refused = owner_client.post(f"{BASE}consommables/{hooks.pk}/remettre/", follow=True)
    assert "« Crochets » est déjà dans la liste." in refused.content.decode().replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert shown() == ["crochets"]
    with workshop_scope(shop.pk):
        written = list(AuditEntry.objects.filter(action__startswith="consumable.").values_list("action", flat=True))
    assert (written.count("consumable.archived"), written.count("consumable.restored")) == (2, 1)
