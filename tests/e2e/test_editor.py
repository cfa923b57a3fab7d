"""An editor writes, previews, plans and publishes an article and a guide in a real browser, in French."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from blog.models import ArticlePage, BlogIndexPage
from cms.tasks import publish_scheduled
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from helpcenter.models import GuidePage, HelpIndexPage
from tests import factories

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("site")]
GUIDE = "Accrocher des pièces lourdes"
TITLE = "Bien préparer l’acier avant la poudre"


@pytest.fixture
def editor(page: Page, live_server: LiveServer, settings: Any) -> Page:
    """A browser in which an editor is signed in."""
    from django.test import Client

    settings.BASE_URL = live_server.url
    settings.PAGE_CACHE_SECONDS = 300
    user = factories.person(email="edith@thermo.test", is_staff=True, is_superuser=True)
    factories.add_second_factor(user)
    client = Client()
    client.force_login(user, backend="app.accounts.backends.PersonBackend")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    return page


@pytest.mark.spec("BLG-01")
def test_an_editor_writes_previews_plans_and_publishes_an_article(
    editor: Page, live_server: LiveServer, browser: Any
) -> None:
    blog = BlogIndexPage.objects.get()
    editor.goto(f"{live_server.url}/cms/pages/add/blog/articlepage/{blog.pk}/")
    editor.fill("textarea[name=title], input[name=title]", TITLE)
    editor.fill("textarea[name=introduction]", "Dégraisser, sabler, contrôler : trois gestes.")
    _write_text(editor)
    _choose_author(editor)
    editor.locator("select[name=categories]").select_option(label="Procédé")
    editor.get_by_role("button", name="Enregistrer le brouillon").first.click()
    editor.wait_for_url("**/edit/**")
    article = ArticlePage.objects.get(title=TITLE)
    assert not article.live
    visitor = browser.new_page()
    assert visitor.goto(f"{live_server.url}/blog/{article.slug}/").status == 404

    _preview_and_plan(editor, live_server, article)
    assert visitor.goto(f"{live_server.url}/blog/{article.slug}/").status == 404
    visitor.goto(f"{live_server.url}/blog/")
    expect(visitor.get_by_text(TITLE)).to_have_count(0)
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
        publish_scheduled()
    visitor.goto(f"{live_server.url}/blog/")
    visitor.get_by_role("link", name=TITLE).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(TITLE)
    visitor.close()


@pytest.mark.spec("HLP-01")
def test_an_editor_writes_previews_plans_and_publishes_a_guide(
    editor: Page, live_server: LiveServer, browser: Any
) -> None:
    centre = HelpIndexPage.objects.get(slug="aide")
    editor.goto(f"{live_server.url}/cms/pages/add/helpcenter/guidepage/{centre.pk}/")
    editor.fill("textarea[name=title], input[name=title]", GUIDE)
    editor.fill("input[name=summary]", "Trois gestes avant la cabine.")
    _write_text(editor)
    editor.get_by_role("button", name="Enregistrer le brouillon").first.click()
    editor.wait_for_url("**/edit/**")
    guide = GuidePage.objects.get(title=GUIDE)
    visitor = browser.new_page()
    assert visitor.goto(f"{live_server.url}/aide/{guide.slug}/").status == 404

    _preview_and_plan(editor, live_server, guide)
    assert visitor.goto(f"{live_server.url}/aide/{guide.slug}/").status == 404
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
        publish_scheduled()
    visitor.goto(f"{live_server.url}/aide/?q=accrocher")
    visitor.get_by_role("link", name=GUIDE).first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(GUIDE)
    visitor.close()


def _write_text(editor: Page) -> None:
    """Add a text block and type in it."""
    editor.locator("[data-contentpath=body]").get_by_role("button", name="Insérer un bloc").first.click()
    editor.get_by_role("option", name="Texte").click()
    field = editor.locator("[data-contentpath=body] .public-DraftEditor-content").first
    field.click()
    editor.keyboard.type("Une pièce grasse ne tient pas la poudre.")
    # The editor of text writes its field a moment after the last key.
    written = editor.locator("input[name=body-0-value]")
    expect(written).to_have_value(re.compile("ne tient pas la poudre"))


def _choose_author(editor: Page) -> None:
    editor.locator("[data-contentpath=author]").get_by_role("button").first.click()
    editor.get_by_role("link", name="L’équipe ThermoGestion").click()
    expect(editor.get_by_role("dialog")).to_have_count(0)


def _preview_and_plan(editor: Page, live_server: LiveServer, page: ArticlePage | GuidePage) -> None:
    """Look at the draft, ask for its publication later: it is approved and not there yet."""
    editor.goto(f"{live_server.url}/cms/pages/{page.pk}/view_draft/")
    expect(editor.get_by_role("heading", level=1)).to_have_text(page.title)
    expect(editor.get_by_text("Une pièce grasse ne tient pas la poudre.")).to_be_visible()
    _plan(editor, live_server, page.pk)
    page.refresh_from_db()
    assert page.approved_schedule and not page.live
    publish_scheduled()


def _plan(editor: Page, live_server: LiveServer, page_pk: int) -> None:
    """Set the hour in an hour from now, then confirm the publication."""
    editor.goto(f"{live_server.url}/cms/pages/{page_pk}/edit/")
    editor.locator("[data-side-panel-toggle=status]").click()
    editor.locator("[data-a11y-dialog-show=schedule-publishing-dialog]").first.click()
    hour = timezone.localtime() + timedelta(hours=1)
    editor.fill("input[name=go_live_at]", f"{hour:%Y-%m-%d %H:%M}")
    # The calendar of the field may lie over the button.
    editor.locator("#schedule-publishing-dialog button.action-save").evaluate("button => button.click()")
    editor.wait_for_load_state()
    expect(editor.locator("#schedule-publishing-dialog")).to_be_hidden()
    editor.locator("button[name=action-publish]").evaluate("button => button.click()")
    editor.wait_for_url("**/cms/pages/*/")
