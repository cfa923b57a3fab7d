"""The shape of the code, held by tests: sizes, floors, names, what each file may hold."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from devtools import catalogues, features

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [
    path
    for top in ("app", "site", "backoffice", "helpcenter", "status", "devtools")
    for path in sorted((ROOT / top).rglob("*.py"))
    if "migrations" not in path.parts
]
PRODUCT = [path for path in SOURCES if path.is_relative_to(ROOT / "app")]
LONGEST_FILE, LONGEST_FUNCTION = 500, 60
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py"}


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _is_view(path: Path) -> bool:
    return path.name in ("views.py", "entry.py") or path.parent.name == "views"


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    front = [
        path
        for top, pattern in (("templates", "*.html"), ("assets", "*.css"), ("assets", "*.js"), ("tests", "*.py"))
        for path in (ROOT / top).rglob(pattern)
    ]
    long = [_name(path) for path in [*SOURCES, *front] if len(path.read_text().splitlines()) > LONGEST_FILE]
    assert long == []


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{_name(path)}:{function.name}"
        for path in SOURCES
        for function in _functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_is_a_drawer() -> None:
    assert [_name(path) for path in SOURCES if path.name in FORBIDDEN_NAMES] == []


def test_views_ask_selectors_and_services() -> None:
    found = [
        f"{_name(path)}:{node.lineno}"
        for path in PRODUCT
        if _is_view(path)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert found == []


def test_models_do_not_call_upwards() -> None:
    """A model file imports no service, selector, view, form or task."""
    upper = {"services", "selectors", "views", "forms", "tasks", "emails", "pdf"}
    found = [
        f"{_name(path)}: {node.module}"
        for path in PRODUCT
        if path.name == "models.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and upper & set(node.module.split("."))
    ]
    assert found == []


def test_services_never_see_a_request() -> None:
    found = [
        f"{_name(path)}:{function.name}"
        for path in PRODUCT
        if path.name == "services.py" or path.parent.name == "services"
        for function in _functions(path)
        for argument in [*function.args.args, *function.args.kwonlyargs]
        if argument.arg == "request"
    ]
    assert found == []


def test_nothing_is_wired_by_signals() -> None:
    """The receivers that exist, each for a library that offers no other door."""
    found = {
        _name(path)
        for path in SOURCES
        if "@receiver(" in path.read_text() or ("signals" in path.read_text() and ".connect(" in path.read_text())
    }
    assert found <= RECEIVERS, found - RECEIVERS
    assert len(found) <= 5


RECEIVERS = {
    "app/accounts/receivers.py",  # sign-ins, seen by django.contrib.auth and allauth
    "site/cms/receivers.py",  # publications, which Wagtail and its snippets save as rows
    "site/config/celery.py",  # Celery's own start-up
    "site/config/logs.py",  # Celery's logging
    "status/receivers.py",
}


def test_imports_stand_at_the_top() -> None:
    """Inside a function only AppConfig.ready, which Django calls once models are loaded."""
    found = [
        f"{_name(path)}:{function.name}"
        for path in SOURCES
        for function in _functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and not (path.name == "apps.py" and function.name == "ready")
    ]
    assert found == []


def test_site_is_a_folder_and_not_a_package() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()
    assert subprocess.run(["git", "check-ignore", "-q", "site/config"], cwd=ROOT, check=False).returncode == 1


def test_the_floors_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.spec("A11-02", "UXR-04")
def test_no_template_brings_its_own_style_or_script() -> None:
    """The content-security policy would refuse them; documents (PDF) and mails are not pages."""
    pages = [path for path in (ROOT / "templates").rglob("*.html") if path.parts[-2] not in ("emails", "notify")]
    found = []
    for path in pages:
        text = path.read_text().replace('<script type="application/ld+json"', "")  # data, with the page's nonce
        if " style=" in text or "<style" in text or "onclick=" in text or ("<script" in text and "src=" not in text):
            found.append(_name(path))
    assert found == []


def test_the_map_of_features_is_up_to_date() -> None:
    """`python -m devtools features` refreshes it."""
    assert features.PAGE.read_text() == features.page()


@pytest.mark.spec("ACT-10")
def test_nothing_is_kept_in_the_browser_s_storage() -> None:
    scripts = (ROOT / "assets" / "js").rglob("*.js")
    found = [
        _name(path) for path in scripts if "localStorage." in path.read_text() or "sessionStorage." in path.read_text()
    ]
    assert found == []


@pytest.mark.spec("LNG-01")
def test_every_text_has_its_french() -> None:
    assert catalogues.problems(ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po") == []


@pytest.mark.spec("SUB-01")
def test_only_the_gateway_speaks_to_the_payment_service() -> None:
    door = ROOT / "app" / "billing" / "stripe_mirror"
    imports = re.compile(r"^\s*(?:from|import) (?:stripe|djstripe)\b", re.MULTILINE)
    assert {path.parent for path in SOURCES if imports.search(path.read_text())} == {door}
