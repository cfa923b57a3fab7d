"""From the pricing page to a delivered part, as a workshop and its customer live it."""

import re
from io import BytesIO
from urllib.parse import urljoin

import pikepdf
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.e2e.conftest import link_in, one_time_code
from tests.fakes.smtp import Mailbox

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

OWNER, CUSTOMER = "olivia@vulcain.test", "camille@client.test"
PASSWORD = "grenaille fine et four chaud"


@pytest.mark.spec(
    "ACC-01", "ACC-20", "ACC-21", "TST-02", "TST-03", "SIT-02", "SIT-05", "SIT-13", "ONB-01", "ONB-05", "ACT-01",
    "ACT-02", "ACT-04", "ACT-05", "QUO-01", "SIG-01", "SIG-02", "PRJ-03", "PRJ-06", "PRJ-07",
)  # fmt: skip
def test_from_the_pricing_page_to_a_delivered_part(
    page: Page, phone: Page, live_server: LiveServer, post: Mailbox, site: None
) -> None:
    page.set_default_timeout(10_000)
    sign_up(page, live_server, post)
    add_second_factor(page)
    home = set_up(page)
    add_powder(page, home)
    quote = write_quote(page, home)
    send_quote(page, post)
    sign_on_the_phone(phone, post)
    page.goto(quote)
    expect(page.locator("h1")).to_contain_text("Accepté")
    page.locator("main aside a[href*='/projets/']").click()
    do_the_work(page)
    hand_over(page, phone, post)


def sign_up(page: Page, live_server: LiveServer, post: Mailbox) -> None:
    """Home, prices, the form, the message, the confirmation by a click."""
    page.goto(live_server.url)
    page.locator("header a[href*='tarifs']").first.click()
    page.locator("main a[href*='inscription']").first.click()
    page.locator("[name=workshop_name]").fill("Atelier Vulcain")
    page.locator("[name=email]").fill(OWNER)
    page.locator("[name=telephone]").fill("04 76 12 34 56")
    page.locator("[name=password1]").fill(PASSWORD)
    if page.locator("[name=password2]").count():
        page.locator("[name=password2]").fill(PASSWORD)
    for name in ("accepts_terms", "accepts_privacy", "accepts_processing"):
        box = page.locator(f"[name={name}]")
        assert not box.is_checked()
        box.check()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile("confirm-email"))
    page.goto(link_in(post, OWNER))
    page.locator("main form button[type=submit]").first.click()


def add_second_factor(page: Page) -> None:
    """Nothing opens before it: an app, its first code, the recovery codes."""
    expect(page).to_have_url(re.compile("second-facteur"))
    page.goto(re.sub("/compte/.*", "/app/", page.url))
    expect(page).to_have_url(re.compile("second-facteur"))
    page.locator("main a[href*='totp/activate']").click()
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("[name=code]").fill(one_time_code(secret))
    page.locator("main form:has([name=code]) button[type=submit]").click()
    expect(page).to_have_url(re.compile("recovery-codes"))
    expect(page.locator("main")).to_contain_text(re.compile(r"[0-9a-f]{6,}"))


def set_up(page: Page) -> str:
    """The ten steps, skipped or not, end on a first quote; the address of the workshop's home."""
    page.goto(re.sub("/compte/.*", "/app/", page.url))
    expect(page).to_have_url(re.compile("/app/atelier-vulcain/"))
    home = re.sub("(/app/[^/]+/).*", r"\1", page.url)
    page.goto(f"{home}demarrage/")
    for _step in range(10):
        if "/demarrage/" in page.url:
            page.locator("main button[value=apres]").click()
    expect(page).to_have_url(re.compile("/devis/nouveau/"))
    return home


def add_powder(page: Page, home: str) -> None:
    """A powder of the workshop, from the colour chart."""
    page.goto(f"{home}poudres/nouvelle/?couleur=RAL+7016")
    page.locator("[name=brand]").fill("Thermopoudre")
    page.locator("[name=reference]").fill("TP-7016-S")
    page.locator("[name=type]").select_option("polyester")
    page.locator("[name=finish]").select_option("satin")
    page.locator("[name=colour_code]").fill("RAL 7016")
    page.locator("[name=consumption_g_per_m2]").fill("100")
    page.locator("[name=price_per_kg]").fill("20")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("TP-7016-S")


