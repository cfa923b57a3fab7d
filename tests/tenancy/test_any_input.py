"""Whatever is written in the fields and the addresses of the product, it answers: a page, a message, never a failure.

Each page is asked with one value for everything that it reads, in the address and in the form: what a page looks at is
found by letting it look, so that a new field is tried by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import models, transaction
from django.http import QueryDict
from django.test import Client

from app.files.models import StoredFile
from app.files.services import store_file
from app.projects.models import Part, Project, Step
from app.quotes.models import Quote
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.tenancy.rows import make_row
from tests.tenancy.test_routes import NOT_OBJECTS, PRODUCT, Cast, Route, _required, browser_with, cast

__all__ = ["cast"]
#: What people, scripts and attackers write: unknown characters, numbers too large or not numbers, the ends of time.
VALUES = {
    "zero": "a\x00b",
    "last day": "9999-12-31",
    "first day": "0001-01-01",
    "endless": "9" * 30,
    "no number": "NaN",
    "two lines": "💥\u202e\r\nBcc: x@y.fr",
}
#: Rows as the product makes them; of other models any valid row will do.
ROWS: dict[type[models.Model], Callable[[Workshop], Any]] = {
    Project: factories.project,
    Quote: factories.quote,
    StoredFile: lambda workshop: store_file(
        workshop=workshop, actor=factories.ACTOR, name="a.pdf", content=b"%PDF-1.7 a", kind="quote",
        content_type="application/pdf",
    ),
}  # fmt: skip


@pytest.fixture
def workshop(cast: Cast, db: None) -> Workshop:
    return cast.workshop


@pytest.fixture
def owner_client(cast: Cast, db: None) -> Client:
    return browser_with(cast.owner)


@dataclass
class Told:
    """What everything that a page looks at is answered with, once it is set, and whether it looked at anything."""

    value: str | None = None
    is_asked: bool = False

    def instead_of(self, ask: Callable[..., Any], wrap: Callable[[str], Any] = str) -> Callable[..., Any]:
        """What answers with the value in the place of a method of what was sent."""

        def answer(data: QueryDict, key: str, *default: Any) -> Any:
            if self.value is None:
                return ask(data, key, *default)
            self.is_asked = True
            return wrap(self.value)

        return answer


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Whatever is asked of a query or of a form is answered by this."""
    answer = Told()
    monkeypatch.setattr(QueryDict, "get", answer.instead_of(QueryDict.get))
    monkeypatch.setattr(QueryDict, "getlist", answer.instead_of(QueryDict.getlist, lambda value: [value]))
    monkeypatch.setattr(QueryDict, "__getitem__", answer.instead_of(QueryDict.__getitem__))
    return answer


def _path(route: Route, workshop: Workshop) -> str:
    rows: dict[str, Any] = {}
    with workshop_scope(workshop.pk):
        for name in sorted(set(route.converters) - NOT_OBJECTS, key=lambda name: name != "project_pk"):
            model = _required(route, name)
            project = rows.get("project_pk")
            if project and model is Part:
                rows[name] = project.parts.first()
            elif project and model is Step:
                rows[name] = project.steps.first()
            else:
                rows[name] = ROWS[model](workshop) if model in ROWS else make_row(model, workshop)
    keys = {name: row.public_id if name == "public_id" else row.pk for name, row in rows.items() if row is not None}
    return route.path(workshop.slug, **keys)


@pytest.mark.parametrize("route", PRODUCT, ids=lambda route: route.pattern)
def test_a_page_answers_whatever_is_written(route: Route, told: Told, owner_client: Client, workshop: Workshop) -> None:
    owner_client.raise_request_exception = False
    path = _path(route, workshop)
    failed = []
    for method in ("get", "post"):
        for name, value in VALUES.items():
            with transaction.atomic():
                told.value, told.is_asked = value, False
                answer = getattr(owner_client, method)(path, {"x": "1"})
                told.value = None
                transaction.set_rollback(True)
            if answer.status_code >= 500:
                failed.append((method, name, answer.status_code))
            if not told.is_asked:  # it looks at nothing: to every other value it answers the same
                break
    assert failed == []


def test_a_zero_character_is_told_as_what_it_is_and_leaves_nothing(
    owner_client: Client, workshop: Workshop, caplog: pytest.LogCaptureFixture
) -> None:
    found = owner_client.get("/app/atelier-vulcain/recherche/?q=a%00b", headers={"accept-language": "fr"})
    assert found.status_code == 400
    assert "<h1" in found.content.decode()
    assert "request_failed" not in caplog.text
