"""A page that fails after it has written leaves nothing of it: the request is one transaction."""

import pytest
from django.db import DataError
from django.test import Client

from app.audit.models import AuditEntry
from app.tenancy.models import Site, Workshop
from app.tenancy.scope import workshop_scope

pytestmark = [pytest.mark.django_db, pytest.mark.spec("AUD-04", "TEN-03")]
PAGE = "/app/atelier-vulcain/reglages/sites/"


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (RuntimeError("a fault of ours"), 500),
        (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), 400),
    ],
)
@pytest.mark.parametrize("place", ["messages.success", "redirect"])
def test_what_was_written_before_a_failure_is_undone_and_the_page_says_so(
    owner_client: Client, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int,
    place: str,
) -> None:  # fmt: skip
    owner_client.get(PAGE)  # makes the main site

    def fails(*_values: object) -> None:
        raise failure

    owner_client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(f"app.workshops.views.sites.{place}", fails)
        answer = owner_client.post(PAGE, {"name": "Dépôt de Lyon"})
    assert answer.status_code == status
    assert "<h1" in answer.content.decode()
    with workshop_scope(workshop.pk):
        assert not Site.objects.filter(name="Dépôt de Lyon").exists()
        assert not AuditEntry.objects.filter(action="site.saved").exists()
    assert owner_client.post(PAGE, {"name": "Dépôt de Lyon"}).status_code == 302


def test_a_page_that_fails_while_it_is_drawn_leaves_nothing(
    owner_client: Client, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_values: object) -> None:
        raise RuntimeError("a fault of ours")

    owner_client.raise_request_exception = False
    monkeypatch.setattr("app.workshops.views.sites.render", fails)
    assert owner_client.get(PAGE).status_code == 500
    with workshop_scope(workshop.pk):
        assert not Site.objects.exists()
