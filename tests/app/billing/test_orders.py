"""What a person asks when the payment service refuses, fails, hangs up or sleeps."""

from decimal import Decimal

import pytest
from pytest_django import Settings

from app.billing.models import SaasInvoice, Subscription
from app.billing.services.orders import carry_out
from app.billing.tasks import sweep
from app.tenancy.models import Membership
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in

from .conftest import Life

pytestmark = [pytest.mark.django_db, pytest.mark.spec("SUB-01", "ACC-25")]


def _again(life: Life, seconds: int) -> None:
    life.clock.shift(seconds)
    with life.capture(execute=True):
        sweep()


def test_a_refused_card_starts_nothing_and_keeps_the_trial(life: Life) -> None:
    assert life.subscribe("pro", number="4000000000000002") is None
    assert (life.held().status, life.state()) == ("none", "trial")
    assert life.invoices() == []


def test_a_bank_that_asks_and_is_refused_starts_nothing(life: Life) -> None:
    life.post("choisir/", {"plan": "pro"})
    life.stripe.fill_in(life.order().result["url"], "4000002500003155", accept=False)
    life.receive()
    assert life.state() == "trial"


def test_an_upgrade_that_the_card_refuses_leaves_everything_as_it_was(life: Life) -> None:
    life.subscribe("lite")
    life.wait(days=10)
    life.stripe.use_card(life.held().stripe_customer_id, "pm_card_chargeCustomerFail")
    shown = life.change("pro")
    invoices = len(life.invoices())
    life.post(f"demande/{shown.pk}/confirmer/")
    life.receive()
    asked = life.order()
    assert asked.state == "refused"
    assert asked.error
    assert life.held().plan.key == "lite"  # type: ignore[union-attr]
    assert life.state() == "active"
    assert len([invoice for invoice in life.invoices() if invoice.status != "void"]) == invoices
    assert asked.error in life.browser.get(f"{life.base}demande/{asked.pk}/").content.decode()


@pytest.mark.parametrize("fault", ["error", "rate_limit", "hang_up", "act_then_hang_up"])
def test_a_change_goes_through_once_whatever_happens_to_the_answer(life: Life, fault: str) -> None:
    life.subscribe("lite")
    life.wait(days=10)
    shown = life.change("pro")
    life.stripe.fail(fault, method="POST", path=f"/v1/subscriptions/{life.held().stripe_subscription_id}")  # type: ignore[arg-type]
    life.post(f"demande/{shown.pk}/confirmer/")
    assert life.order().state == "waiting"
    _again(life, 60)
    life.receive()
    assert life.order().state == "done"
    due = Decimal(shown.result["amount_due"])
    assert [invoice.total_incl_tax for invoice in life.invoices()].count(due) == 1
    assert life.held().plan.key == "pro"  # type: ignore[union-attr]


def test_an_hour_without_stripe_loses_no_right_and_says_so(life: Life) -> None:
    life.subscribe("lite")
    with life.stripe.down():
        life.post("resilier/", {"reason": "", "comment": ""})
        for _minute in range(60):
            _again(life, 60)
        assert (life.order().state, life.state()) == ("waiting", "active")
        shown = life.change("pro")
        for _minute in range(5):
            _again(life, 60)
        assert life.order().pk == shown.pk
        assert life.order().state == "refused"  # nobody waits an hour for a figure
        assert life.browser.get("/app/atelier-vulcain/clients/").status_code == 200
    _again(life, 16 * 60)
    assert life.held().cancel_at is not None


def test_an_order_that_is_done_is_not_done_again(life: Life) -> None:
    life.subscribe("lite")
    life.post("resilier/", {"reason": "", "comment": ""})
    calls = len(life.stripe.calls)
    carry_out(workshop_id=life.workshop.pk, order_pk=life.order().pk)
    assert len(life.stripe.calls) == calls


def test_two_clicks_make_one_subscription(life: Life) -> None:
    life.post("choisir/", {"plan": "lite"})
    first = life.order().result["url"]
    life.post("choisir/", {"plan": "lite"})
    life.stripe.fill_in(first)
    life.receive()
    life.post("choisir/", {"plan": "lite"})
    assert life.order().kind == "preview"


@pytest.mark.spec("SUB-02", "ROL-09")
def test_only_the_owner_acts_and_an_administrator_sees_the_state_without_amounts(life: Life) -> None:
    life.subscribe("lite")
    admin = factories.member(life.workshop, Role.ADMIN)
    page = signed_in(admin).get(life.base)
    assert page.status_code == 200
    assert "58,80" not in page.content.decode()
    for path in ("choisir/", "carte/", "portail/", "resilier/", "reprendre/"):
        assert signed_in(admin).post(life.base + path, {"plan": "pro"}).status_code == 403
    operator = factories.member(life.workshop, Role.OPERATOR)
    assert signed_in(operator).get(life.base).status_code == 403


def test_a_plan_that_is_not_sold_cannot_be_chosen(life: Life) -> None:
    hidden = factories.offer(price_excl_tax=Decimal(1), is_public=False)
    asked = life.post("choisir/", {"plan": hidden.key})
    assert asked.status_code == 422
    with workshop_scope(life.workshop.pk):
        assert not Subscription.objects.exclude(status="none").exists()


@pytest.mark.spec("SUB-04")
def test_each_invoice_is_kept_as_a_pdf_that_the_owner_reads(life: Life) -> None:
    life.subscribe("lite")
    [invoice] = life.invoices()
    assert invoice.file_id is not None
    answer = life.browser.get(f"/app/atelier-vulcain/fichiers/{invoice.file_id}/")
    assert b"".join(answer.streaming_content if answer.streaming else [answer.content])[:5] == b"%PDF-"
    operator = factories.member(life.workshop, Role.OPERATOR)
    assert signed_in(operator).get(f"/app/atelier-vulcain/fichiers/{invoice.file_id}/").status_code in (403, 404)


def test_without_a_key_the_page_says_what_is_missing_and_nothing_can_be_asked(
    life: Life, owner: Membership, settings: Settings
) -> None:
    settings.STRIPE_SECRET_KEY = ""
    page = life.page()
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    answer = signed_in(owner).post(f"{life.base}choisir/", {"plan": "lite"}, follow=True)
    assert answer.status_code == 200
    with workshop_scope(life.workshop.pk):
        assert not SaasInvoice.objects.exists()
