"""Lighthouse on a page of each face. The others, and the speed of all, are measured by `make audit`."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from pytest_django.live_server_helper import LiveServer

from devtools import auditing, environment

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
#: What does not depend on how busy the machine is.
STEADY = ("accessibility", "best-practices", "seo")
PAGES = ("/", "/blog/calculer-consommation-poudre/", "/aide/premier-devis/")


@pytest.mark.spec("SEO-02")
@pytest.mark.usefixtures("site")
def test_lighthouse_gives_100_but_for_speed(live_server: LiveServer) -> None:
    auditing.prepare_lighthouse(environment.base_environment())
    problems = []
    with ThreadPoolExecutor() as together:  # it mostly waits for its page to be quiet
        reports = list(together.map(lambda path: auditing.lighthouse(live_server.url + path, STEADY), PAGES))
    for path, report in zip(PAGES, reports, strict=True):
        result = auditing.judge_scores(path, [report])
        assert set(result.scores) == set(STEADY)
        problems += [f"{path}: {problem}" for problem in result.problems]
    assert not problems, "\n".join(problems)
