"""From the sign-up form to the open workshop."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from app.accounts.constants import DOCUMENT_PATHS, SUPPLIED_VERSION
from app.accounts.models import Consent, User, WorkshopRequest
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.app.accounts.urls")]
FORM = {
    "workshop_name": "Laquage des Alpes",
    "email": "lea@alpes.test",
    "telephone": "06 12 34 56 78",
    "password1": factories.PASSWORD,
    "accepts_terms": "on",
    "accepts_privacy": "on",
    "accepts_processing": "on",
    "website": "",
}


def _sign_up(client: Client, **changes: Any) -> Any:
    return client.post("/inscription/", {**FORM, **changes})


def _confirm(client: Client, mail: EmailMessage) -> Any:
    path = re.search(r"http://testserver(/compte/confirm-email/\S+/)", str(mail.body))
    assert path, mail.body
    return client.post(path[1])


@pytest.mark.spec("ACT-01", "ACT-02")
def test_the_form_asks_for_the_workshop_and_ticks_no_consent(client: Client) -> None:
    page = client.get("/inscription/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "checked" not in html
    for name in FORM:
        assert f'name="{name}"' in html
    assert 'style="' not in html


@pytest.mark.parametrize(("first", "last", "shown"), [("Léa", "Blanc", "Léa Blanc"), ("", "", "lea@alpes.test")])
def test_the_name_is_asked_for_and_may_be_left_out(client: Client, first: str, last: str, shown: str) -> None:
    assert _sign_up(client, first_name=first, last_name=last).status_code == 302
    assert str(User.objects.get(email="lea@alpes.test")) == shown


@pytest.mark.spec("ACT-01", "ACT-02")
def test_signing_up_keeps_the_request_and_three_consents_but_opens_nothing(client: Client) -> None:
    response = _sign_up(client)
    assert response.status_code == 302
    user = User.objects.get(email="lea@alpes.test")
    assert str(user.phone) == "+33612345678"
    assert WorkshopRequest.objects.get(user=user).workshop_name == "Laquage des Alpes"
    consents = Consent.objects.filter(user=user)
    assert {(consent.document, consent.version) for consent in consents} == {
        (document, SUPPLIED_VERSION) for document in DOCUMENT_PATHS
    }
    assert all(consent.ip == "127.0.0.1" and consent.given_at for consent in consents)
    assert not EmailAddress.objects.get(user=user).verified
    with platform_scope():
        assert not Workshop.objects.exists()
    assert client.get("/app/").status_code == 302  # not signed in


@pytest.mark.spec("ACT-02")
@pytest.mark.parametrize("name", ["accepts_terms", "accepts_privacy", "accepts_processing"])
def test_each_consent_is_needed(client: Client, name: str) -> None:
    form = {key: value for key, value in FORM.items() if key != name}
    response = client.post("/inscription/", form)
    assert response.status_code == 422
    assert not User.objects.exists()
    assert not Consent.objects.exists()
    # The label of the box links to what is accepted; in the summary the whole line leads to the box, and nowhere else.
    page = response.content.decode()
    [summary] = re.findall(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    assert re.findall(r'href="([^"]*)"', summary) == [f"#id_{name}"]
    label = re.search(rf'<label[^>]*for="id_{name}"[^>]*>(.*?)</label>', page, re.DOTALL)
    assert label and 'href="/' in label[1]


@pytest.mark.spec("ACT-01")
@pytest.mark.parametrize(
    "changes",
    [
        {"telephone": "12"},
        {"telephone": ""},
        {"workshop_name": "  "},
        {"workshop_name": "--"},
        {"email": "lea"},
        {"password1": "court"},
    ],
)
def test_bad_input_is_refused(client: Client, changes: dict[str, str]) -> None:
    assert _sign_up(client, **changes).status_code == 422
    assert not User.objects.exists()


@pytest.mark.spec("ACT-03")
def test_an_address_that_has_an_account_gets_the_same_screen_and_another_mail(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    known = factories.person(email="lea@alpes.test")
    fresh = _sign_up(Client(), email="neuve@alpes.test")
    again = _sign_up(client, email="LEA@alpes.test")
    assert (again.status_code, again["Location"]) == (fresh.status_code, fresh["Location"])
    assert client.get(again["Location"]).status_code == 200
    assert User.objects.filter(email__iexact="lea@alpes.test").get() == known
    assert not WorkshopRequest.objects.filter(user=known).exists()
    to_known = [mail for mail in mailoutbox if mail.to == ["lea@alpes.test"]]
    assert len(to_known) == 1 and "/compte/password/reset/" in str(to_known[0].body)


def test_a_robot_that_fills_the_trap_sees_nothing_and_opens_nothing(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    assert _sign_up(client, website="http://spam.test").status_code == 302
    assert not User.objects.exists()
    assert not mailoutbox


@pytest.mark.spec("ACT-01", "EML-01", "ROL-01")
def test_the_confirmed_person_owns_the_workshop_and_is_sent_to_the_second_factor(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    _sign_up(client)
    response = _confirm(client, mailoutbox[0])
    assert response["Location"].endswith("/app/")
    assert client.get("/app/")["Location"] == "/compte/second-facteur/"
    with platform_scope():
        workshop = Workshop.objects.get()
        membership = Membership.objects.get(workshop=workshop)
    assert workshop.slug == "laquage-des-alpes"
    assert (str(workshop.phone), workshop.email) == ("+33612345678", "lea@alpes.test")
    assert membership.roles == [Role.OWNER]
    assert client.get("/app/laquage-des-alpes/")["Location"] == "/compte/second-facteur/"
    client.get("/app/")
    with platform_scope():
        assert Workshop.objects.count() == 1


@pytest.mark.spec("EML-01")
def test_the_confirmation_can_be_sent_again_and_an_old_link_says_so(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    _sign_up(client)
    cache.clear()  # the few minutes between two messages have passed
    client.post("/compte/renvoyer-la-confirmation/", {"email": "lea@alpes.test"})
    assert [mail.to for mail in mailoutbox] == [["lea@alpes.test"]] * 2
    expired = client.get("/compte/confirm-email/Mg:1abcde:xxxx/")
    assert expired.status_code == 200
    assert "/compte/renvoyer-la-confirmation/" in expired.content.decode()


@pytest.mark.spec("ACT-03")
@pytest.mark.parametrize("email", ["personne@exemple.test", "lea@alpes.test"])
def test_asking_for_the_confirmation_says_the_same_for_every_address(
    client: Client, email: str, mailoutbox: list[EmailMessage]
) -> None:
    factories.person(email="lea@alpes.test")
    response = client.post("/compte/renvoyer-la-confirmation/", {"email": email}, follow=True)
    assert response.status_code == 200
    client.post("/compte/renvoyer-la-confirmation/", {"email": email})
    assert [mail.to for mail in mailoutbox] == [[email]]  # once per few minutes


def test_the_libraries_address_leads_to_the_page_of_the_site(client: Client) -> None:
    assert client.get("/compte/signup/?email=a@b.test")["Location"] == "/inscription/?email=a@b.test"


@pytest.mark.spec("ACT-01")
def test_a_sign_up_that_is_interrupted_leaves_nothing_and_can_be_done_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(**_values: Any) -> None:
        raise ConnectionError("the process dies here")

    with monkeypatch.context() as broken:
        broken.setattr("app.accounts.forms.keep_sign_up", interrupted)
        with pytest.raises(ConnectionError):
            _sign_up(client)
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()
    assert _sign_up(client).status_code == 302
    assert WorkshopRequest.objects.get().user.email == "lea@alpes.test"


@pytest.mark.spec("ACT-01", "TEN-07")
def test_who_is_signed_in_is_led_to_a_workshop_of_their_own(client: Client) -> None:
    client.force_login(factories.person(), backend="app.accounts.backends.PersonBackend")
    assert client.get("/inscription/").headers["Location"] == "/compte/mon-atelier/"
