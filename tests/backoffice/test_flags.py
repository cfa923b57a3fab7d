"""The publisher's page of feature flags."""

from typing import Any

import pytest
from django.test import Client

from app.billing.models import FeatureFlag
from app.billing.services.catalogue import load_plans
from app.tenancy.models import Workshop

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BOF-16", "OPS-06")]
BASE = "/editeur/fonctions/"


def test_a_flag_is_made_changed_and_switched_off(publisher_client: Client, workshop: Workshop) -> None:
    load_plans()
    good: dict[str, Any] = {
        "key": "essai", "description": "Essai", "is_on": "on", "percent": "10", "plans": ["pro"],
        "workshops": "atelier-vulcain", "variants": "A B",
    }  # fmt: skip
    for wrong in (
        {"key": "deux mots"}, {"percent": "101"}, {"percent": ""}, {"plans": ["rien"]}, {"workshops": "inconnu"},
        {"variants": "A"}, {"variants": "A A"}, {"description": ""},
    ):  # fmt: skip
        assert publisher_client.post(f"{BASE}nouvelle/", {**good, **wrong}).status_code == 422, wrong
    assert not FeatureFlag.objects.exists()
    assert publisher_client.post(f"{BASE}nouvelle/", good).status_code == 302
    assert publisher_client.post(f"{BASE}nouvelle/", good).status_code == 422
    flag = FeatureFlag.objects.get()
    assert (flag.percent, flag.plans, flag.workshops, flag.variants) == (10, ["pro"], [workshop.pk], ["A", "B"])
    form = publisher_client.get(f"{BASE}{flag.pk}/").context["form"]
    assert form["workshops"].value() == "atelier-vulcain"
    changed = {**good, "percent": "50", "version": "1"}
    assert publisher_client.post(f"{BASE}{flag.pk}/", changed).status_code == 302
    assert publisher_client.post(f"{BASE}{flag.pk}/", changed).status_code == 422
    assert publisher_client.get(f"{BASE}{flag.pk}/couper/").status_code == 405
    assert publisher_client.post(f"{BASE}{flag.pk}/couper/").status_code == 302
    flag.refresh_from_db()
    assert (flag.is_on, flag.percent, flag.version) == (False, 50, 3)
    assert "essai" in publisher_client.get(BASE).content.decode()
    assert publisher_client.get(f"{BASE}987654/").status_code == 404
