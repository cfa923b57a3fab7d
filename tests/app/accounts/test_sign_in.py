"""Signing in: what is told, what is not, and what follows a person from one device to another."""

import re

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.mail import EmailMessage
from django.test import Client

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.kernel.zones import zone_choices
from app.notify.models import PlatformEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.accounts.test_second_factor import sign_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def _words(content: bytes, email: str) -> str:
    """A page without the address nor what is drawn at random for each request."""
    names = 'name="csrfmiddlewaretoken" value|nonce|name="csp-nonce" content|data-csrf|X-CSRFToken'
    random = rf'({names})["\']?[=:]\s*["\'][^"\']*'
    return re.sub(random, "", content.decode().replace(email, ""))


@pytest.mark.spec("ACT-03")
def test_a_wrong_password_and_an_unknown_address_look_the_same(person: User) -> None:
    pages = []
    for email in (person.email, "inconnu@exemple.test"):
        answer = Client().post("/compte/login/", {"login": email, "password": "faux mot de passe 1"})
        pages.append((answer.status_code, _words(answer.content, email)))
    assert pages[0] == pages[1]


@pytest.mark.spec("ACT-03")
def test_both_cost_one_computation_of_a_password(person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        computed.append(salt)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for email in (person.email, "inconnu@exemple.test"):
        computed.clear()
        Client().post("/compte/login/", {"login": email, "password": "faux mot de passe 1"})
        counts.append(len(computed))
    assert counts[0] >= 1 and counts[1] >= 1


@pytest.mark.spec("ACT-03")
@pytest.mark.parametrize("path", ["/compte/password/reset/", "/compte/login/code/"])
def test_a_reset_and_a_code_answer_and_write_the_same_for_every_address(
    person: User, path: str, mailoutbox: list[EmailMessage]
) -> None:
    answers = []
    for email in (person.email, "inconnu@exemple.test"):
        browser = Client()
        answer = browser.post(path, {"email": email})
        shown = browser.get(answer["Location"])
        answers.append((answer.status_code, answer["Location"], shown.status_code, _words(shown.content, email)))
    assert answers[0] == answers[1]
    assert [mail.to for mail in mailoutbox] == [[person.email], ["inconnu@exemple.test"]]


@pytest.mark.spec("ACT-06")
def test_repeated_failures_close_the_sign_in_for_a_while(person: User) -> None:
    browser = Client()
    for _attempt in range(8):
        last = browser.post("/compte/login/", {"login": person.email, "password": "faux mot de passe 1"})
    assert last.status_code in (200, 429)
    browser.post("/compte/login/", {"login": person.email, "password": factories.PASSWORD})
    assert browser.get("/app/")["Location"].startswith("/compte/login/")


@pytest.mark.spec("EML-03")
def test_a_new_device_is_told_by_mail_and_in_the_history_once(operator: Membership, workshop: Workshop) -> None:
    sign_in(operator.user.email)  # the first one ever tells nothing
    assert not PlatformEmail.objects.filter(kind="new_device").exists()
    browser = Client(headers={"user-agent": FIREFOX})
    sign_in(operator.user.email, browser)
    mail = PlatformEmail.objects.get(kind="new_device")
    assert mail.to == operator.user.email and "Firefox · Windows" in mail.text
    browser.post("/compte/logout/")
    sign_in(operator.user.email, browser)
    assert PlatformEmail.objects.filter(kind="new_device").count() == 1
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.filter(action="account.signed_in").count() == 1


def test_a_forged_device_cookie_is_not_believed(operator: Membership) -> None:
    sign_in(operator.user.email)
    browser = Client()
    browser.cookies["known_device"] = f"{operator.user_id}:forged"
    sign_in(operator.user.email, browser)
    assert PlatformEmail.objects.filter(kind="new_device").count() == 1


@pytest.mark.spec("ACT-11")
def test_the_other_sessions_are_seen_and_ended(operator: Membership) -> None:
    elsewhere, here = Client(headers={"user-agent": FIREFOX}), Client()
    sign_in(operator.user.email, elsewhere)
    sign_in(operator.user.email, here)
    page = here.get("/compte/sessions/").content.decode()
    assert "Firefox" in page and "127.0.0.1" in page
    here.post("/compte/sessions/")
    assert elsewhere.get("/app/")["Location"].startswith("/compte/login/")
    assert here.get("/app/atelier-vulcain/").status_code == 200
    assert UserSession.objects.filter(user=operator.user).count() == 1


@pytest.mark.spec("ACT-12", "TEN-15")
def test_a_person_changes_their_name_language_zone_and_theme(operator_client: Client, operator: Membership) -> None:
    form = {
        "first_name": "Oscar",
        "last_name": "Petit",
        "phone": "0612345678",
        "language": "en",
        "time_zone": "Indian/Reunion",
        "theme": "dark",
    }
    assert operator_client.post("/compte/profil/", form).status_code == 302
    person = User.objects.get(pk=operator.user_id)
    assert (person.first_name, person.language, person.time_zone, person.theme) == (
        "Oscar",
        "en",
        "Indian/Reunion",
        "dark",
    )
    assert operator_client.post("/compte/profil/", {**form, "time_zone": "Mars/Base"}).status_code == 422
    assert operator_client.post("/compte/profil/", {**form, "first_name": ""}).status_code == 422
    assert User.objects.get(pk=operator.user_id).time_zone == "Indian/Reunion"
    zones = operator_client.get("/compte/profil/").context["form"].fields["time_zone"].choices
    assert zones == zone_choices() and zones[0][0] == "Europe/Paris"  # the same list as a workshop's
    assert 'data-theme="dark"' in operator_client.get("/compte/profil/").content.decode()


@pytest.mark.spec("SCR-01", "TEN-07")
def test_a_person_of_two_workshops_chooses_and_one_of_none_is_told(
    operator: Membership, other_workshop: Workshop, operator_client: Client, person: User
) -> None:
    assert operator_client.get("/app/")["Location"] == "/app/atelier-vulcain/"
    with workshop_scope(other_workshop.pk):
        Membership.objects.create(workshop=other_workshop, user=operator.user, roles=["viewer"])
    page = operator_client.get("/app/").content.decode()
    assert "/app/atelier-vulcain/" in page and "/app/laquage-concurrent/" in page
    assert operator_client.get("/app/laquage-concurrent/").status_code == 200
    alone = Client()
    alone.force_login(person, backend="app.accounts.backends.PersonBackend")
    assert alone.get("/app/").status_code == 200
    assert person.email in alone.get("/app/").content.decode()


def test_a_closed_account_ends_the_sessions_that_are_open(operator: Membership, operator_client: Client) -> None:
    assert operator_client.get("/app/atelier-vulcain/").status_code == 200
    User.objects.filter(pk=operator.user_id).update(is_active=False)
    answer = operator_client.get("/app/atelier-vulcain/")
    assert (answer.status_code, answer["Location"]) == (302, "/compte/login/?next=/app/atelier-vulcain/")


def test_nothing_of_a_workshop_is_kept_by_the_browser_not_even_a_refusal(
    operator_client: Client, owner_client: Client
) -> None:
    pages = [
        owner_client.get("/app/atelier-vulcain/clients/"),
        operator_client.get("/app/atelier-vulcain/reglages/equipe/"),
    ]
    assert [page.status_code for page in pages] == [200, 403]
    assert all({"no-store", "private"} <= set(page["Cache-Control"].split(", ")) for page in pages)
