"""The backoffice exists for the publisher only."""

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver, reverse

from app.accounts.models import User
from app.tenancy.models import Membership
from tests import factories
from tests.conftest import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BOF-01")]


def _pages() -> list[object]:
    resolver = next(found for found in get_resolver().url_patterns if getattr(found, "app_name", "") == "backoffice")
    return [pattern for pattern in resolver.url_patterns if pattern.name != "sign_in"]


def test_every_page_is_the_publishers() -> None:
    assert _pages()
    assert [page for page in _pages() if not getattr(page.callback, "publisher_page", False)] == []  # type: ignore[attr-defined]


def test_to_anybody_else_it_does_not_exist(owner: Membership, client: Client) -> None:
    editor = factories.person(is_staff=True)
    browser = Client()
    browser.force_login(editor, backend="app.accounts.backends.PersonBackend")
    for stranger in (client, signed_in(owner), browser):
        assert stranger.get("/editeur/").status_code == 404


@pytest.mark.parametrize("name", [pattern.name for pattern in _pages() if pattern.name != "sign_in"])  # type: ignore[attr-defined]
def test_no_address_exists_for_a_member(name: str, owner: Membership, client: Client) -> None:
    pattern = next(found for found in _pages() if found.name == name)  # type: ignore[attr-defined]
    arguments = dict.fromkeys(pattern.pattern.converters, owner.workshop_id)  # type: ignore[attr-defined]
    path = reverse(f"backoffice:{name}", kwargs=arguments)
    for stranger in (client, signed_in(owner)):
        assert stranger.get(path).status_code == stranger.post(path).status_code == 404


def test_the_publisher_needs_its_second_factor() -> None:
    user = factories.person(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(user, backend="app.accounts.backends.PersonBackend")
    assert browser.get("/editeur/").headers["Location"] == "/compte/second-facteur/"


def test_the_publisher_opens_it(publisher_client: Client) -> None:
    assert publisher_client.get("/editeur/").status_code == 200


@override_settings(BACKOFFICE_HOST="editeur.thermogestion.test", ALLOWED_HOSTS=["*"])
def test_with_a_host_of_its_own_it_is_nowhere_else(publisher_client: Client, client: Client) -> None:
    assert publisher_client.get("/editeur/").status_code == 404
    assert client.get("/editeur/connexion/").status_code == 404
    assert publisher_client.get("/editeur/", headers={"host": "editeur.thermogestion.test"}).status_code == 200


def test_a_member_who_signs_in_there_gets_the_answer_of_a_wrong_password(owner: Membership, client: Client) -> None:
    right = client.post("/editeur/connexion/", {"login": owner.user.email, "password": factories.PASSWORD})
    wrong = client.post("/editeur/connexion/", {"login": owner.user.email, "password": "autre chose"})
    message = "L’adresse e-mail ou le mot de passe"
    assert right.status_code == wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    assert (message in right.content.decode()) == (message in wrong.content.decode())
    assert right.context["form"].errors == wrong.context["form"].errors


def test_the_publishers_password_leads_to_its_second_factor(publisher: User, client: Client) -> None:
    answer = client.post("/editeur/connexion/", {"login": publisher.email, "password": factories.PASSWORD})
    assert answer.status_code == 302
    assert "/compte/2fa/" in answer.headers["Location"]
    assert "_auth_user_id" not in client.session
