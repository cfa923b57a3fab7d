"""The life of a subscription in a browser: sign-up, trial, payment page, upgrade, a new price, refused card,
suspension, payment, leaving; and the bank that wants to hear its customer."""

import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import stripe as stripe_package
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from app.billing.models import Offer, SubscribedItem, Subscription
from app.billing.services.catalogue import load_plans
from app.billing.services.daily import mind
from app.billing.services.trial import start_trial
from app.notify.models import WorkshopEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories
from tests.conftest import signed_in
from tests.e2e.looking import look
from tests.e2e.test_spine import OWNER, add_second_factor, sign_up
from tests.e2e.windows import DESK, PlaywrightWindow
from tests.fakes.smtp import Mailbox
from tests.fakes.stripe import StripeServer

PICTURES = os.environ.get("THERMO_PICTURES", "")
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def payments(
    settings: Settings, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Iterator[StripeServer]:
    """The local Stripe; its events reach the live server by themselves."""
    settings.BASE_URL = live_server.url
    with StripeServer() as server:
        server.settings.after_retries = "past_due"
        settings.STRIPE_SECRET_KEY = server.secret_key
        settings.STRIPE_API_BASE = server.url
        monkeypatch.setattr(stripe_package, "api_base", server.url)
        load_plans()
        call_command("billing_setup", verbosity=0)
        yield server


@pytest.fixture
def shop(payments: StripeServer) -> tuple[Workshop, Membership]:
    """A workshop in trial and its Owner."""
    workshop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    owner = factories.member(workshop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    with workshop_scope(workshop.pk):
        start_trial(workshop=workshop)
    return workshop, owner


def _enter(page: Page, live_server: LiveServer, browser: Client) -> None:
    cookie = browser.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def _pay(page: Page, number: str) -> None:
    """Fill in the hosted page and wait for the product."""
    page.locator("[name=number]").fill(number)
    page.locator("[name=expiry]").fill("12/34")
    page.locator("[name=cvc]").fill("123")
    for name, text in (("name", "Olivia Roche"), ("email", "olivia@vulcain.test")):
        if page.locator(f"[name={name}]").count():
            page.locator(f"[name={name}]").fill(text)
    page.locator("form:has([name=number]) button").last.click()


def _months_later(payments: StripeServer, workshop: Workshop, days: float) -> None:
    """Time passes at Stripe; its events arrive; then our own hourly job, at that moment."""
    payments.advance(days=days)
    payments.webhooks.flush()
    mind(workshop_id=workshop.pk, at=payments.now)


def _edit_price(browser: Browser, live_server: LiveServer, plan: str, price: str) -> None:
    """The publisher, at a desk of their own, changes what a plan costs."""
    user = factories.person(email="editeur@thermogestion.test", is_staff=True, is_superuser=True)
    factories.add_second_factor(user)
    desk = Client()
    desk.force_login(user, backend="app.accounts.backends.PersonBackend")
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    _enter(page, live_server, desk)
    page.goto(live_server.url + reverse("backoffice:catalogue_offer", args=[Offer.objects.get(key=plan).pk]))
    page.fill("#id_price_excl_tax", price)
    page.locator("main form .btn-primary").click()
    page.locator("button[name=confirm]").click()
    page.wait_for_url("**/historique/*/")
    context.close()


def _subscribe(page: Page, address: str, payments: StripeServer) -> None:
    """Take Lite on the hosted page, with a card that pays."""
    page.goto(address)
    page.get_by_role("radio", name="Lite").check()
    page.locator("form[action$='choisir/'] button").last.click()
    page.wait_for_url(re.compile(re.escape(payments.url)))
    _pay(page, "4242424242424242")
    page.wait_for_url(re.compile(re.escape(address)))
    payments.webhooks.flush()


@pytest.mark.spec("ACC-25", "SUB-01", "SUB-02", "SUB-03", "SUB-05", "SUB-06", "SUB-07", "SUB-08", "BOF-04", "ONB-02")
def test_the_whole_life_of_a_subscription(
    page: Page, browser: Browser, live_server: LiveServer, post: Mailbox, site: None, payments: StripeServer
) -> None:
    page.set_default_timeout(15_000)
    office = PlaywrightWindow("chromium", page, DESK)
    sign_up(office, live_server, post)
    add_second_factor(office)
    page.goto(f"{live_server.url}/app/")
    with platform_scope():
        workshop = Workshop.objects.get(slug="atelier-vulcain")
        assert workshop.access_state == "trial"
    address = f"{live_server.url}/app/atelier-vulcain/reglages/abonnement/"
    _subscribe(page, address, payments)
    page.goto(address)
    expect(page.locator("main")).to_contain_text("58,80")

    page.get_by_role("radio", name="Pro").check()
    page.locator("form[action$='choisir/'] button").last.click()
    confirm = page.locator("form[action$='confirmer/'] button")
    expect(confirm).to_be_visible()
    confirm.click()
    expect(page.locator(".banner-ok")).to_be_visible()
    with workshop_scope(workshop.pk):
        assert Subscription.objects.get().plan.key == "pro"  # type: ignore[union-attr]

    _edit_price(browser, live_server, "pro", "109")
    with workshop_scope(workshop.pk):
        assert WorkshopEmail.objects.filter(kind="price_changed").count() == 1
        assert SubscribedItem.objects.get(ends_at=None).unit_price == Decimal("109.00")
    assert len([mail for mail in post.messages if mail["To"] == OWNER and "109,00" in mail.as_string()]) <= 1

    with workshop_scope(workshop.pk):
        customer = Subscription.objects.get().stripe_customer_id
    payments.use_card(customer, "pm_card_chargeCustomerFail")
    _months_later(payments, workshop, 32)
    _months_later(payments, workshop, 15)
    with platform_scope():
        assert Workshop.objects.get(pk=workshop.pk).access_state == "suspended"
    page.goto(f"{live_server.url}/app/atelier-vulcain/clients/")
    expect(page.locator("main h1")).to_be_visible()
    assert page.locator("a[href$='/reglages/abonnement/']").count()
    page.goto(address)
    pay = page.locator(f"a[href^='{payments.url}']").first
    pay.click()
    page.wait_for_url(re.compile(re.escape(payments.url)))
    _pay(page, "4242424242424242")
    payments.webhooks.flush()
    page.goto(f"{live_server.url}/app/atelier-vulcain/clients/")
    expect(page.locator("main")).not_to_contain_text("suspend")
    with platform_scope():
        assert Workshop.objects.get(pk=workshop.pk).access_state == "active"

    page.goto(f"{address}resilier/")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".banner-ok")).to_be_visible()
    page.goto(address)
    page.locator("form[action$='reprendre/'] button").click()
    expect(page.locator(".banner-ok")).to_be_visible()
    with workshop_scope(workshop.pk):
        assert Subscription.objects.get().cancel_at is None


