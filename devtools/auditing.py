"""`make audit`: Lighthouse and axe over the public pages, on a server started as in production.

The pages are those of devtools/audit/pages.txt. Each is measured three times as a telephone would load it, and the
median counts. A page fails under 100 in a category, on a resource that fails, on a request to another host, above
150 kB at first load without pictures, or on anything that axe finds in either theme.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from devtools import environment, preparation, system, testing
from devtools.paths import REPOSITORY, data_dir
from devtools.processes import ServiceError, free_port
from devtools.services import Program, python

FOLDER = REPOSITORY / "devtools" / "audit"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 3
ATTEMPTS = 3  # a browser that could not record its own trace says nothing of the page
LEAST_SCORE = 100
MOST_BYTES = 150_000
PICTURES = {"Image", "Media"}
#: The size of targets is not of WCAG 2.1, so axe asks for it only when it is told to; Lighthouse always does.
AXE = {"rules": {"target-size": {"enabled": True}}}
#: Fifty megabytes of the editor's, which no public page asks for.
EDITORS_FILES = tuple(f"--ignore={name}" for name in ("wagtail*", "djstripe", "hijack", "django_*", "account", "mfa"))


@dataclass(slots=True)
class Result:
    """What was measured of one page: scores from 0 to 100, bytes without pictures, and everything wrong."""

    path: str
    scores: dict[str, float] = field(default_factory=dict)
    kilobytes: float = 0
    problems: list[str] = field(default_factory=list)


def audit(only: str = "", runs: int = RUNS) -> int:
    """Measure every page of the list, or `only` it, or those whose path holds it; 1 when one of them fails."""
    listed = listed_pages()
    pages = [only] if only in listed else [path for path in listed if only in path]
    variables = environment.base_environment()
    preparation.prepare_assets(variables)
    preparation.prepare_messages(variables)
    prepare_lighthouse(variables)
    with served(variables) as base:
        results = [measure(base, path, runs) for path in pages]
        look(base, results)
    print_table(results)
    return exit_code(results)


def exit_code(results: list[Result]) -> int:
    """What the command ends with: 1 when something is wrong on a page, 0 when nothing is."""
    return 1 if any(result.problems for result in results) else 0


def prepare_lighthouse(variables: Mapping[str, str]) -> None:
    """Install Lighthouse as its lock says, once."""
    preparation.once(
        "lighthouse", ["devtools/audit/package-lock.json"], _install, variables, made=f"{FOLDER}/node_modules"
    )


def serve() -> int:
    """Start the server of the audit and keep it until Ctrl-C, to look at its pages."""
    variables = environment.base_environment()
    preparation.prepare_assets(variables)
    with served(variables) as base:
        print(base, flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


def listed_pages() -> list[str]:
    """The paths of the list."""
    lines = (FOLDER / "pages.txt").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@contextmanager
def served(variables: Mapping[str, str]) -> Iterator[str]:
    """The address of the product, started as in production on a new database with the supplied content."""
    address = f"127.0.0.1:{free_port()}"
    database = testing.worker_database(testing.ensure_template())
    production = {
        **variables,
        **database,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "ALLOWED_HOSTS": "127.0.0.1",
        "THERMO_BASE_URL": f"http://{address}",
        "SECURE_SSL_REDIRECT": "0",
        "BEHIND_PROXY": "0",
        "STATIC_ROOT": str(data_dir() / "audit" / "static"),
        "WEB_CONCURRENCY": "1",
    }
    command = python("-m", "gunicorn", "config.wsgi", "--config", "site/config/gunicorn.py", "--bind", address)
    server = Program(command, data_dir() / "logs" / "audit.log", production)
    try:
        for content in ("load_catalogue", "load_plans", "load_site"):
            preparation.manage(production, content)
        preparation.manage(production, "collectstatic", "--no-input", *EDITORS_FILES)
        server.start()
        _wait(f"http://{address}/healthz")
        yield f"http://{address}"
    finally:
        server.stop()
        testing.drop_worker_database(database)


def measure(base: str, path: str, runs: int) -> Result:
    """The median of several loads as a telephone makes them; a first visit fills the server's cache."""
    _fetch(base + path)
    result = judge(base, path, [lighthouse(base + path) for _ in range(runs)])
    print(path, *result.scores.values(), f"{result.kilobytes:.0f} kB", *result.problems, sep="  ", flush=True)
    return result


def judge(base: str, path: str, reports: list[dict[str, Any]]) -> Result:
    """The median of these reports of Lighthouse in each category, and all that is wrong on the page."""
    result = judge_scores(path, reports)
    requests = reports[-1]["audits"]["network-requests"]["details"]["items"]
    result.kilobytes = _check_requests(base, requests, result.problems) / 1000
    return result


