"""What makes `make audit` fail, on a report that Lighthouse gave for a page of the site (cut to what is read)."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from devtools import auditing

BASE = "http://127.0.0.1:8000"
STORED = json.loads((Path(__file__).parent / "lighthouse_report.json").read_text(encoding="utf-8"))


def report(**scores: float) -> dict[str, Any]:
    """The stored report with all its categories at 100, but these."""
    made: dict[str, Any] = copy.deepcopy(STORED)
    for name, category in made["categories"].items():
        category["score"] = scores.get(name.replace("-", "_"), 1.0)
    return made


def judged(*reports: dict[str, Any]) -> auditing.Result:
    return auditing.judge(BASE, "/en/", list(reports))


def test_a_page_at_100_everywhere_passes() -> None:
    result = judged(report(), report(), report())
    assert result.scores == {"performance": 100, "accessibility": 100, "best-practices": 100, "seo": 100}
    assert (result.problems, auditing.exit_code([result])) == ([], 0)
    assert 0 < result.kilobytes < 150


@pytest.mark.spec("SEO-02")
@pytest.mark.parametrize("category", ["performance", "accessibility", "best_practices", "seo"])
def test_one_point_less_in_one_category_fails_and_says_which(category: str) -> None:
    result = judged(*[report(**{category: 0.99})] * 3)
    assert [problem.partition(" ")[0] for problem in result.problems] == [category.replace("_", "-")]
    assert auditing.exit_code([judged(report()), result]) == 1


def test_the_report_as_it_came_names_the_audit_that_cost_points() -> None:
    result = judged(STORED)
    assert result.problems == ["performance 91: total-blocking-time 390\u00a0ms"]


def test_the_median_counts_and_not_the_best_nor_the_worst() -> None:
    one_bad = judged(report(performance=0.8), report(), report())
    two_bad = judged(report(performance=0.8), report(), report(performance=0.9))
    assert (one_bad.scores["performance"], one_bad.problems) == (100, [])
    assert two_bad.scores["performance"] == 90
    assert two_bad.problems


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"statusCode": 404}, f"404 {BASE}/static/x.js"),
        ({"statusCode": 500}, f"500 {BASE}/static/x.js"),
        ({"statusCode": -1}, f"-1 {BASE}/static/x.js"),
        ({"url": "https://cdn.test/x.js"}, "a request to another host: https://cdn.test/x.js"),
        ({"transferSize": 90_000}, "kB at first load"),
    ],
)
def test_a_resource_that_fails_comes_from_elsewhere_or_is_too_heavy_fails(values: dict[str, Any], said: str) -> None:
    made = report()
    loaded = {"url": f"{BASE}/static/x.js", "statusCode": 200, "transferSize": 10, "resourceType": "Script"}
    made["audits"]["network-requests"]["details"]["items"].append({**loaded, **values})
    assert [said in problem for problem in judged(made).problems] == [True]


@pytest.mark.spec("SEO-02")
def test_the_pages_of_the_product_that_must_be_measured_are_listed() -> None:
    listed = auditing.listed_pages()
    assert {"/", "/fonctionnalites/", "/tarifs/", "/blog/calculer-consommation-poudre/", "/aide/premier-devis/",
            "/status/", "/en/"} <= set(listed)  # fmt: skip
    assert auditing.RUNS == 3