def write_quote(page: Page, home: str) -> str:
    """The customer typed on the spot, a line, a total that follows the typing; the address of the quote."""
    page.goto(f"{home}devis/nouveau/")
    page.locator("#customer-search").press_sequentially("Lefèvre", delay=20)
    quick = page.locator("#customer-matches")
    quick.locator("[name=client-last_name]").fill("Lefèvre")
    quick.locator("[name=client-first_name]").fill("Camille")
    quick.locator("[name=client-email]").fill(CUSTOMER)
    quick.locator("button[hx-post]").click()
    expect(page.locator("#customer-picker")).to_contain_text(CUSTOMER)
    page.locator("[name=title]").fill("Portail coulissant")
    page.locator("[name=lines-0-designation]").fill("Panneaux")
    page.locator("[name=lines-0-quantity]").fill("2")
    page.locator("[name=lines-0-surface_m2]").fill("3,00")
    page.locator("[name=lines-0-powder]").select_option(index=1)
    page.locator("[name=lines-0-labour_minutes]").fill("60")
    # 0.6 kg at 20 €, +30 %: 15.60; an hour at 45 €, +20 %: 54.00; 69.60 without tax.
    expect(page.locator("#quote-price")).to_contain_text("83,52")
    page.locator("[name=lines-0-shape]").select_option("plate")
    page.locator("[name=lines-0-length_mm]").fill("1500")
    page.locator("[name=lines-0-width_mm]").fill("1000")
    expect(page.locator("[name=lines-0-surface_m2]")).to_be_hidden()
    expect(page.locator("#lines-0-price")).to_contain_text("3 m²")
    page.locator("main aside button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/devis/\d+/$"))
    return page.url


def send_quote(page: Page, post: Mailbox) -> None:
    """Numbered, frozen, mailed with its PDF."""
    page.locator("[data-dialog-open=send]").click()
    page.locator("dialog#send button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text(re.compile(r"D\d{4}-0001"))
    message = next(message for message in post.messages if message["To"] == CUSTOMER)
    (document,) = message.iter_attachments()
    with pikepdf.open(BytesIO(document.get_payload(decode=True))) as pdf:
        assert len(pdf.pages) == 1


def sign_on_the_phone(phone: Page, post: Mailbox) -> None:
    """The link, one button, the quote, a finger."""
    phone.goto(link_in(post, CUSTOMER))
    phone.locator("main form button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("83,52")
    box = phone.locator("[data-signature] canvas")
    box.scroll_into_view_if_needed()
    place = box.bounding_box()
    assert place
    phone.mouse.move(place["x"] + 30, place["y"] + 60)
    phone.mouse.down()
    for step in range(1, 12):
        phone.mouse.move(place["x"] + 30 + step * 18, place["y"] + 60 + (-1) ** step * 25)
    phone.mouse.up()
    phone.locator("[name=consent]").check()
    phone.locator("#signer button[type=submit]").click()
    expect(phone.locator(".banner-ok")).to_contain_text("Camille Lefèvre")
    copy = next(message for message in reversed(post.messages) if message["To"] == CUSTOMER)
    (document,) = copy.iter_attachments()
    with pikepdf.open(BytesIO(document.get_payload(decode=True))) as pdf:
        assert len(pdf.pages) == 2
        assert len(pdf.attachments) == 1


def do_the_work(page: Page) -> None:
    """Six steps, the last one with its checklist."""
    for _step in range(5):
        form = page.locator("form[action*='/valider/']")
        form.locator("[name=comment]").fill("Fait")
        form.locator("button[type=submit]").click()
        expect(page.locator(".toast-success").first).to_be_visible()
    for box in page.locator("form[action*='/valider/'] input[value=pass]").all():
        box.check()
    page.locator("form[action*='/valider/'] button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("Prêt à récupérer")


def hand_over(page: Page, phone: Page, post: Mailbox) -> None:
    """The customer is told, follows the project, comes; the report is there."""
    phone.goto(link_in(post, CUSTOMER))
    phone.locator("main form button[type=submit]").click()
    expect(phone.locator(".banner-ok")).to_be_visible()
    page.locator("[data-dialog-open=deliver]").click()
    page.locator("dialog#deliver button[type=submit]").click()
    expect(page.locator("h1")).to_contain_text("Livré")
    final = page.get_by_role("region", name="Documents").get_by_role("link", name="Rapport final")
    with page.context.expect_page() as opened:
        final.click()
    address = final.get_attribute("href") or ""
    report = page.request.get(urljoin(page.url, address))
    assert report.body().startswith(b"%PDF")
    opened.value.close()
