"""What is supplied without being sold."""

from decimal import Decimal

import pytest
from django.test import Client

from app.billing.constants import OfferKind
from app.billing.models import Offer, OveragePrice, PriceVersion
from app.billing.offers import find_remedies, list_overage_prices
from app.billing.presets import PRESET_OPTIONS, PRESET_PLANS, PRESETS
from app.billing.selectors import list_options, list_public_plans
from app.billing.services.catalogue import load_plans
from app.billing.services.changing import change_offer, create_offer
from app.entitlements.constants import Dimension, Feature
from app.tenancy.models import Workshop
from tests.factories import ACTOR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue(db: None) -> None:
    load_plans()


@pytest.mark.spec("PLN-11", "PLN-12", "PLN-13")
def test_presets_are_loaded_once_and_sold_to_nobody(owner_client: Client, workshop: Workshop) -> None:
    assert load_plans() == []
    assert Offer.objects.filter(key__startswith="preset-").count() == len(PRESETS) == 8
    assert [plan.key for plan in list_public_plans()] == ["lite", "pro"]
    assert list_options() == []
    assert list_overage_prices() == {}
    assert OveragePrice.objects.count() == 2
    assert [remedy.key for remedy in find_remedies(feature=Feature.LEAD_SCORING)] == []
    page = owner_client.get(f"/app/{workshop.slug}/reglages/abonnement/").content.decode()
    assert not any(preset.name in page for preset in PRESETS if preset.name != "PRO")
    assert 'value="preset-' not in page


@pytest.mark.spec("PLN-11")
def test_the_four_plans_hold_what_is_written_of_them() -> None:
    free, starter, pro, enterprise = (Offer.objects.get(key=preset.key) for preset in PRESET_PLANS)
    assert [plan.price_excl_tax for plan in (free, starter, pro, enterprise)] == [0, 49, 149, None]
    assert (free.limits["users"], free.limits["contacts"], free.limits["quotes"]) == (1, 100, 10)
    assert (starter.limits["emails"], starter.limits["texts"], starter.limits["integrations"]) == (1000, 500, 5)
    assert (pro.limits["users"], pro.limits["emails"], pro.limits.get("contacts")) == (10, 10_000, None)
    assert enterprise.limits["api_requests"] == 100_000
    assert Feature.WHITE_LABEL not in enterprise.features, "it is optional"
    assert {Feature.LEAD_SCORING, Feature.PORTAL, Feature.ACCOUNT_MANAGER} <= set(pro.features)
    assert set(pro.features) < set(enterprise.features)


@pytest.mark.spec("PLN-11", "PLN-02")
def test_a_preset_is_put_on_sale_without_code() -> None:
    starter = Offer.objects.get(key="preset-starter")
    change_offer(
        offer_pk=starter.pk, actor=ACTOR, values={"is_active": True, "is_public": True}, version=starter.version
    )
    assert "preset-starter" in [plan.key for plan in list_public_plans()]
    assert PriceVersion.objects.filter(offer=starter).count() == 1


@pytest.mark.spec("PLN-12", "PLN-17")
def test_an_option_put_on_sale_lifts_a_quota() -> None:
    storage = Offer.objects.get(key=PRESET_OPTIONS[-1].key)
    assert find_remedies(dimension=Dimension.STORAGE, limit=20 * 10**9) == []
    change_offer(offer_pk=storage.pk, actor=ACTOR, values={"is_active": True}, version=storage.version)
    assert [remedy.key for remedy in find_remedies(dimension=Dimension.STORAGE, limit=20 * 10**9)] == ["preset-storage"]


@pytest.mark.spec("PLN-14")
def test_a_range_of_three_plans_is_made_of_rows() -> None:
    for position, (name, price, quotes) in enumerate((("Starter", 29, 50), ("Pro", 79, 500), ("Scale", 199, None))):
        values = {
            "name": name, "price_excl_tax": Decimal(price), "limits": {"quotes": quotes}, "features": ["quotes"],
            "is_public": True, "is_active": True, "position": 50 + position,
        }  # fmt: skip
        create_offer(actor=ACTOR, key=f"range-{name.lower()}", kind=OfferKind.PLAN, values=values)
    assert [plan.name for plan in list_public_plans()][-3:] == ["Starter", "Pro", "Scale"]
