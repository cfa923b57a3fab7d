"""A reader searches the help with a typing error, reads beside a screen, writes to us; the publisher answers."""

import pytest
from contact.models import Message
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from app.tenancy.permissions import Role
from helpcenter.models import ArticleDay, MissedSearch
from helpcenter.selectors import forget_vocabulary
from tests import factories
from tests.conftest import signed_in
from tests.e2e.looking import look
from tests.fakes.smtp import Mailbox

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def enter(page: Page, live_server: LiveServer, client: Client) -> None:
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


@pytest.mark.spec("HLP-01", "HLP-04", "HLP-11", "TST-07")
def test_a_reader_searches_reads_and_judges(page: Page, live_server: LiveServer, site: None) -> None:
    forget_vocabulary()
    page.goto(f"{live_server.url}/aide/")
    field = page.get_by_role("searchbox")
    field.press_sequentially("signatrue")
    found = page.locator("[data-help-results] a")
    expect(found.first).to_be_visible()
    field.press("ArrowDown")
    expect(found.first).to_be_focused()
    field.fill("xqzwvk")
    expect(page.locator("[data-help-nothing]")).to_be_attached()
    with page.expect_request("**/aide/introuvable/"):  # after three seconds on it
        pass
    page.goto(f"{live_server.url}/aide/poudres/")
    page.locator("[data-judgement]").get_by_text("Dire ce qui manque").click()
    page.get_by_label("Ce qui manque").fill("Les tares")
    page.get_by_role("button", name="Non").click()
    expect(page.get_by_text("Merci, cela nous aide")).to_be_visible()
    day = ArticleDay.objects.get(path="/aide/poudres/")
    assert (day.views, day.useless) == (1, 1)
    assert MissedSearch.objects.get().text == "xqzwvk"


@pytest.mark.spec("HLP-05", "HLP-15", "SIT-11", "ONB-07")
def test_help_beside_a_screen_leads_to_support_and_the_publisher_answers(
    page: Page, live_server: LiveServer, site: None, post: Mailbox
) -> None:
    workshop = factories.workshop(name="Atelier Vulcain", slug="vulcain")
    owner = factories.member(workshop, Role.OWNER, email="olivia@vulcain.test", first_name="Olivia", last_name="Roche")
    enter(page, live_server, signed_in(owner))
    page.goto(f"{live_server.url}/app/vulcain/poudres/")
    page.locator(".app-side").get_by_role("link", name="Aide").click()
    panel = page.get_by_role("dialog", name="Aide")
    expect(panel.get_by_role("heading", name="Tenir ses poudres et leurs prix")).to_be_visible()
    panel.get_by_role("searchbox").press_sequentially("pesse carton")
    expect(panel.locator("#help-found a").first).to_be_visible()
    panel.get_by_role("button", name="Fermer").click()
    expect(panel).to_be_hidden()
    page.locator(".app-side").get_by_role("link", name="Aide").click()
    panel.get_by_role("link", name="Contacter l’assistance").click()
    expect(page.get_by_label("Votre nom")).to_have_value("Olivia Roche")
    expect(page.get_by_label("Votre atelier")).to_have_value("Atelier Vulcain")
    page.get_by_label("Message").fill("Comment peser un carton entamé ?")
    page.wait_for_timeout(3100)  # faster, it would be a program
    page.locator("main form .btn-primary").click()
    expect(page.get_by_text("Message envoyé")).to_be_visible()
    message = Message.objects.get()
    assert (message.workshop_slug, message.screen) == ("vulcain", "powders:powder_list")

    publisher = factories.person(email="editeur@thermogestion.test", is_staff=True, is_superuser=True)
    factories.add_second_factor(publisher)
    client = Client()
    client.force_login(publisher, backend="app.accounts.backends.PersonBackend")
    enter(page, live_server, client)
    page.goto(f"{live_server.url}/editeur/messages/")
    page.get_by_role("link", name="Olivia Roche").click()
    page.get_by_label("État").select_option("handled")
    page.locator("main form .btn-primary").click()
    expect(page.locator(".pill", has_text="traité")).to_be_visible()


@pytest.mark.spec("A11-01", "A11-02", "TST-07")
def test_the_pages_of_the_help_and_of_contact(page: Page, live_server: LiveServer, site: None) -> None:
    paths = ("/aide/", "/aide/?q=signatrue", "/aide/?q=xqzwvk", "/aide/clients/", "/aide/questions/", "/aide/abonnement/",
             "/contact/", "/contact/?sujet=mise-en-route", "/contact/?merci")  # fmt: skip
    problems: list[str] = []
    for path in paths:
        problems += look(page, live_server.url + path, path)
    assert not problems, "\n".join(problems)
