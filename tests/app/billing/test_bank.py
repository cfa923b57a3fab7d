"""An upgrade that the bank wants its customer to confirm: it waits, takes place by its payment, or is forgotten."""

import json
from decimal import Decimal

import pytest
import requests
from django.core.management import call_command
from djstripe.models import WebhookEndpoint

from app.billing.constants import AccessState, OfferKind
from app.billing.models import BillingOrder
from app.billing.selectors import list_items
from app.billing.services.changing import create_offer
from app.billing.services.orders import carry_out
from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.notify.models import WorkshopEmail
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in

from .conftest import Life

pytestmark = [pytest.mark.django_db, pytest.mark.spec("SUB-03")]
ASKS = "4000002760003184"


def _upgrade(life: Life, *, card: str = "pm_card_authenticationRequired") -> BillingOrder:
    """Lite for ten days, then Pro is asked for with this card; the product has heard of it."""
    life.subscribe("lite")
    life.wait(days=10)
    life.stripe.use_card(life.held().stripe_customer_id, card)
    shown = life.change("pro")
    life.post(f"demande/{shown.pk}/confirmer/")
    life.receive()
    return life.order()


def _plan(life: Life) -> str:
    plan = life.held().plan
    return plan.key if plan else ""


def _page(life: Life, order: BillingOrder) -> str:
    return life.browser.get(f"{life.base}demande/{order.pk}/", headers={"HX-Request": "true"}).content.decode()


def _charges(life: Life) -> list[int]:
    return [charge["amount"] for charge in life.stripe.account.all("charge", paid=True)]


def _has_stock(life: Life) -> bool:
    with workshop_scope(life.workshop.pk):
        return has_feature(Workshop.objects.get(), Feature.SMART_STOCK)


def test_the_owner_is_led_to_the_bank_and_nothing_changes_before(life: Life) -> None:
    order = _upgrade(life)
    assert (order.state, _plan(life), life.state()) == ("done", "lite", AccessState.ACTIVE)
    held, [*_paid, waiting] = life.held(), life.invoices()
    assert (waiting.status, held.pending_invoice_id) == ("open", waiting.stripe_invoice_id)
    assert held.past_due_since is None and not _has_stock(life)
    assert order.result == {"bank": waiting.pay_url}
    for page in (_page(life, order), life.page()):
        assert waiting.pay_url in page and "renoncer/" in page
    assert life.mails().count("change_to_confirm") == 1
    assert not {"saas_failed", "saas_invoice", "change_not_confirmed"} & set(life.mails())
    with workshop_scope(life.workshop.pk):
        assert (
            waiting.pay_url not in WorkshopEmail.objects.get(kind="change_to_confirm").text
        )  # it leads to the product
    assert len(_charges(life)) == 1


def test_its_confirmation_opens_the_plan_and_charges_once(life: Life) -> None:
    order = _upgrade(life)
    due = life.invoices()[-1].total_incl_tax
    life.stripe.fill_in(order.result["bank"], ASKS)
    life.receive()
    assert (_plan(life), life.held().pending_until, _has_stock(life)) == ("pro", None, True)
    assert _charges(life) == [5880, int(due * 100)]
    assert "banner-ok" in _page(life, order)
    life.wait(days=2)
    assert _plan(life) == "pro"
    assert not {"change_not_confirmed", "saas_failed"} & set(life.mails())
    assert life.mails().count("saas_paid") == 2


def test_the_page_of_the_bank_offers_the_card_that_is_kept(life: Life) -> None:
    order = _upgrade(life)
    assert "Payer avec visa •••• 3184" in requests.get(order.result["bank"], timeout=10).text
    life.stripe.pay_with_kept_card(order.result["bank"], accept=False)
    life.receive()
    assert (_plan(life), len(_charges(life))) == ("lite", 1)
    life.stripe.pay_with_kept_card(order.result["bank"])
    life.receive()
    assert (_plan(life), len(_charges(life)), life.held().card) == ("pro", 2, "Visa •••• 3184 (12/2034)")


def test_a_bank_that_hears_no_leaves_the_old_plan_and_the_change_open(life: Life) -> None:
    order = _upgrade(life)
    life.stripe.fill_in(order.result["bank"], ASKS, accept=False)
    life.receive()
    assert (_plan(life), life.state(), len(_charges(life))) == ("lite", AccessState.ACTIVE, 1)
    assert order.result["bank"] in life.page()
    life.stripe.fill_in(order.result["bank"], "4242424242424242")
    life.receive()
    assert (_plan(life), len(_charges(life))) == ("pro", 2)


def test_after_23_hours_the_old_plan_stays_and_the_owner_is_told(life: Life) -> None:
    order = _upgrade(life)
    life.wait(hours=22)
    assert life.held().pending_until is not None
    life.wait(hours=1, minutes=1)
    assert (_plan(life), life.held().pending_until, life.state()) == ("lite", None, AccessState.ACTIVE)
    assert life.invoices()[-1].status == "void"
    assert life.mails().count("change_not_confirmed") == 1
    assert "banner-warn" in _page(life, order)
    assert "renoncer/" not in life.page()
    life.night()
    life.wait(days=20)
    assert (life.mails().count("change_not_confirmed"), life.invoices()[-1].total_excl_tax) == (1, Decimal("49.00"))
    assert life.state() == AccessState.UNPAID  # this card asks its holder at each renewal


