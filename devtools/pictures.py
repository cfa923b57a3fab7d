"""`python -m devtools.pictures`: take the site's pictures of the product, on the running demonstration (`make run`)."""

import base64
import hmac
import io
import json
import shutil
import struct
import time
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from devtools.paths import REPOSITORY, data_dir

PICTURES = REPOSITORY / "assets" / "images" / "screens"
#: Name of the picture → a screen, or a list (it has a `?`) whose first row is opened.
SCREENS = {"day": "", "project": "projets/?statut=in_progress"}
WIDTH, HEIGHT, SHOWN = 1440, 900, 1680
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main() -> None:
    """Sign in as the owner and photograph each screen in both themes."""
    facts = json.loads((data_dir() / "run.json").read_text())
    base, owner = facts["base_url"], facts["sign_ins"][0]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=2, locale="fr-FR", reduced_motion="reduce"
        )
        page = context.new_page()
        _sign_in(page, base, owner)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            for name, path in SCREENS.items():
                _open(page, f"{base}/app/{facts['demo']['workshop']}/{path}")
                _keep(page.screenshot(), PICTURES / f"{name}-{theme}.webp")
        browser.close()


def _sign_in(page: Page, base: str, owner: dict[str, Any]) -> None:
    page.goto(f"{base}/compte/login/")
    page.fill("input[name=login]", owner["email"])
    page.fill("input[name=password]", owner["password"])
    page.click("main form button[type=submit]")
    page.fill("input[name=code]", _code(owner["totp_secret"]))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{base}/app/**")


def _open(page: Page, address: str) -> None:
    """A list is a way to its first row."""
    page.goto(address)
    if "?" in address:
        page.locator("main table a").first.click()
        page.wait_for_load_state()
    page.wait_for_timeout(400)


def _keep(shot: bytes, path: Path) -> None:
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image.thumbnail((SHOWN, SHOWN), Image.Resampling.LANCZOS)
    image.save(path, "WEBP", quality=82, method=6)
    print(f"{path.name}: {path.stat().st_size // 1024} kB")


def _code(secret: str) -> str:
    """The one-time code of this half minute (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 0x0F
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


if __name__ == "__main__":
    main()
