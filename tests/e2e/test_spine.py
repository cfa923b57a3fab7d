"""From the pricing page to a delivered part, as a workshop and its customer live it, in three browsers."""

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pytest_django.live_server_helper import LiveServer

from tests.conftest import one_time_code
from tests.e2e.conftest import link_in
from tests.e2e.windows import DESK, PHONE, TABLET, Size, Window
from tests.fakes.smtp import Mailbox

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

OWNER, CUSTOMER = "olivia@vulcain.test", "camille@client.test"
PASSWORD = "grenaille fine et four chaud"
#: Each browser tells the whole journey at one size, and shows each page that matters at all three.
BROWSERS = [("chromium", DESK), ("firefox", TABLET), ("webkit", PHONE)]
#: The answer of an address to the browser itself, with its cookies: its status and how it begins.
FIRST_BYTES = """async address => {
  const answer = await fetch(address);
  return [answer.status, (await answer.text()).slice(0, 4)];
}"""


@pytest.mark.spec(
    "ACC-01", "ACC-20", "ACC-21", "TST-02", "TST-03", "SIT-02", "SIT-05", "SIT-13", "ONB-01", "ONB-05", "ACT-01",
    "ACT-02", "ACT-04", "ACT-05", "QUO-01", "SIG-01", "SIG-02", "PRJ-03", "PRJ-06", "PRJ-07",
)  # fmt: skip
@pytest.mark.parametrize(("name", "size"), BROWSERS, ids=[name for name, _size in BROWSERS])
def test_from_the_pricing_page_to_a_delivered_part(
    name: str,
    size: Size,
    open_window: Callable[[str, Size], Window],
    live_server: LiveServer,
    post: Mailbox,
    site: None,
    broken_pages: list[str],
) -> None:
    office, phone = open_window(name, size), open_window(name, PHONE)
    sign_up(office, live_server, post)
    add_second_factor(office)
    home = set_up(office)
    add_powder(office, home)
    quote = write_quote(office, home)
    send_quote(office, post)
    sign_on_the_phone(phone, post)
    office.go(quote)
    office.see("h1", "Accepté")
    office.submit("main aside a[href*='/projets/']")
    do_the_work(office)
    hand_over(office, phone, post)
    assert office.complaints + phone.complaints + broken_pages == []


def sign_up(office: Window, live_server: LiveServer, post: Mailbox) -> None:
    """Home, prices, the form, the message, the confirmation by a click."""
    office.go(live_server.url)
    assert office.too_wide("home") == []
    if not office.shows("header a[href*='tarifs']"):
        office.click("header [aria-expanded]")
    office.submit("header a[href*='tarifs']")
    assert office.too_wide("prices") == []
    office.submit("main a[href*='inscription']")
    assert office.too_wide("sign-up") == []
    office.fill("[name=workshop_name]", "Atelier Vulcain")
    office.fill("[name=email]", OWNER)
    office.fill("[name=telephone]", "04 76 12 34 56")
    office.fill("[name=password1]", PASSWORD)
    if office.count("[name=password2]"):
        office.fill("[name=password2]", PASSWORD)
    for name in ("accepts_terms", "accepts_privacy", "accepts_processing"):
        assert not office.read(f"[name={name}]", "checked")
        office.tick(f"[name={name}]")
    office.submit("main form button[type=submit]")
    office.arrive("confirm-email")
    office.go(link_in(post, OWNER))
    office.submit("main form button[type=submit]")


def add_second_factor(office: Window) -> None:
    """Nothing opens before it: an app, its first code, the recovery codes."""
    office.arrive("second-facteur")
    office.go(re.sub("/compte/.*", "/app/", office.address))
    office.arrive("second-facteur")
    office.submit("main a[href*='totp/activate']")
    office.fill("[name=code]", one_time_code(office.read("#authenticator_secret", "value")))
    office.submit("main form:has([name=code]) button[type=submit]")
    office.arrive("recovery-codes")
    office.see("main", r"[0-9a-f]{6,}")


def set_up(office: Window) -> str:
    """The ten steps, skipped or not, end on a first quote; the address of the workshop's home."""
    office.go(re.sub("/compte/.*", "/app/", office.address))
    office.arrive("/app/atelier-vulcain/")
    home = re.sub("(/app/[^/]+/).*", r"\1", office.address)
    office.go(f"{home}demarrage/")
    assert office.too_wide("set-up") == []
    for _step in range(10):
        if "/demarrage/" in office.address:
            office.submit("main button[value=apres]")
    office.arrive("/devis/nouveau/")
    office.go(home)
    assert office.too_wide("workshop") == []
    return home


