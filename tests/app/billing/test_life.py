"""The whole life of a subscription against the payment service's protocol."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from app.billing.constants import AccessState
from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope

from .conftest import Life

pytestmark = pytest.mark.django_db


def _has(life: Life, feature: str) -> bool:
    with workshop_scope(life.workshop.pk):
        return has_feature(Workshop.objects.get(pk=life.workshop.pk), feature)


@pytest.mark.spec("SUB-01", "SUB-02", "PLN-04", "ACC-25", "EML-06")
def test_a_trial_becomes_a_subscription_by_the_payment_page(life: Life) -> None:
    assert life.state() == AccessState.TRIAL
    led = life.subscribe("lite")
    assert led is not None and led.startswith("http://testserver/app/atelier-vulcain/reglages/abonnement/")
    held = life.held()
    assert (held.status, held.plan.key if held.plan else "") == ("active", "lite")
    assert life.state() == AccessState.ACTIVE
    assert _has(life, Feature.QUOTES) and not _has(life, Feature.SMART_STOCK)
    [invoice] = life.invoices()
    assert (invoice.status, invoice.total_excl_tax, invoice.tax, invoice.total_incl_tax) == (
        "paid",
        Decimal("49.00"),
        Decimal("9.80"),
        Decimal("58.80"),
    )
    assert sorted(life.mails()) == ["saas_paid", "subscription_started"]
    page = life.page()
    assert "Lite" in page and "58,80" in page and "4242" in page and invoice.number in page


@pytest.mark.spec("SUB-05", "SUB-06", "ACC-25")
def test_an_unpaid_subscription_is_limited_suspended_and_restored_by_its_payment(life: Life) -> None:
    life.subscribe("pro")
    life.stripe.use_card(life.held().stripe_customer_id, "pm_card_chargeCustomerFail")
    life.wait(days=31, hours=2)
    assert life.state() == AccessState.UNPAID
    assert _has(life, Feature.SMART_STOCK)
    life.wait(days=7)
    assert life.state() == AccessState.LIMITED
    assert not _has(life, Feature.SMART_STOCK) and _has(life, Feature.QUOTES)
    life.wait(days=7)
    assert life.state() == AccessState.SUSPENDED
    assert life.browser.get("/app/atelier-vulcain/clients/").status_code == 403
    assert life.browser.get("/app/atelier-vulcain/imports/clients/export/").status_code == 200
    assert "118,80" in life.page()
    mails = life.mails()
    assert [mails.count(kind) for kind in ("premium_suspended", "access_suspended")] == [1, 1]
    assert mails.count("saas_failed") >= 1 and mails.count("saas_reminder") >= 1

    unpaid = next(invoice for invoice in life.invoices() if invoice.status == "open")
    assert life.stripe.fill_in(unpaid.pay_url, "4000000000000002") is None  # refused here too: nothing opens
    life.receive()
    assert life.state() == AccessState.SUSPENDED
    life.stripe.fill_in(unpaid.pay_url)
    life.receive()
    assert life.state() == AccessState.ACTIVE
    assert _has(life, Feature.SMART_STOCK)
    assert life.browser.get("/app/atelier-vulcain/clients/").status_code == 200
    assert life.mails().count("access_restored") == 1


@pytest.mark.spec("SUB-03")
def test_the_preview_of_an_upgrade_is_the_invoice_that_follows(life: Life) -> None:
    life.subscribe("lite")
    life.wait(days=12, hours=7, minutes=13)
    shown = life.change("pro")
    assert shown.state == "done", shown.error
    page = life.browser.get(f"{life.base}demande/{shown.pk}/").content.decode()
    due = Decimal(shown.result["amount_due"])
    assert f"{due:.2f}".replace(".", ",") in page
    life.post(f"demande/{shown.pk}/confirmer/")
    life.receive()
    assert life.order().state == "done"
    invoice = life.invoices()[-1]
    assert (invoice.total_incl_tax, invoice.status) == (due, "paid")
    assert _has(life, Feature.SMART_STOCK)


@pytest.mark.spec("SUB-03")
def test_a_downgrade_says_what_becomes_read_only_and_credits_the_rest(life: Life) -> None:
    life.subscribe("pro")
    life.wait(days=10)
    shown = life.change("lite")
    page = life.browser.get(f"{life.base}demande/{shown.pk}/").content.decode()
    assert str(Feature.SMART_STOCK.label) in page
    assert Decimal(shown.result["total"]) < 0
    life.post(f"demande/{shown.pk}/confirmer/")
    life.receive()
    assert not _has(life, Feature.SMART_STOCK)
    assert life.invoices()[-1].total_incl_tax == Decimal(shown.result["total"])


@pytest.mark.spec("SUB-07", "SUB-12")
def test_a_cancellation_waits_for_the_end_and_can_be_undone(life: Life) -> None:
    life.subscribe("lite")
    life.post("resilier/", {"reason": "price", "comment": "Trop cher pour deux fours."})
    held = life.held()
    assert held.cancel_at is not None and held.exit_reason == "price"
    assert life.state() == AccessState.ACTIVE
    life.post("reprendre/")
    assert life.held().cancel_at is None
    life.clock.shift(120)
    life.post("resilier/", {"reason": "", "comment": ""})
    life.wait(days=31)
    assert life.state() == AccessState.READ_ONLY
    assert life.held().ended_at is not None
    assert life.mails().count("subscription_ended") == 1
    assert life.browser.get("/app/atelier-vulcain/clients/").status_code == 200
    refused = life.browser.post("/app/atelier-vulcain/reglages/numeros/", {"quote": "X", "project": "Y"})
    assert refused.status_code == 403
    life.subscribe("pro")
    assert life.state() == AccessState.ACTIVE


@pytest.mark.spec("SUB-09")
def test_the_card_and_the_portal_are_hosted_pages(life: Life) -> None:
    life.subscribe("lite")
    for path in ("carte/", "portail/"):
        life.post(path)
        assert life.order().result["url"].startswith(life.stripe.url)
    life.post("carte/")
    assert life.stripe.fill_in(life.order().result["url"], "4000000000000002") is None
    life.receive()
    assert "4242" in life.held().card  # a card that is refused does not take the place of the one that pays
    life.stripe.fill_in(life.order().result["url"], "5555555555554444")
    life.receive()
    assert "4444" in life.held().card


@pytest.mark.spec("SUB-01")
def test_setting_up_again_creates_nothing(life: Life) -> None:
    made = [call for call in life.stripe.calls if call.method == "POST"]
    call_command("billing_setup", verbosity=0)
    again = [call for call in life.stripe.calls if call.method == "POST"][len(made) :]
    assert [call.path for call in again if call.path.count("/") == 2] == []