@pytest.mark.spec("SUB-03", "A11-01")
def test_an_upgrade_that_the_bank_wants_confirmed(
    page: Page, live_server: LiveServer, payments: StripeServer, shop: tuple[Workshop, Membership]
) -> None:
    workshop, owner = shop
    _enter(page, live_server, signed_in(owner))
    address = f"{live_server.url}/app/atelier-vulcain/reglages/abonnement/"
    _subscribe(page, address, payments)
    with workshop_scope(workshop.pk):
        payments.use_card(Subscription.objects.get().stripe_customer_id, "pm_card_authenticationRequired")
    page.goto(address)
    page.get_by_role("radio", name="Pro").check()
    page.locator("form[action$='choisir/'] button").last.click()
    page.locator("form[action$='confirmer/'] button").click()
    expect(page.locator("form[action$='renoncer/']")).to_be_visible()
    payments.webhooks.flush()
    followed, problems = page.url, []
    for name, seen in (("bank_order", followed), ("bank_subscription", address)):
        problems += look(page, seen, name)
        for theme, width in (("light", 1440), ("dark", 820), ("light", 390)) if PICTURES else ():
            page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
    assert problems == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(followed)
    with page.context.expect_page() as opened:
        page.locator(f"a[href^='{payments.url}']").click()
    bank = opened.value
    _pay(bank, "4000002760003184")
    with bank.expect_navigation():
        bank.get_by_role("button", name="Accepter").click()
    payments.webhooks.flush()
    expect(page.locator(".banner-ok")).to_be_visible()
    with workshop_scope(workshop.pk):
        assert Subscription.objects.get().plan.key == "pro"  # type: ignore[union-attr]
