"""The stock in a browser: from the theoretical decrease to the order, a weighing on a tablet without network, each page."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.dataio.demo.catalogues import create_powders
from app.dataio.demo.stock import furnish
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.stock.models import Carton, InventoryPlan, Item, Weighing
from app.stock.services.watching import set_alert
from app.tenancy.models import Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.stock.stage import Stage, level
from tests.conftest import signed_in
from tests.e2e.looking import look, wrong_with

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
STOCK = "/app/atelier-vulcain/stock/"
FLOOR = "/app/atelier-vulcain/atelier/"


@pytest.fixture
def shop(transactional_db: None) -> Workshop:
    shop = factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")
    with workshop_scope(shop.pk):
        grant(workshop=shop, features=Feature.values, source=Source.PLAN, ends_at=None)
    return shop


@pytest.fixture
def desk(page: Page, live_server: LiveServer, shop: Workshop) -> Iterator[Page]:
    """The owner at a desk."""
    owner = factories.member(shop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    cookie = signed_in(owner).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    yield page


@pytest.mark.spec("ACC-22", "ACC-03", "STK-02", "STK-06", "STK-08", "STK-09")
def test_from_the_decrease_to_the_order(desk: Page, live_server: LiveServer, shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        stage = Stage(shop)
        carton = stage.receive()[0]
        stage.use("15")  # 1. what the work should have used
    desk.goto(f"{live_server.url}{STOCK}a-peser/")  # 2. the list of the day
    desk.get_by_role("link", name=re.compile(carton.number[:3])).click()
    expect(desk.get_by_text("5,0")).to_have_count(0)  # blind: what is expected is not shown
    desk.get_by_label(re.compile("balance|scale", re.I)).fill("5300")  # 3. the scale, in grams by mistake
    desk.keyboard.press("Enter")
    alert = desk.get_by_role("alert")
    expect(alert).to_contain_text("5,3")
    alert.get_by_role("button").first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("4,5")  # 4. the gap, once weighed
    expect(desk.get_by_text("−0,5 kg").first).to_be_visible()
    with workshop_scope(shop.pk):
        assert level(stage.item) == Decimal("4.5")
    desk.goto(f"{live_server.url}{STOCK}inventaires/")  # 5. a partial inventory
    desk.locator("aside button[type=submit]").click()
    expect(desk.get_by_text(stage.powder.reference)).to_be_visible()
    desk.goto(f"{live_server.url}{STOCK}commandes/")  # 6. what to order
    expect(desk.get_by_text(stage.powder.reference)).to_be_visible()


@pytest.mark.spec("STK-02", "STK-14", "ACC-03", "WSM-01")
def test_three_taps_on_a_tablet_without_network(desk: Page, live_server: LiveServer, shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        stage = Stage(shop)
        carton = stage.receive()[0]
        stage.use("2")
    desk.set_viewport_size({"width": 820, "height": 1180})
    desk.goto(f"{live_server.url}{FLOOR}#/a-peser")
    expect(desk.locator(f'[data-carton="{carton.number}"]').first).to_be_visible()
    expect(desk.locator('[data-sync="online"]')).to_be_visible()
    desk.context.set_offline(True)
    desk.locator(f'[data-carton="{carton.number}"]').first.click()
    for key in "18700":
        desk.locator(f'[data-k="key-{key}"]').click()
    desk.locator('[data-k="weigh"]').click()
    expect(desk.get_by_role("alert").first).to_contain_text("18,7")
    desk.locator('[data-k="meant"]').click()
    desk.locator('[data-k="weigh"]').click()
    expect(desk.locator('[data-done="true"]')).to_be_visible()
    expect(desk.locator('[data-waiting="1"]')).to_be_visible()
    with workshop_scope(shop.pk):
        assert not Weighing.objects.exists()
    desk.context.set_offline(False)
    expect(desk.locator('[data-waiting="0"]')).to_be_visible()
    with workshop_scope(shop.pk):
        held = Weighing.objects.get()
        assert (held.carton, held.net, held.gap) == (carton, Decimal("17.9"), Decimal("-0.1"))


@pytest.mark.spec("STK-02", "STK-14")
def test_a_wrong_tare_is_corrected_on_a_tablet(desk: Page, live_server: LiveServer, shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        carton = Stage(shop).receive()[0]
    desk.set_viewport_size({"width": 820, "height": 1180})
    desk.goto(f"{live_server.url}{FLOOR}#/peser/{carton.pk}")
    desk.locator('[data-k="tare-correct"]').click()
    for key in "30":
        desk.locator(f'[data-k="key-{key}"]').click()
    desk.locator('[data-k="weight"]').fill("18")
    desk.locator('[data-k="weigh"]').click()
    expect(desk.locator("[data-waiting]")).to_have_attribute("data-waiting", "0")
    expect(desk.locator('[data-k="tare"]')).to_have_value("30")  # said, and still there to correct
    desk.locator('[data-k="tare"]').fill("1,5")
    assert wrong_with(desk, "tare") == []
    desk.locator('[data-k="weigh"]').click()
    expect(desk).to_have_url(f"{live_server.url}{FLOOR}#/a-peser")
    expect(desk.locator('[data-waiting="0"]')).to_be_visible()
    with workshop_scope(shop.pk):
        held = Weighing.objects.get()
        assert (held.carton, held.tare, held.net) == (carton, Decimal("1.5"), Decimal("16.5"))


@pytest.mark.spec("A11-01")
def test_the_alerts_are_right_for_everybody(desk: Page, live_server: LiveServer, shop: Workshop) -> None:
    alerts = f"{live_server.url}/app/atelier-vulcain/alertes/"
    problems = look(desk, alerts, "alerts-none")
    with workshop_scope(shop.pk):
        for used in ("19", "20"):
            stage = Stage(shop)
            stage.receive()
            stage.use(used, key=f"use:{used}")
            set_alert(workshop=shop, actor=factories.ACTOR, item=stage.item, alert_below=Decimal(5), alert_days=None)
    desk.goto(alerts)
    expect(desk.locator(".nav-badge").first).to_have_text("2")
    desk.locator("form[action$='vue/'] button").last.click()
    expect(desk.locator("form[action$='vue/']")).to_have_count(1)
    problems += look(desk, alerts, "alerts")
    assert not problems, "\n".join(problems)


@pytest.mark.spec("SCR-09", "A11-01")
def test_each_page_is_right_for_everybody(desk: Page, live_server: LiveServer, shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        create_powders(shop, factories.ACTOR)
        furnish(workshop=shop, office=[factories.ACTOR], operators=[factories.ACTOR, factories.ACTOR])
        item = Item.objects.order_by("pk")[1]
        carton, weighing = Carton.objects.earliest("pk"), Weighing.objects.latest("pk")
    pages = [
        "", "recevoir/", "peser/", "a-peser/", "pesees/", "inventaires/", "commandes/", "indicateurs/", "reglages/",
        "consommables/", f"{item.pk}/", f"{item.pk}/mouvements/", f"{item.pk}/corriger/", f"cartons/{carton.pk}/",
        f"cartons/{carton.pk}/peser/", f"pesees/{weighing.pk}/", f"etiquettes/?carton={carton.pk}",
    ]  # fmt: skip
    problems = [problem for page in pages for problem in look(desk, f"{live_server.url}{STOCK}{page}", page)]
    desk.goto(f"{live_server.url}{STOCK}inventaires/")
    desk.locator("aside button[type=submit]").click()
    with workshop_scope(shop.pk):
        plan = InventoryPlan.objects.get()
    problems += look(desk, f"{live_server.url}{STOCK}inventaires/{plan.pk}/", "inventory")
    assert not problems, "\n".join(problems)
