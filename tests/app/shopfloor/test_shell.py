"""The shell: small, personal to nobody, installable; its worker keeps exactly what it names."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from app.shopfloor.constants import ACCOUNT_COOKIE
from app.shopfloor.shell import ICONS, KEPT, shell_version
from app.shopfloor.texts import TEXTS
from app.tenancy.models import Workshop

from .conftest import BASE

pytestmark = pytest.mark.django_db
DIST = settings.ROOT / "static"
SCRIPTS = [settings.ROOT / "assets/js/floor.js", *(settings.ROOT / "assets/js/floor").rglob("*.js")]


def size(content: bytes) -> int:
    return len(gzip.compress(content))


@pytest.mark.spec("WSM-02")
def test_the_first_load_is_at_most_250_kilobytes(operator_client: Client) -> None:
    shell = operator_client.get(BASE).content
    worker = operator_client.get(f"{BASE}sw.js").content
    files = [(DIST / name).read_bytes() for name in KEPT]
    compressed = [len(content) if content[:4] == b"wOF2" else size(content) for content in (shell, worker, *files)]
    assert sum(compressed) < 250_000


def test_the_shell_holds_nothing_of_a_person(operator_client: Client, owner_client: Client) -> None:
    pages = [client.get(BASE) for client in (operator_client, owner_client)]
    assert pages[0].content == pages[1].content
    assert pages[0]["X-Floor-Shell"] == pages[1]["X-Floor-Shell"]
    assert "Omar" not in pages[0].content.decode()


@pytest.mark.spec("WSM-08")
def test_it_can_be_installed(operator_client: Client) -> None:
    manifest = operator_client.get(f"{BASE}manifest.webmanifest").json()
    assert (manifest["display"], manifest["start_url"], manifest["scope"]) == ("standalone", BASE, BASE)
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    worker = operator_client.get(f"{BASE}sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "no-cache" in worker["Cache-Control"]
    setup = json.loads(re.match(r"self\.FLOOR = (\{.*?\});\n", worker.content.decode()).group(1))  # type: ignore[union-attr]
    assert setup["shell"] == BASE
    for kept in setup["kept"]:
        if kept["url"] != BASE:
            assert Path(DIST / kept["url"].removeprefix("/static/")).exists()


def test_only_the_shell_may_compile_the_reader_of_codes(operator_client: Client) -> None:
    assert "wasm-unsafe-eval" in operator_client.get(BASE)["Content-Security-Policy"]
    assert "wasm-unsafe-eval" not in operator_client.get("/app/atelier-vulcain/projets/")["Content-Security-Policy"]
    assert "camera=(self)" in operator_client.get(BASE)["Permissions-Policy"]


def test_its_version_changes_with_what_it_is_made_of(workshop: Workshop) -> None:
    with translation.override("fr"):
        before = shell_version(workshop)
        assert shell_version(workshop) == before
        workshop.name = "Atelier Vulcain et fils"
        assert shell_version(workshop) != before


@pytest.mark.spec("LNG-01")
def test_every_text_of_the_script_is_known_to_the_translators() -> None:
    said = {text for path in SCRIPTS for text in re.findall(r'\bt\(\s*"((?:[^"\\]|\\.)*)"', path.read_text())}
    assert said == set(TEXTS)


def test_every_icon_of_the_script_is_in_the_shell() -> None:
    pattern = r'(?:icon\(|sign: |empty\(|link\("\w*", )"([a-z-]+)"'
    named = {name for path in SCRIPTS for name in re.findall(pattern, path.read_text())}
    assert named <= set(ICONS)


@pytest.mark.spec("WSM-06")
def test_a_device_is_told_who_has_signed_in_on_it(
    operator_client: Client, owner_client: Client, client: Client
) -> None:
    for address in (BASE, "/app/atelier-vulcain/projets/"):
        assert client.get(address).cookies.get(ACCOUNT_COOKIE) is None
    told = [person.get("/app/atelier-vulcain/projets/").cookies for person in (operator_client, owner_client)]
    assert len({one[ACCOUNT_COOKIE].value for one in told}) == 2
    assert operator_client.get(BASE).cookies.get(ACCOUNT_COOKIE) is None  # the device knows it already
    assert operator_client.get(f"{BASE}operateurs/").json()["account"]["key"] == told[0][ACCOUNT_COOKIE].value
