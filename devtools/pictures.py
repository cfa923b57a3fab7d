"""`python -m devtools.pictures`: take the site's pictures of the product, on the running demonstration (`make run`)."""

import base64
import hmac
import io
import json
import struct
import time
from typing import Any, Literal
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from devtools import system
from devtools.mails import list_mails
from devtools.paths import REPOSITORY, data_dir

PICTURES = REPOSITORY / "assets" / "images" / "screens"
#: Name of the picture → a screen of the workshop; with `>`, the first row of that list is opened.
SCREENS = {
    "day": "",
    "quote": "devis/?statut=brouillon > modifier/",
    "project": "projets/?statut=in_progress >",
    "board": "projets/tableau/",
    "floor": "atelier/",
    "powders": "poudres/",
    "stock": "stock/",
    "batches": "series/",
    "customer": "clients/ >",
    "team": "reglages/equipe/",
    "trail": "reglages/historique/",
}
#: What the pictured import reads: invented names, telephone numbers kept for fiction.
IMPORTED = """Société;Nom;Prénom;E-mail;Téléphone;Ville
Métallerie Vercors;Charvet;Bruno;bruno.charvet@exemple.test;04 65 71 10 02;Seyssinet-Pariset
Ferronnerie Delmas;Delmas;Hélène;helene.delmas@exemple.test;04 65 71 10 03;Sassenage
;Berthier;Julien;julien.berthier@exemple.test;04 65 71 11 01;Grenoble
;Sauvage;Marie;marie.sauvage@exemple.test;04 65 71 11 02;Eybens
""".encode()
WIDTH, HEIGHT, SHOWN = 1440, 900, 1680
PHONE, PHONE_HEIGHT = 390, 780
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> None:
    """Sign in as the owner and photograph each screen in both themes, then what a customer sees on a telephone."""
    facts = json.loads((data_dir() / "run.json").read_text())
    base, owner = facts["base_url"], facts["sign_ins"][0]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system.chromium(), args=["--no-sandbox"])
        page = _desk(browser)
        _sign_in(page, base, owner)
        workshop = f"{base}/app/{facts['demo']['workshop']}/"
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            for name, way in SCREENS.items():
                _open(page, workshop, way)
                _keep(page.screenshot(), name, theme)
            _photograph_import(page, workshop, theme)
            _photograph_document(page, workshop, theme)
        _photograph_portal(browser, page, workshop, base)
        browser.close()


def _sign_in(page: Page, base: str, owner: dict[str, Any]) -> None:
    page.goto(f"{base}/compte/login/")
    page.fill("input[name=login]", owner["email"])
    page.fill("input[name=password]", owner["password"])
    page.click("main form button[type=submit]")
    page.fill("input[name=code]", _code(owner["totp_secret"]))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{base}/app/**")


def _desk(browser: Browser) -> Page:
    """The office's screen."""
    return browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2, locale="fr-FR", reduced_motion="reduce"
    ).new_page()


def _open(page: Page, workshop: str, way: str) -> None:
    """A screen; after `>`, the first row of that list, and then what follows its address."""
    path, opens, rest = (part.strip() for part in way.partition(">"))
    page.goto(workshop + path)
    if opens:
        row = page.locator("main table a").first.get_attribute("href") or ""
        page.goto(urljoin(page.url, row) + rest)
    page.wait_for_timeout(400)


def _photograph_document(page: Page, workshop: str, theme: str) -> None:
    """A quote as its customer reads it."""
    _open(page, workshop, "devis/?statut=brouillon > document/")
    _keep(page.screenshot(), "document", theme)


def _photograph_import(page: Page, workshop: str, theme: str) -> None:
    """An import whose columns have been recognised; it is abandoned afterwards."""
    page.goto(f"{workshop}imports/clients/")
    page.set_input_files("input[type=file]", {"name": "clients.csv", "mimeType": "text/csv", "buffer": IMPORTED})
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/imports/clients/*/**")
    page.wait_for_timeout(600)
    _keep(page.screenshot(), "imports", theme)


def _photograph_portal(browser: Browser, page: Page, workshop: str, base: str) -> None:
    """A customer's space and a quote to sign, on a telephone, by the link that a quote sent again brings."""
    for theme in THEMES:
        link = _portal_link(page, workshop, base)
        context = browser.new_context(
            viewport={"width": PHONE, "height": PHONE_HEIGHT}, device_scale_factor=2, is_mobile=True, locale="fr-FR",
            reduced_motion="reduce", color_scheme=theme,
        )  # fmt: skip
        phone = context.new_page()
        phone.goto(link)
        phone.locator("main form button[type=submit]").first.click()
        phone.wait_for_load_state()
        quote = phone.url
        phone.wait_for_timeout(400)
        _keep(phone.screenshot(), "signature", theme)
        phone.goto(f"{urljoin(quote, '..').rpartition('devis/')[0]}")
        phone.wait_for_timeout(400)
        _keep(phone.screenshot(), "portal", theme)
        context.close()


def _portal_link(page: Page, workshop: str, base: str) -> str:
    """Send a quote that waits for its signature again, and read the link in the message that was caught."""
    folder = data_dir() / "mail"
    before = {mail.name for mail in list_mails(folder)}
    _open(page, workshop, "devis/?statut=envoyé >")
    page.locator("[aria-controls='quote-more-list']").click()
    page.locator("form[action$='/renvoyer/'] button").first.click()
    for _second in range(60):
        for mail in list_mails(folder):
            links = [link for link in mail.links if "/ouvrir/" in link]
            if mail.name not in before and links:
                return links[0]
        time.sleep(1)
    raise SystemExit(f"no message with a link arrived in {folder} of {base}")


def _keep(shot: bytes, name: str, theme: str) -> None:
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.thumbnail((SHOWN, SHOWN), Image.Resampling.LANCZOS)
    path = PICTURES / f"{name}-{theme}.webp"
    image.save(path, "WEBP", quality=80, method=6)
    print(f"{path.name}: {image.width} × {image.height}, {path.stat().st_size // 1024} kB")


def _code(secret: str) -> str:
    """The one-time code of this half minute (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


if __name__ == "__main__":
    main()