def judge_scores(path: str, reports: list[dict[str, Any]]) -> Result:
    """The median of the reports in each category that they have, and what cost points in the last one."""
    result = Result(path)
    for category in reports[-1]["categories"]:
        scores = [float(report["categories"][category]["score"] or 0) for report in reports]
        result.scores[category] = round(statistics.median(scores) * 100)
        if result.scores[category] < LEAST_SCORE:
            result.problems.append(f"{category} {result.scores[category]:.0f}: {_causes(reports[-1], category)}")
    return result


def look(base: str, results: list[Result]) -> None:
    """axe on each page in both themes, and nothing wider than a telephone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system.chromium(), args=["--no-sandbox"])
        for result in results:
            for theme in ("light", "dark"):
                page = browser.new_page(color_scheme=theme, viewport={"width": 390, "height": 844}, locale="fr-FR")
                page.goto(base + result.path)
                found = Axe().run(page, options=AXE).response["violations"]
                result.problems += [f"axe, {theme}: {one['id']} ({len(one['nodes'])})" for one in found]
                if page.evaluate("document.documentElement.scrollWidth") > 390:
                    result.problems.append(f"{theme}: wider than 390 px")
                page.close()
        browser.close()


def print_table(results: list[Result]) -> None:
    """One line a page, then what is wrong."""
    print(f"\n{'page':40}" + "".join(f"{category:>16}" for category in CATEGORIES) + f"{'kB':>8}")
    for result in results:
        scores = "".join(f"{result.scores[category]:>16.0f}" for category in CATEGORIES)
        print(f"{result.path:40}{scores}{result.kilobytes:>8.1f}")
        for problem in result.problems:
            print(f"    {problem}")


def _check_requests(base: str, requests: list[dict[str, Any]], problems: list[str]) -> float:
    """Bytes that came without pictures; failures and other hosts are problems."""
    total = 0.0
    for request in requests:
        url = request["url"]
        if url.startswith(("data:", "blob:")):
            continue
        if urlsplit(url).netloc != urlsplit(base).netloc:
            problems.append(f"a request to another host: {url}")
        if not 200 <= int(request.get("statusCode") or 0) < 400:
            problems.append(f"{request.get('statusCode')} {url}")
        if request.get("resourceType") not in PICTURES:
            total += request.get("transferSize") or 0
    if total > MOST_BYTES:
        problems.append(f"{total / 1000:.0f} kB at first load")
    return total


def _causes(report: Mapping[str, Any], category: str) -> str:
    """The audits that cost points, with what they say."""
    audits = report["audits"]
    weighed = [item["id"] for item in report["categories"][category]["auditRefs"] if item["weight"]]
    bad = [key for key in weighed if audits[key]["score"] is not None and audits[key]["score"] < 1]
    return ", ".join(f"{key} {audits[key].get('displayValue', '')}".strip() for key in bad) or "no audit named"


def lighthouse(url: str, categories: Sequence[str] = CATEGORIES) -> dict[str, Any]:
    """The report of one load as a telephone makes it. ServiceError when no attempt gives one."""
    command = [
        str(Path(sys.executable).with_name("node")), str(FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"),
        url, "--output=json", "--output-path=stdout", "--quiet", "--form-factor=mobile",
        f"--only-categories={','.join(categories)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking",
    ]  # fmt: skip
    variables = {**os.environ, "CHROME_PATH": system.chromium() or ""}
    for _attempt in range(ATTEMPTS):
        done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=180, check=False)
        if not done.returncode:
            found: dict[str, Any] = json.loads(done.stdout)
            return found
    raise ServiceError(f"Lighthouse failed on {url}:\n{done.stderr[-2000:]}")


def _install(variables: Mapping[str, str]) -> None:
    npm = str(Path(sys.executable).with_name("npm"))
    preparation.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(FOLDER)], variables)


def _wait(url: str, patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            return _fetch(url)
        except (URLError, OSError):
            time.sleep(0.3)
    raise ServiceError(f"{url} does not answer; see {data_dir() / 'logs' / 'audit.log'}")


def _fetch(url: str) -> None:
    with urlopen(url, timeout=30) as response:  # noqa: S310 - our own server
        response.read()


def main() -> int:
    """Read what is asked; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m devtools.auditing", description=__doc__)
    parser.add_argument("--only", default="", help="one page of the list, or those whose path holds this")
    parser.add_argument("--runs", type=int, default=RUNS, help="how often each page is loaded")
    parser.add_argument("--serve", action="store_true", help="only start the server, until Ctrl-C")
    asked = parser.parse_args()
    try:
        return serve() if asked.serve else audit(asked.only, asked.runs)
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
