"""The publisher changes a price or a quota: history, one mail and one new price for each workshop concerned."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import ProtectedError
from pytest_django import DjangoCaptureOnCommitCallbacks

from app.billing.constants import ChangeKind, NoticeState
from app.billing.models import CatalogChange, ChangeNotice, Offer, PriceVersion, SaasSettings
from app.billing.selectors import list_public_plans
from app.billing.services.catalogue import load_plans
from app.billing.services.changing import (
    OFFER_FIELDS,
    SETTINGS_FIELDS,
    change_offer,
    change_settings,
    create_offer,
    plan_offer_change,
)
from app.billing.services.giving import give_plan, withdraw_plan
from app.billing.services.notices import carry_notice
from app.billing.tasks import CHANGE_LOST_AFTER, sweep
from app.entitlements.constants import Dimension, Feature
from app.entitlements.selectors import has_feature, limit_of
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope

from .conftest import Life

pytestmark = pytest.mark.django_db
PUBLISHER = Actor.system("the publisher")


def _change(key: str, **values: Any) -> CatalogChange | None:
    offer = Offer.objects.get(key=key)
    held = {name: getattr(offer, name) for name in OFFER_FIELDS}
    return change_offer(offer_pk=offer.pk, actor=PUBLISHER, values=held | values, version=offer.version)


def _notices() -> list[ChangeNotice]:
    with platform_scope():
        return list(ChangeNotice.objects.order_by("pk"))


@pytest.mark.spec("SUB-08", "BOF-04", "ACC-08", "EML-07", "PLN-02", "BOF-02")
def test_a_new_price_is_public_at_once_and_each_subscriber_gets_one_mail_and_one_moved_price(life: Life) -> None:
    life.subscribe("lite")
    with life.capture(execute=True):
        change = _change("lite", price_excl_tax=Decimal("59.00"))
    assert change is not None
    assert (change.kind, change.concerned) == (ChangeKind.PRICE, 1)
    assert list_public_plans()[0].price_excl_tax == Decimal("59.00")
    [notice] = _notices()
    assert notice.state == NoticeState.DONE and notice.moved_at is not None and notice.mailed_at is not None
    assert life.mails().count("price_changed") == 1
    moved = [call for call in life.stripe.calls if call.method == "POST" and call.path.startswith("/v1/subscriptions/")]
    assert len(moved) == 1
    assert "59,00" in life.page()
    life.receive()
    life.wait(days=31, hours=2)
    assert life.invoices()[-1].total_excl_tax == Decimal("59.00")
    with platform_scope():
        amounts = PriceVersion.objects.filter(offer__key="lite").order_by("pk").values_list("amount", flat=True)
        assert list(amounts) == [Decimal("49.00"), Decimal("59.00")]


@pytest.mark.spec("SUB-08")
def test_a_change_interrupted_anywhere_is_finished_once(life: Life) -> None:
    life.subscribe("lite")
    path = f"/v1/subscriptions/{life.held().stripe_subscription_id}"
    life.stripe.fail("act_then_hang_up", method="POST", path=path)
    with life.capture(execute=True):
        _change("lite", price_excl_tax=Decimal("59.00"))
    [notice] = _notices()
    assert notice.state == NoticeState.WAITING and notice.last_error
    life.clock.shift(CHANGE_LOST_AFTER.total_seconds() + 60)
    with life.capture(execute=True):
        sweep()
    carry_notice(workshop_id=life.workshop.pk, notice_pk=notice.pk)
    [notice] = _notices()
    assert notice.state == NoticeState.DONE
    assert {call.idempotency_key for call in life.stripe.calls_to(path, "POST")} == {f"notice-{notice.pk}"}
    assert life.mails().count("price_changed") == 1
    assert life.held().status == "active"


@pytest.mark.spec("PLN-02", "SUB-08", "PLN-10")
def test_a_new_limit_and_a_new_feature_take_effect_at_once(life: Life) -> None:
    life.subscribe("lite")
    features = [*Offer.objects.get(key="lite").features, Feature.API]
    with life.capture(execute=True):
        change = _change("lite", limits={Dimension.QUOTES: 30}, features=features)
    assert change is not None and change.kind == ChangeKind.QUOTA
    with workshop_scope(life.workshop.pk):
        workshop = Workshop.objects.get()
        assert limit_of(workshop, Dimension.QUOTES) == 30
        assert has_feature(workshop, Feature.API)
        mail = WorkshopEmail.objects.get(kind="rules_changed")
    assert "30" in mail.text
    assert "+ Intégrations et API" in mail.text


@pytest.mark.spec("BOF-04")
def test_a_change_of_words_concerns_nobody(life: Life) -> None:
    life.subscribe("lite")
    with life.capture(execute=True):
        change = _change("lite", description="Autrement dit.")
    assert change is not None and (change.kind, change.concerned) == (ChangeKind.OFFER, 0)
    assert _notices() == []
    assert _change("lite") is None


@pytest.mark.spec("BOF-02", "PLN-02")
@pytest.mark.parametrize("price", [Decimal("-1"), Decimal("49.999")])
def test_a_price_that_cannot_be_is_refused(price: Decimal) -> None:
    load_plans()
    with pytest.raises(RuleError) as refused:
        _change("lite", price_excl_tax=price)
    assert refused.value.field == "price_excl_tax"
    assert Offer.objects.get(key="lite").price_excl_tax == Decimal("49.00")
    assert not CatalogChange.objects.exists()


@pytest.mark.spec("BOF-03")
def test_the_second_of_two_who_change_the_same_price_is_told() -> None:
    load_plans()
    offer = Offer.objects.get(key="lite")
    held = {name: getattr(offer, name) for name in OFFER_FIELDS}
    first, second = (held | {"price_excl_tax": Decimal(price)} for price in ("55.00", "60.00"))
    change_offer(offer_pk=offer.pk, actor=PUBLISHER, values=first, version=offer.version)
    with pytest.raises(RuleError):
        change_offer(offer_pk=offer.pk, actor=PUBLISHER, values=second, version=offer.version)
    assert Offer.objects.get(key="lite").price_excl_tax == Decimal("55.00")


@pytest.mark.spec("BOF-03")
def test_the_history_cannot_be_edited_by_anybody() -> None:
    load_plans()
    _change("lite", price_excl_tax=Decimal("59.00"))
    for statement in ("UPDATE billing_catalogchange SET actor = 'x'", "DELETE FROM billing_catalogchange"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            platform_scope(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    [change] = CatalogChange.objects.all()
    assert change.changes == {"price_excl_tax": ["49.00", "59.00"]}


@pytest.mark.spec("PLN-02")
def test_a_workshop_cannot_write_the_catalogue(in_scope: Workshop) -> None:
    for table in ("offer", "priceversion", "saassettings", "catalogchange", "overageprice"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM billing_{table}")


@pytest.mark.spec("PLN-14", "BOF-02")
def test_a_plan_and_an_option_are_added_without_code(life: Life) -> None:
    values = {"name": "Scale", "price_excl_tax": Decimal("199.00"), "features": ["crm"], "is_public": True}
    create_offer(actor=PUBLISHER, key="scale", kind="plan", values=values | {"is_active": True})  # type: ignore[arg-type]
    assert "scale" in [plan.key for plan in list_public_plans()]
    with pytest.raises(RuleError):
        create_offer(actor=PUBLISHER, key="scale", kind="plan", values=values)  # type: ignore[arg-type]


@pytest.mark.spec("BOF-02")
def test_a_plan_withdrawn_from_sale_stays_with_who_holds_it(life: Life) -> None:
    life.subscribe("lite")
    with life.capture(execute=True):
        _change("lite", is_public=False, is_active=False)
    assert [plan.key for plan in list_public_plans()] == ["pro"]
    assert life.state() == "active"
    life.wait(days=31, hours=2)
    assert life.invoices()[-1].status == "paid"
    with pytest.raises(ProtectedError), platform_scope():
        Offer.objects.get(key="lite").delete()


@pytest.mark.spec("BOF-02", "ONB-02", "SUB-05")
def test_the_settings_change_with_effect_at_once_and_tell_who_is_concerned(life: Life) -> None:
    life.subscribe("lite")
    settings = SaasSettings.objects.get()
    held = {name: getattr(settings, name) for name in SETTINGS_FIELDS}
    with pytest.raises(RuleError):
        change_settings(actor=PUBLISHER, values=held | {"days_before_limit": 30}, version=settings.version)
    with life.capture(execute=True):
        change = change_settings(actor=PUBLISHER, values=held | {"storage_gb": 50}, version=settings.version)
    assert change is not None and change.concerned == 1
    with workshop_scope(life.workshop.pk):
        assert limit_of(Workshop.objects.get(), Dimension.STORAGE) == 50_000_000_000


@pytest.mark.spec("SUB-01", "BOF-10", "PLN-04")
def test_a_plan_given_by_hand_opens_ends_and_is_told(
    workshop: Workshop, owner: Membership, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    load_plans()
    plan = Offer.objects.get(key="pro")
    with workshop_scope(workshop.pk), django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(RuleError):
            give_plan(workshop=workshop, actor=PUBLISHER, plan=plan, until=None, reason=" ")
        give_plan(workshop=workshop, actor=PUBLISHER, plan=plan, until=None, reason="Atelier pilote")
        assert workshop.access_state == "active"
        assert has_feature(workshop, Feature.API)
        assert WorkshopEmail.objects.filter(kind="plan_given", to=owner.user.email).count() == 1
        withdraw_plan(workshop=workshop, actor=PUBLISHER, reason="Fin du pilote")
        assert workshop.access_state == "read_only"
        assert not has_feature(workshop, Feature.API)


def test_who_pays_is_not_given_a_plan(life: Life) -> None:
    life.subscribe("lite")
    with workshop_scope(life.workshop.pk), pytest.raises(RuleError):
        give_plan(
            workshop=life.workshop, actor=PUBLISHER, plan=Offer.objects.get(key="pro"), until=None, reason="Cadeau"
        )


def test_the_preview_says_how_many_are_concerned_and_writes_nothing(life: Life) -> None:
    life.subscribe("lite")
    offer = Offer.objects.get(key="lite")
    planned = plan_offer_change(offer, {"price_excl_tax": Decimal("60.00")})
    assert (planned.kind, planned.concerned) == (ChangeKind.PRICE, (life.workshop.pk,))
    assert not CatalogChange.objects.exists()