def add_powder(office: Window, home: str) -> None:
    """A powder of the workshop, from the colour chart."""
    office.go(f"{home}poudres/nouvelle/?couleur=RAL+7016")
    office.fill("[name=brand]", "Thermopoudre")
    office.fill("[name=reference]", "TP-7016-S")
    office.choose("[name=type]", "polyester")
    office.choose("[name=finish]", "satin")
    office.fill("[name=colour_code]", "RAL 7016")
    office.fill("[name=consumption_g_per_m2]", "100")
    office.fill("[name=price_per_kg]", "20")
    office.submit("main form:has([name=brand]) button[type=submit]")
    office.see("main", "TP-7016-S")


def write_quote(office: Window, home: str) -> str:
    """The customer typed on the spot, a line, a total that follows the typing; the address of the quote."""
    office.go(f"{home}devis/nouveau/")
    office.type("#customer-search", "Lefèvre")
    office.fill("#customer-matches [name=client-last_name]", "Lefèvre")
    office.fill("#customer-matches [name=client-first_name]", "Camille")
    office.fill("#customer-matches [name=client-email]", CUSTOMER)
    office.click("#customer-matches button[hx-post]")
    office.see("#customer-picker", CUSTOMER)
    office.fill("[name=title]", "Portail coulissant")
    office.fill("[name=lines-0-designation]", "Panneaux")
    office.fill("[name=lines-0-quantity]", "2")
    office.fill("[name=lines-0-surface_m2]", "3,00")
    office.choose("[name=lines-0-powder]", office.read("[name=lines-0-powder] option:not([value=''])", "value"))
    office.fill("[name=lines-0-labour_minutes]", "60")
    # 0.6 kg at 20 €, +30 %: 15.60; an hour at 45 €, +20 %: 54.00; 69.60 without tax.
    office.see("#quote-price", "83,52")
    office.choose("[name=lines-0-shape]", "plate")
    office.fill("[name=lines-0-length_mm]", "1500")
    office.fill("[name=lines-0-width_mm]", "1000")
    office.miss("[name=lines-0-surface_m2]")
    office.see("#lines-0-price", "3 m²")
    assert office.too_wide("quote") == []
    office.submit("main aside button[type=submit]")
    office.arrive(r"/devis/\d+/$")
    return office.address


def send_quote(office: Window, post: Mailbox) -> None:
    """Numbered, frozen, mailed with its PDF."""
    office.click("[data-dialog-open=send]")
    office.see("dialog#send")
    assert office.too_wide("send") == []
    office.submit("dialog#send button[type=submit]")
    office.see("h1", r"D\d{4}-0001")
    message = next(message for message in post.messages if message["To"] == CUSTOMER)
    (document,) = message.iter_attachments()
    with pikepdf.open(BytesIO(document.get_payload(decode=True))) as pdf:
        assert len(pdf.pages) == 1


def sign_on_the_phone(phone: Window, post: Mailbox) -> None:
    """The link, one button, the quote, a finger."""
    phone.go(link_in(post, CUSTOMER))
    phone.submit("main form button[type=submit]")
    phone.see("main", "83,52")
    assert phone.too_wide("portal-quote") == []
    phone.draw("[data-signature] canvas", [(30 + step * 18, 60 + (-1) ** step * 25 * (step > 0)) for step in range(12)])
    phone.tick("[name=consent]")
    phone.submit("#signer button[type=submit]")
    phone.see(".banner-ok", "Camille Lefèvre")
    copy = next(message for message in reversed(post.messages) if message["To"] == CUSTOMER)
    (document,) = copy.iter_attachments()
    with pikepdf.open(BytesIO(document.get_payload(decode=True))) as pdf:
        assert len(pdf.pages) == 2
        assert len(pdf.attachments) == 1


def do_the_work(office: Window) -> None:
    """Six steps, the last one with its checklist."""
    assert office.too_wide("project") == []
    for _step in range(5):
        office.fill("form[action*='/valider/'] [name=comment]", "Fait")
        office.submit("form[action*='/valider/'] button[type=submit]")
        office.see(".toast-success")
    office.tick("form[action*='/valider/'] input[value=pass]")
    office.submit("form[action*='/valider/'] button[type=submit]")
    office.see("h1", "Prêt à récupérer")


def hand_over(office: Window, phone: Window, post: Mailbox) -> None:
    """The customer is told, follows the project, comes; the report is there."""
    phone.go(link_in(post, CUSTOMER))
    phone.submit("main form button[type=submit]")
    phone.see(".banner-ok")
    assert phone.too_wide("portal-project") == []
    office.click("[data-dialog-open=deliver]")
    office.submit("dialog#deliver button[type=submit]")
    office.see("h1", "Livré")
    report = "main a.btn[href*='/fichiers/']"
    office.see(report, "Rapport final")
    assert office.read(report, "target") == "_blank"
    assert office.ask(FIRST_BYTES, office.read(report, "href")) == [200, "%PDF"]
