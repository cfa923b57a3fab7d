"""Somebody with an account opens a workshop of their own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from app.accounts.models import Consent, User
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope
from tests import factories
from tests.conftest import signed_in

PAGE = "/compte/mon-atelier/"
FORM = {
    "workshop_name": "Laquage des Alpes", "telephone": "06 12 34 56 78", "accepts_terms": "on",
    "accepts_privacy": "on", "accepts_processing": "on",
}  # fmt: skip


def owned(user: User) -> list[str]:
    with platform_scope():
        return [
            member.workshop.name
            for member in Membership.objects.select_related("workshop").filter(user=user, roles__contains=["owner"])
        ]


@pytest.mark.spec("TEN-07", "ACT-01", "ACT-02")
def test_a_member_elsewhere_opens_their_own_and_keeps_the_other(operator: Membership, operator_client: Client) -> None:
    assert operator_client.get(PAGE).status_code == 200
    opened = operator_client.post(PAGE, FORM)
    assert opened.headers["Location"] == "/app/"
    assert owned(operator.user) == ["Laquage des Alpes"]
    assert Consent.objects.filter(user=operator.user).count() == 4
    # Its Owner now needs a second factor, as any other.
    assert operator_client.get("/app/").headers["Location"] == "/compte/second-facteur/"
    with platform_scope():
        assert Membership.objects.filter(user=operator.user).count() == 2


@pytest.mark.spec("ACT-01")
def test_who_belongs_nowhere_any_more_is_shown_the_way(client: Client, db: None) -> None:
    client.force_login(factories.person(), backend="app.accounts.backends.PersonBackend")
    assert PAGE in client.get("/app/").content.decode()


@pytest.mark.spec("ACT-02")
@pytest.mark.parametrize("name", FORM)
def test_what_is_missing_is_said_and_opens_nothing(operator: Membership, operator_client: Client, name: str) -> None:
    answer = operator_client.post(PAGE, {key: value for key, value in FORM.items() if key != name} | {"x": "1"})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert owned(operator.user) == []


def test_an_owner_and_a_visitor_open_nothing(owner: Membership, owner_client: Client, client: Client) -> None:
    for member, address in ((owner_client, "/app/"), (client, f"/compte/login/?next={PAGE}")):
        assert member.get(PAGE).headers["Location"] == address
        assert member.post(PAGE, FORM).headers["Location"] == address
    assert owned(owner.user) == ["Atelier Vulcain"]


@pytest.fixture
def operator_of_a_shop(transactional_db: None) -> Iterator[Membership]:
    yield factories.member(factories.workshop(), Role.OPERATOR)


@pytest.mark.spec("ACT-01")
def test_several_clicks_open_one(operator_of_a_shop: Membership) -> None:
    clients = [signed_in(operator_of_a_shop) for _click in range(4)]

    def click(client: Client) -> Any:
        try:
            return client.post(PAGE, FORM).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, clients)) == [302] * 4
    with platform_scope():
        assert Workshop.objects.filter(name="Laquage des Alpes").count() == 1
