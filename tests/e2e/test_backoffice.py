"""Every screen of the backoffice: axe is silent in both themes, nothing overflows."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from marketing.models import Experiment, ExperimentDay, HomePage
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.accounts.models import User
from app.billing.models import CatalogChange, Offer, SubscribedItem
from app.billing.services.changing import OFFER_FIELDS, change_offer
from app.billing.services.flags import create_flag
from app.dataio.demo.business import load_business
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope
from backoffice.models import LogLine
from tests import factories
from tests.e2e.looking import look

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
#: A folder to keep pictures in, for whoever looks at them.


@pytest.fixture
def publisher(site: None) -> User:
    """The publisher, with workshops that have lived, a change of price and a flag."""
    load_business()
    lite = Offer.objects.get(key="lite")
    values = {name: getattr(lite, name) for name in OFFER_FIELDS} | {"description": "Tout l’atelier au quotidien."}
    change_offer(offer_pk=lite.pk, actor=factories.ACTOR, values={**values, "limits": {"users": 5}}, version=1)
    flag = {"is_on": True, "percent": 10, "plans": ["pro"], "workshops": [], "variants": ["A", "B"]}
    create_flag(actor=factories.ACTOR, key="planning-3d", values={"description": "Le planning en 3D", **flag})
    home = HomePage.objects.get(slug="accueil")
    words = {
        "title_b": "Le four n’attend plus, le devis non plus.",
        "call_b": "Essayez {days} jours, sans carte bancaire",
    }
    test = Experiment.objects.create(name="Titre du four et appel sans carte", page=home, is_running=True, **words)
    for letter, views, calls in (("a", 12_480, 611), ("b", 12_511, 744)):
        values = {"variant": letter, "day": timezone.localdate(), "views": views, "calls": calls}
        ExperimentDay.objects.create(experiment=test, **values)
    user = factories.person(email="editeur@thermogestion.test", is_staff=True, is_superuser=True)
    factories.add_second_factor(user)
    with platform_scope():
        said = {"logger": "app.notify", "event": "mailbox_refused", "details": {"error": "535 [masked]" + " x" * 90}}
        LogLine.objects.create(
            at=timezone.now(), level="error", request_id="0b52-41", fault="AccountRefusedError", **said
        )
    return user


def addresses() -> dict[str, str]:
    """Each page that is read, by its name."""
    with platform_scope():
        workshop = SubscribedItem.objects.order_by("pk").first().workshop  # type: ignore[union-attr]
        assert isinstance(workshop, Workshop)
    factories.member(workshop, Role.OWNER, email="camille.de.la.tour-d-auvergne@atelier-de-demonstration.test")
    with platform_scope():
        assert Membership.objects.filter(workshop=workshop).exists()
    plain = (
        "overview", "workshop_list", "indicators", "forecast", "dunning", "credits", "monitors", "catalogue", "catalogue_create",
        "catalogue_rules", "catalogue_overages", "flag_list", "flag_create", "change_list", "message_list", "help_figures",
        "log_list",
        "experiment_list",
    )  # fmt: skip
    of_workshop = ("workshop_detail", "workshop_give", "workshop_withdraw", "workshop_extend", "workshop_quota")
    found = {name: reverse(f"backoffice:{name}") for name in plain}
    found |= {name: reverse(f"backoffice:{name}", args=[workshop.pk]) for name in of_workshop}
    found["catalogue_offer"] = reverse("backoffice:catalogue_offer", args=[Offer.objects.get(key="lite").pk])
    found["change_detail"] = reverse("backoffice:change_detail", args=[CatalogChange.objects.latest("pk").pk - 1])
    return found


@pytest.mark.spec("BOF-05", "SCR-14", "A11-01", "A11-02", "TST-07")
def test_every_screen_of_the_backoffice(page: Page, live_server: LiveServer, publisher: User) -> None:
    client = Client()
    client.force_login(publisher, backend="app.accounts.backends.PersonBackend")
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    problems: list[str] = []
    for name, address in addresses().items():
        problems += look(page, live_server.url + address, name)
    page.goto(live_server.url + reverse("backoffice:catalogue_offer", args=[Offer.objects.get(key="lite").pk]))
    page.fill("#id_price_excl_tax", "59")
    page.locator("main form .btn-primary").click()
    expect(page.locator("button[name=confirm]")).to_have_count(1)
    page.locator("button[name=confirm]").click()
    page.wait_for_url("**/historique/*/")
    assert not problems, "\n".join(problems)
