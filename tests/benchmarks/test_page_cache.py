"""A public page from memory beside the same page drawn: compare the two rows of one run."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.template.base import Template
from django.test import RequestFactory
from django.test.client import ClientHandler
from django.test.utils import _TestState
from pytest_django import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.benchmark(group="page cache")]
PAGES = ("/", "/blog/temperature-piece-four/")


@pytest.fixture(autouse=True)
def as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages as production draws them."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)
    gc.collect()
    gc.freeze()


@pytest.fixture
def site(db: None) -> Iterator[None]:
    for command in ("load_catalogue", "load_plans", "load_site"):
        call_command(command, verbosity=0)
    yield


def visit(path: str) -> Callable[[], None]:
    """The whole chain of middlewares, without the test client's own work around it."""
    handler, factory = ClientHandler(enforce_csrf_checks=True), RequestFactory()
    handler.load_middleware()

    def ask() -> None:
        request = factory.get(path, headers={"accept-encoding": "br"})
        response: Any = handler.get_response(request)
        assert response.status_code == 200

    return ask


@pytest.mark.parametrize("path", PAGES)
def test_drawn(benchmark: Any, site: None, settings: Settings, path: str) -> None:
    settings.PAGE_CACHE_SECONDS = 0
    benchmark(visit(path))


@pytest.mark.parametrize("path", PAGES)
def test_from_memory(benchmark: Any, site: None, settings: Settings, path: str) -> None:
    settings.PAGE_CACHE_SECONDS = 300
    ask = visit(path)
    ask()
    benchmark(ask)
