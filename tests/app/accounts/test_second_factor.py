"""The second factor: compulsory for Owner and Admin, never bypassed, told when it changes."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import SESSION_KEY
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import one_time_code

pytestmark = pytest.mark.django_db
PAGE = "/compte/second-facteur/"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def sign_in(email: str, client: Client | None = None) -> Client:
    """A browser in which the password was typed."""
    browser = client or Client()
    browser.post("/compte/login/", {"login": email, "password": factories.PASSWORD})
    return browser


def _secret_of(user: User) -> str:
    held = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    return str(get_adapter().decrypt(held.data["secret"]))


@pytest.fixture
def bare_owner(workshop: Workshop) -> Membership:
    """An Owner who has no second factor yet."""
    return factories.member(workshop, Role.OWNER, second_factor=False, email="neuf@vulcain.test")


@pytest.mark.spec("ACT-04")
@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_until_enrolled_only_enrolment_recovery_and_signing_out_open(workshop: Workshop, role: Role) -> None:
    member = factories.member(workshop, role, second_factor=False)
    browser = sign_in(member.user.email)
    for closed in ("/app/atelier-vulcain/", "/app/", "/compte/email/", "/compte/sessions/", "/compte/profil/",
                   "/compte/password/change/", "/compte/2fa/"):  # fmt: skip
        assert browser.get(closed)["Location"] == PAGE, closed
    assert browser.post("/compte/profil/", {"first_name": "Autre"})["Location"] == PAGE
    assert User.objects.get(pk=member.user_id).first_name == "Camille"
    page = browser.get(PAGE).content.decode()
    assert page.index("/compte/2fa/totp/activate/") < page.index("/compte/2fa/webauthn/add/")
    for opened in (
        "/compte/2fa/totp/activate/",
        "/compte/2fa/webauthn/add/",
        "/compte/password/reset/",
        "/compte/logout/",
    ):
        assert browser.get(opened).status_code == 200, opened
    browser.post("/compte/logout/")
    assert browser.get("/app/")["Location"].startswith("/compte/login/")


@pytest.mark.spec("ACT-04")
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ACCOUNTANT, Role.VIEWER])
def test_it_is_optional_for_the_other_roles(workshop: Workshop, role: Role) -> None:
    browser = sign_in(factories.member(workshop, role).user.email)
    assert browser.get("/app/atelier-vulcain/").status_code == 200
    assert browser.get("/compte/profil/").status_code == 200


@pytest.mark.django_db(transaction=True)  # the message and the history follow the commit
@pytest.mark.spec("ACT-04", "ACT-05", "EML-03")
def test_enrolling_opens_the_workshop_shows_the_codes_once_and_is_told(
    bare_owner: Membership, workshop: Workshop, mailoutbox: list[EmailMessage]
) -> None:
    browser = sign_in(bare_owner.user.email)
    form = browser.get("/compte/2fa/totp/activate/").context["form"]
    answer = browser.post("/compte/2fa/totp/activate/", {"code": one_time_code(form.secret)})
    assert answer["Location"] == "/compte/2fa/recovery-codes/"
    shown = browser.get("/compte/2fa/recovery-codes/").content.decode()
    codes = RecoveryCodes(Authenticator.objects.get(user=bare_owner.user, type="recovery_codes")).get_unused_codes()
    assert len(codes) == 10 and all(code in shown for code in codes)
    again = browser.get("/compte/2fa/recovery-codes/").content.decode()
    assert not any(code in again for code in codes)
    assert browser.get("/compte/2fa/recovery-codes/download/").status_code == 403
    assert browser.get("/app/atelier-vulcain/").status_code == 200
    assert [mail.to for mail in mailoutbox] == [[bare_owner.user.email]]
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.filter(action="account.second_factor_added", user=bare_owner.user).count() == 1


@pytest.mark.spec("ACT-04")
@pytest.mark.parametrize(("later", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_wrong(owner: Membership, later: int, opens: bool) -> None:
    browser = sign_in(owner.user.email)
    with time_machine.travel(NOON, tick=False):
        browser.post("/compte/2fa/authenticate/", {"code": one_time_code(_secret_of(owner.user), later)})
    assert (SESSION_KEY in browser.session) == opens


@pytest.mark.spec("ACT-04")
def test_a_code_opens_once_for_as_long_as_it_lives(owner: Membership) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        code, opened = one_time_code(_secret_of(owner.user), later=1), list[bool]()
        for half_minute in range(3):
            browser = sign_in(owner.user.email)
            answer = browser.post("/compte/2fa/authenticate/", {"code": f"{code[:3]}{' ' * half_minute}{code[3:]}"})
            opened.append(SESSION_KEY in browser.session)
            clock.shift(29)
            # allauth forgets it after a period; Redis has a clock of its own, which does not travel.
            cache.delete(f"allauth.mfa.totp.used?user={owner.user.pk}&code={code}")
    assert opened == [True, False, False]
    assert answer.context["form"].errors["code"]


@pytest.mark.spec("ACT-05")
def test_a_wrong_code_enrols_nothing(bare_owner: Membership) -> None:
    browser = sign_in(bare_owner.user.email)
    browser.get("/compte/2fa/totp/activate/")
    browser.post("/compte/2fa/totp/activate/", {"code": "000000"})
    assert not Authenticator.objects.filter(user=bare_owner.user).exists()


@pytest.mark.spec("ACT-05", "EML-03")
def test_taking_it_away_asks_the_password_again_is_mailed_and_kept_in_each_workshop(
    owner: Membership, workshop: Workshop, other_workshop: Workshop, mailoutbox: list[EmailMessage]
) -> None:
    factories.member(other_workshop, Role.VIEWER, user=owner.user)
    browser = sign_in(owner.user.email)
    browser.post("/compte/2fa/authenticate/", {"code": one_time_code(_secret_of(owner.user))})
    assert "reauthenticate" in browser.post("/compte/2fa/totp/deactivate/")["Location"]
    assert Authenticator.objects.filter(user=owner.user).exists()
    browser.post("/compte/reauthenticate/", {"password": factories.PASSWORD})
    assert browser.post("/compte/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=owner.user).exists()
    assert mailoutbox[-1].to == [owner.user.email]
    for place in (workshop, other_workshop):
        with workshop_scope(place.pk):
            assert AuditEntry.objects.filter(action="account.second_factor_removed", user=owner.user).count() == 1
    assert browser.get("/app/atelier-vulcain/")["Location"] == PAGE


@pytest.mark.spec("ACT-04", "ACT-03")
def test_the_password_alone_does_not_sign_an_owner_in(owner: Membership) -> None:
    browser = sign_in(owner.user.email)
    assert browser.get("/app/atelier-vulcain/")["Location"].startswith("/compte/login/")
    browser.post("/compte/2fa/authenticate/", {"code": "000000"})
    assert browser.get("/app/atelier-vulcain/")["Location"].startswith("/compte/login/")
    browser.post("/compte/2fa/authenticate/", {"code": one_time_code(_secret_of(owner.user))})
    assert browser.get("/app/atelier-vulcain/").status_code == 200


def _code_by_mail(browser: Client, email: str, mailoutbox: list[EmailMessage]) -> Any:
    browser.post("/compte/login/code/", {"email": email})
    found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", str(mailoutbox[-1].body))
    assert found, mailoutbox[-1].body
    return browser.post("/compte/login/code/confirm/", {"code": found[0]})


@pytest.mark.spec("ACT-07", "ACT-04")
def test_a_code_by_mail_does_not_replace_the_second_factor(
    owner: Membership, mailoutbox: list[EmailMessage], client: Client
) -> None:
    answer = _code_by_mail(client, owner.user.email, mailoutbox)
    assert answer["Location"].startswith("/compte/2fa/authenticate/")
    assert client.get("/app/atelier-vulcain/")["Location"].startswith("/compte/login/")


@pytest.mark.spec("ACT-07", "ACT-04")
def test_a_code_by_mail_does_not_spare_the_enrolment(
    bare_owner: Membership, mailoutbox: list[EmailMessage], client: Client
) -> None:
    _code_by_mail(client, bare_owner.user.email, mailoutbox)
    assert client.get("/app/atelier-vulcain/")["Location"] == PAGE


@pytest.mark.spec("ACT-04", "ACT-03")
def test_a_new_password_does_not_replace_the_second_factor(
    owner: Membership, mailoutbox: list[EmailMessage], client: Client
) -> None:
    client.post("/compte/password/reset/", {"email": owner.user.email})
    found = re.search(r"http://testserver(/compte/password/reset/key/\S+)", str(mailoutbox[-1].body))
    assert found
    page = client.get(found[1], follow=True)
    client.post(
        page.request["PATH_INFO"], {"password1": "un autre mot de passe 43", "password2": "un autre mot de passe 43"}
    )
    browser = Client()
    browser.post("/compte/login/", {"login": owner.user.email, "password": "un autre mot de passe 43"})
    assert browser.get("/app/atelier-vulcain/")["Location"].startswith("/compte/login/")
    assert "2fa/authenticate" in browser.get("/compte/2fa/authenticate/").request["PATH_INFO"]
    assert client.get("/app/atelier-vulcain/")["Location"].startswith("/compte/login/")


@pytest.mark.spec("ACT-05")
def test_a_recovery_code_opens_once(owner: Membership) -> None:
    code = RecoveryCodes.activate(owner.user).get_unused_codes()[0]
    browser = sign_in(owner.user.email)
    browser.post("/compte/2fa/authenticate/", {"code": code})
    assert browser.get("/app/atelier-vulcain/").status_code == 200
    second = sign_in(owner.user.email)
    second.post("/compte/2fa/authenticate/", {"code": code})
    assert second.get("/app/atelier-vulcain/")["Location"].startswith("/compte/login/")


def test_the_secret_is_not_readable_in_the_database(owner: Membership) -> None:
    held = Authenticator.objects.get(user=owner.user, type=Authenticator.Type.TOTP)
    assert _secret_of(owner.user) not in str(held.data)