def test_the_owner_gives_the_change_up(life: Life) -> None:
    _upgrade(life)
    life.post("renoncer/")
    life.receive()
    assert (life.order().kind, life.order().state) == ("withdraw", "done")
    assert (_plan(life), life.held().pending_invoice_id, life.invoices()[-1].status) == ("lite", "", "void")
    assert "change_not_confirmed" not in life.mails()
    admin = factories.member(life.workshop, Role.ADMIN)
    assert signed_in(admin).post(f"{life.base}renoncer/").status_code == 403


def test_giving_up_what_was_just_paid_changes_nothing(life: Life) -> None:
    order = _upgrade(life)
    life.stripe.fill_in(order.result["bank"], ASKS)
    life.post("renoncer/")
    life.receive()
    assert (life.order().state, _plan(life), len(_charges(life))) == ("done", "pro", 2)


def test_another_choice_replaces_the_one_that_waits(life: Life) -> None:
    first = _upgrade(life)
    life.stripe.use_card(life.held().stripe_customer_id, "pm_card_visa")
    shown = life.change("pro")
    life.post(f"demande/{shown.pk}/confirmer/")
    life.receive()
    assert (_plan(life), len(_charges(life))) == ("pro", 2)
    assert life.stripe.fill_in(first.result["bank"]) is None or len(_charges(life)) == 2
    assert "banner-warn" in _page(life, first)


def _take_option(life: Life) -> None:
    """Lite with an option at 10 EUR, for ten days; then the card is one whose bank asks each time."""
    values = {"name": "Stockage", "price_excl_tax": Decimal(10), "is_active": True, "limits": {"storage": 10}}
    create_offer(actor=factories.ACTOR, key="more", kind=OfferKind.OPTION, values=values)
    call_command("billing_setup", verbosity=0)
    life.subscribe("lite", "more")
    life.wait(days=10)
    life.stripe.use_card(life.held().stripe_customer_id, "pm_card_authenticationRequired")


def _ask(life: Life, *keys: str) -> BillingOrder:
    shown = life.change(*keys)
    life.post(f"demande/{shown.pk}/confirmer/")
    life.receive()
    return life.order()


def _held(life: Life) -> list[str]:
    with workshop_scope(life.workshop.pk):
        return [item.offer.key for item in list_items()]


def test_an_option_is_removed_without_asking_anybody(life: Life) -> None:
    _take_option(life)
    order = _ask(life, "lite")
    assert (order.state, order.result, _held(life)) == ("done", {}, ["lite"])
    assert len(_charges(life)) == 1 and life.invoices()[-1].total_excl_tax == Decimal("-6.67")
    assert "change_to_confirm" not in life.mails()


@pytest.mark.parametrize("confirmed", [True, False])
def test_with_a_dearer_plan_the_option_goes_and_the_plan_waits_for_the_rest(life: Life, confirmed: bool) -> None:
    _take_option(life)
    shown = life.change("pro")
    order = _ask(life, "pro")
    assert (order.state, _held(life)) == ("done", ["lite"])
    waiting = next(one for one in life.invoices() if one.stripe_invoice_id == life.held().pending_invoice_id)
    assert waiting.amount_due == Decimal(shown.result["amount_due"])  # the credit of the option is taken off
    life.stripe.fill_in(order.result["bank"], ASKS, accept=confirmed)
    life.receive()
    assert _held(life) == (["pro"] if confirmed else ["lite"])
    assert _charges(life) == [7080, *([int(waiting.amount_due * 100)] if confirmed else [])]
    with life.capture(execute=True):
        carry_out(workshop_id=life.workshop.pk, order_pk=order.pk)  # again: it is over
    assert len(_charges(life)) == 1 + confirmed


@pytest.mark.parametrize(("language", "words"), [("fr", "carte"), ("en", "The bank refused the card")])
def test_a_refusal_is_told_in_the_language_of_whoever_asked(life: Life, language: str, words: str) -> None:
    life.owner.user.language = language
    life.owner.user.save()
    life.subscribe("lite")
    life.stripe.use_card(life.held().stripe_customer_id, "pm_card_chargeCustomerFail")
    order = _ask(life, "pro")
    assert order.state == "refused" and words in order.error and "Your card" not in order.error


def test_a_card_that_is_refused_leaves_nothing_waiting(life: Life) -> None:
    order = _upgrade(life, card="pm_card_chargeCustomerFail")
    assert (order.state, _plan(life), life.held().pending_invoice_id) == ("refused", "lite", "")
    assert order.error and life.invoices()[-1].status == "void"
    assert "change_to_confirm" not in life.mails()


@pytest.mark.parametrize("turned", [False, True])
def test_events_of_the_payment_in_any_order_twice_or_lost_bring_the_same(life: Life, turned: bool) -> None:
    order = _upgrade(life)
    life.stripe.fill_in(order.result["bank"], ASKS)
    messages = life.stripe.webhooks.take()
    types = {json.loads(message.body)["type"] for message in messages}
    assert {"invoice.paid", "customer.subscription.pending_update_applied"} <= types
    secret = WebhookEndpoint.objects.get().secret
    for message in messages[:: -1 if turned else 1] * 2:
        again = life.stripe.webhooks.forged(json.loads(message.body), url=message.url, secret=secret)
        assert life.deliver(again) == 200
        assert _plan(life) == "pro"
    assert (life.mails().count("saas_paid"), len(_charges(life)), len(life.invoices())) == (2, 2, 2)


def test_without_any_event_the_night_finds_what_was_paid(life: Life) -> None:
    order = _upgrade(life)
    life.stripe.fill_in(order.result["bank"], ASKS)
    life.stripe.webhooks.take()
    life.clock.shift(60)
    life.night()
    assert (_plan(life), life.held().pending_until) == ("pro", None)
