"""Paramètres SaaS: what is sold and the rules, shown before they are changed, kept after."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from app.billing.constants import NoticeState
from app.billing.models import CatalogChange, ChangeNotice, Offer, OveragePrice, PriceVersion, SaasSettings
from app.billing.services.catalogue import load_plans
from app.billing.services.giving import give_plan
from app.notify.models import WorkshopEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from backoffice.forms.catalogue import OfferForm, OveragesForm, RulesForm
from backoffice.selectors.catalogue import list_overages
from tests import factories
from tests.queries import at_most

pytestmark = pytest.mark.django_db
BASE = "/editeur/parametres/"


@pytest.fixture(autouse=True)
def plans(db: None) -> None:
    load_plans()


@pytest.fixture
def held(workshop: Workshop, owner: Membership) -> Workshop:
    """A workshop that holds Lite."""
    with workshop_scope(workshop.pk):
        lite = Offer.objects.get(key="lite")
        give_plan(workshop=workshop, actor=factories.ACTOR, plan=lite, until=None, reason="test")
    return workshop


def _fields(form: Any) -> dict[str, Any]:
    """What a browser would post of a form as it is shown."""
    posted = {}
    for field in form:
        value = field.value()
        if value not in (None, False):
            posted[field.html_name] = "on" if value is True else value
    return posted


def _offer(key: str, **changed: Any) -> tuple[str, dict[str, Any]]:
    offer = Offer.objects.get(key=key)
    posted = {**_fields(OfferForm(offer=offer)), **changed}
    return f"{BASE}offres/{offer.pk}/", {name: value for name, value in posted.items() if value is not None}


@pytest.mark.spec("BOF-02", "BOF-04", "BOF-08", "PLN-02", "ACC-08")
def test_a_new_price_is_shown_with_those_it_concerns_before_it_is_saved(
    publisher_client: Client,
    held: Workshop,
    owner: Membership,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path, posted = _offer("lite", price_excl_tax="59.00", limit_users="5", limit_storage="50")
    preview = publisher_client.post(path, posted)
    text = preview.content.decode()
    assert preview.status_code == 200
    assert "59,00" in text and "49,00" in text and "Atelier Vulcain" in text
    assert preview.context["planned"].concerned == (held.pk,)
    assert Offer.objects.get(key="lite").price_excl_tax == Decimal("49.00")
    assert not CatalogChange.objects.exists()
    assert publisher_client.post(path, {**posted, "back": "1"}).context["form"]["price_excl_tax"].value() == "59.00"
    with django_capture_on_commit_callbacks(execute=True):
        saved = publisher_client.post(path, {**posted, "confirm": "1"})
    [change] = CatalogChange.objects.all()
    assert saved.headers["Location"] == f"/editeur/historique/{change.pk}/"
    assert (change.kind, change.concerned, change.actor) == ("price", 1, "Camille Martin")
    lite = Offer.objects.get(key="lite")
    assert (lite.price_excl_tax, lite.limits) == (Decimal("59.00"), {"users": 5, "storage": 50_000_000_000})
    assert PriceVersion.objects.filter(offer=lite, amount=59).count() == 1
    with workshop_scope(held.pk):
        assert WorkshopEmail.objects.filter(kind="price_changed", to=owner.user.email).count() == 1
    page = publisher_client.get(saved.headers["Location"]).content.decode()
    assert "59,00" in page and "Atelier Vulcain" in page


@pytest.mark.spec("BOF-02")
def test_two_people_who_change_the_same_offer_are_told(publisher_client: Client) -> None:
    path, first = _offer("pro", name="Pro +")
    _, second = _offer("pro", price_excl_tax="120")
    assert publisher_client.post(path, {**first, "confirm": "1"}).status_code == 302
    assert publisher_client.post(path, {**second, "confirm": "1"}).status_code == 422
    assert (Offer.objects.get(key="pro").name, Offer.objects.get(key="pro").price_excl_tax) == ("Pro +", 99)


@pytest.mark.spec("BOF-02")
def test_what_is_typed_wrong_is_refused_and_what_does_not_differ_changes_nothing(publisher_client: Client) -> None:
    for wrong in (
        {"price_excl_tax": "-1"}, {"price_excl_tax": "1.001"}, {"limit_users": "-3"}, {"limit_users": "2.5"},
        {"name": ""}, {"features": ["nothing"]}, {"guaranteed_uptime": "100"},
    ):  # fmt: skip
        path, posted = _offer("lite", **wrong)
        assert publisher_client.post(path, {**posted, "confirm": "1"}).status_code == 422, wrong
    path, posted = _offer("lite")
    assert publisher_client.post(path, posted).context["lines"] == []
    assert publisher_client.post(path, {**posted, "confirm": "1"}).headers["Location"] == BASE
    assert not CatalogChange.objects.exists()
    assert publisher_client.get(f"{BASE}offres/987654/").status_code == 404


@pytest.mark.spec("BOF-02", "PLN-14")
def test_a_plan_is_added_as_a_copy_and_can_be_subscribed_without_any_code(publisher_client: Client) -> None:
    pro = Offer.objects.get(key="pro")
    path = f"{BASE}offres/nouvelle/?copie={pro.pk}"
    form = publisher_client.get(path).context["form"]
    posted = {**_fields(form), "key": "scale", "name": "Scale", "price_excl_tax": "199", "is_active": "on"}
    posted = {name: value for name, value in posted.items() if value not in (None, "")}
    assert publisher_client.post(path, {**posted, "key": "pro"}).status_code == 422
    assert publisher_client.post(path, {**posted, "key": "deux mots"}).status_code == 422
    assert publisher_client.post(path, posted).status_code == 302
    scale = Offer.objects.get(key="scale")
    assert (scale.features, scale.is_active, scale.is_public) == (pro.features, True, False)
    assert PriceVersion.objects.get(offer=scale).amount == 199
    assert CatalogChange.objects.get().subject == "Scale"
    assert publisher_client.get(f"{BASE}offres/nouvelle/?copie=²").status_code == 200


def _rules(**changed: Any) -> dict[str, Any]:
    return {**_fields(RulesForm(held=SaasSettings.objects.get())), **changed}


@pytest.mark.spec("BOF-02", "ONB-02", "SUB-05")
def test_the_rules_change_for_everybody_in_two_steps(publisher_client: Client, held: Workshop) -> None:
    path = f"{BASE}regles/"
    preview = publisher_client.post(path, _rules(trial_days="45", storage_gb="40"))
    assert preview.context["planned"].concerned == (held.pk,)
    assert SaasSettings.objects.get().trial_days == 30
    wrong = _rules(days_before_limit="20", days_before_suspension="10")
    assert publisher_client.post(path, {**wrong, "confirm": "1"}).status_code == 422
    for bad in ({"trial_days": "0"}, {"vat_rate": "120"}, {"version": ""}):
        assert publisher_client.post(path, {**_rules(**bad), "confirm": "1"}).status_code == 422
    stale = _rules(trial_days="60")
    assert publisher_client.post(path, {**_rules(trial_days="45"), "confirm": "1"}).status_code == 302
    assert publisher_client.post(path, {**stale, "confirm": "1"}).status_code == 422
    assert SaasSettings.objects.get().trial_days == 45


@pytest.mark.spec("PLN-07", "PLN-13", "BOF-02")
def test_the_prices_of_going_over_are_published_in_two_steps(publisher_client: Client, held: Workshop) -> None:
    path = f"{BASE}depassements/"
    version = SaasSettings.objects.get().version
    posted = {
        **_fields(OveragesForm(held=list_overages(), version=version)),
        "emails_price": "0.02", "emails_per": "1", "emails_on": "on", "storage_price": "10", "storage_per": "100",
    }  # fmt: skip
    preview = publisher_client.post(path, posted)
    assert len(preview.context["lines"]) == 2 and preview.context["planned"].concerned == (held.pk,)
    assert publisher_client.post(path, {**posted, "emails_price": "-1"}).status_code == 422
    assert publisher_client.post(path, {**posted, "confirm": "1"}).status_code == 302
    assert publisher_client.post(path, {**posted, "emails_price": "0.03", "confirm": "1"}).status_code == 422
    prices = {price.dimension: price for price in OveragePrice.objects.all()}
    assert set(prices) == {"emails", "storage", "texts"}  # the last one is a preset
    assert (prices["storage"].per_units, prices["storage"].is_active) == (100_000_000_000, False)
    assert (prices["emails"].unit_price, prices["emails"].is_active) == (Decimal("0.02"), True)


@pytest.mark.spec("BOF-03", "SCR-14")
def test_the_history_is_filtered_exported_and_never_edited(publisher_client: Client) -> None:
    for kind, subject in (("price", "Lite"), ("quota", "Atelier Vulcain"), ("rule", "=1+1")):
        factories.catalog_change(kind=kind, subject=subject, changes={"price_excl_tax": ["49.00", None]})
    path = "/editeur/historique/"

    def subjects(query: str) -> list[str]:
        return [change.subject for change in publisher_client.get(f"{path}?{query}").context["page"].rows]

    assert subjects("") == ["=1+1", "Atelier Vulcain", "Lite"]
    assert subjects("nature=quota") == subjects("quoi=vulcain") == ["Atelier Vulcain"]
    assert subjects("du=2050-01-01") == subjects("au=2020-01-01") == []
    assert len(subjects("nature=rien&du=hier")) == len(subjects("du=0001-01-01&au=9999-12-31")) == 3
    with at_most(8):
        publisher_client.get(path)
    lines = publisher_client.get(f"{path}export/?nature=rule").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2 and "'=1+1" in lines[1]
    assert publisher_client.post(path).status_code == 405
    assert publisher_client.get(f"{path}987654/").status_code == 404


@pytest.mark.spec("BOF-04")
def test_what_failed_is_shown_and_asked_again(
    publisher_client: Client,
    held: Workshop,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    change = factories.catalog_change(kind="price", concerned=1, changes={"price_excl_tax": ["49.00", "59.00"]})
    with workshop_scope(held.pk):
        ChangeNotice.objects.create(workshop=held, change=change, state=NoticeState.FAILED, last_error="panne")
    path = f"/editeur/historique/{change.pk}/"
    assert "panne" in publisher_client.get(path).content.decode()
    assert publisher_client.get(f"{path}reprendre/").status_code == 405
    with django_capture_on_commit_callbacks(execute=True):
        assert publisher_client.post(f"{path}reprendre/").status_code == 302
    with platform_scope():
        assert ChangeNotice.objects.get().state == NoticeState.DONE
    assert publisher_client.post("/editeur/historique/987654/reprendre/").status_code == 404
