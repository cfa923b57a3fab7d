"""The contact form: nothing lost, nothing twice, no program's mail; calls asked for by workshops."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cms.models import PublisherSettings
from contact import forms
from contact.constants import State
from contact.models import Message
from contact.services import forget_old_messages
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from app.notify.models import PlatformEmail
from app.tenancy.permissions import Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
WRITTEN = {
    "subject": "question",
    "name": "Nadia  Roux",
    "email": "nadia@exemple.fr",
    "phone": "0612345678",
    "workshop": "Atelier Roux",
    "text": "Bonjour, traitez-vous l’aluminium <b>moulé</b> ?",
    "website": "",
}


@pytest.fixture(autouse=True)
def _afresh() -> None:
    cache.clear()
    settings = PublisherSettings.for_site(Site.objects.get(is_default_site=True))
    settings.email = "support@thermogestion.test"
    settings.save()


def stamp(age: float = 60) -> str:
    """A form shown that many seconds ago."""
    with time_machine.travel(timezone.now() - timedelta(seconds=age)):
        return forms.new_stamp()


def send(client: Client, address: str = "/contact/", **changed: Any) -> Any:
    return client.post(address, {**WRITTEN, "issued": stamp(), **changed})


@pytest.mark.spec("SIT-11")
def test_a_message_is_kept_and_both_sides_are_told(client: Client) -> None:
    response = send(client)
    assert (response.status_code, response["Location"]) == (302, "/contact/?merci")
    message = Message.objects.get()
    assert (message.name, message.phone, message.state) == ("Nadia Roux", "06 12 34 56 78", State.NEW)
    mails = {mail.to: mail for mail in PlatformEmail.objects.all()}
    assert set(mails) == {"nadia@exemple.fr", "support@thermogestion.test"}
    assert "aluminium" in mails["support@thermogestion.test"].html
    assert "<b>moulé" not in mails["support@thermogestion.test"].html
    assert f"/editeur/messages/{message.pk}/" in mails["support@thermogestion.test"].text
    # What was written is not sent to an address that anybody could have typed.
    assert "aluminium" not in mails["nadia@exemple.fr"].text


@pytest.mark.spec("SIT-11")
def test_the_same_form_sent_twice_is_one_message(client: Client) -> None:
    issued = stamp()
    for _ in range(2):
        assert send(client, issued=issued).status_code == 302
    assert Message.objects.count() == 1
    assert PlatformEmail.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": "nadia"}, "nadia"),
        ({"name": ""}, "aluminium"),
        ({"phone": "12"}, "06 12 34 56 78"),
        ({"text": "court"}, "court"),
        ({"text": "x" * 5001}, "5000"),
        ({"subject": "autre-chose"}, "aluminium"),
        ({"subject": "aide", "name": "N" * 121}, "120"),
        ({"email": "a@b.fr\nBcc: x@y.fr"}, "aluminium"),
    ],
)
def test_what_is_refused_says_why_and_loses_nothing(client: Client, changed: dict[str, str], said: str) -> None:
    response = send(client, **changed)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Message.objects.exists()
    assert not PlatformEmail.objects.exists()


@pytest.mark.parametrize("issued", [lambda: stamp(1), lambda: stamp(2 * 86400), lambda: "forged:x:y", lambda: ""])
def test_a_form_filled_too_fast_or_too_late_is_shown_again_and_then_passes(client: Client, issued: Any) -> None:
    response = send(client, issued=issued())
    assert response.status_code == 422
    body = response.content.decode()
    assert "aluminium" in body
    again = re.search(r'name="issued" value="([^"]+)"', body)
    assert again
    assert not Message.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(seconds=5)):
        assert send(client, issued=again[1]).status_code == 302


@pytest.mark.spec("SIT-11")
def test_a_program_that_fills_the_trap_is_thanked_and_nobody_is_told(client: Client) -> None:
    assert send(client, website="https://spam.example").status_code == 302
    assert Message.objects.get().state == State.SPAM
    assert not PlatformEmail.objects.exists()


def test_messages_are_limited_for_each_address_and_what_was_typed_stays(client: Client) -> None:
    for number in range(5):
        assert send(client, email=f"n{number}@exemple.fr").status_code == 302
    response = send(client, email="n6@exemple.fr")
    assert response.status_code == 429
    assert "aluminium" in response.content.decode()
    assert Message.objects.count() == 5


def test_one_e_mail_address_receives_few_answers(client: Client) -> None:
    sent = [client.post("/contact/", {**WRITTEN, "issued": stamp()}, REMOTE_ADDR=f"192.0.2.{n}") for n in range(4)]
    assert [answer.status_code for answer in sent] == [302, 302, 302, 429]


def test_the_page_is_never_kept_by_a_cache_and_checks_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/contact/")
    assert "no-store" in page["Cache-Control"]
    assert client.post("/contact/", {**WRITTEN, "issued": stamp()}).status_code == 403
    assert not Message.objects.exists()


def test_without_an_address_of_the_publisher_the_message_is_still_kept(client: Client) -> None:
    PublisherSettings.objects.update(email="")
    assert send(client).status_code == 302
    assert Message.objects.exists()
    assert PlatformEmail.objects.count() == 1


def test_the_publisher_s_address_is_shown_and_an_empty_one_is_not_invented(client: Client) -> None:
    body = client.get("/contact/").content.decode()
    assert "support@thermogestion.test" in body
    assert "Siège" not in body


@pytest.mark.spec("ONB-07")
def test_a_workshop_asks_for_a_call_at_a_day_of_its_choice(client: Client) -> None:
    workshop = factories.workshop()
    owner = factories.member(workshop, Role.OWNER)
    client.force_login(owner.user, backend="app.accounts.backends.PersonBackend")
    address = f"/contact/?sujet=mise-en-route&atelier={workshop.slug}"
    page = client.get(address).content.decode()
    assert owner.user.email in page
    assert workshop.name in page
    day = timezone.localdate() + timedelta(days=7)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    asked = {"subject": "mise-en-route", "call_on": day.isoformat(), "call_at": "matin", "text": ""}
    assert send(client, address, **asked).status_code == 302
    message = Message.objects.get()
    assert (message.workshop_slug, message.call_on, message.call_at) == (workshop.slug, day, "matin")


@pytest.mark.parametrize("days", [0, 46, "weekend", "soon"])
def test_a_call_is_refused_on_a_day_that_cannot_be(client: Client, days: Any) -> None:
    day = timezone.localdate()
    if days == "weekend":
        day += timedelta(days=7)
        while day.isoweekday() != 6:
            day += timedelta(days=1)
    written = "bientôt" if days == "soon" else (day + timedelta(days=days if isinstance(days, int) else 0)).isoformat()
    response = send(client, "/contact/?sujet=mise-en-route", subject="mise-en-route", call_on=written, call_at="matin")
    assert response.status_code == 422
    assert not Message.objects.exists()


def test_the_workshop_of_another_is_not_believed(client: Client) -> None:
    other = factories.workshop()
    owner = factories.member(factories.workshop(), Role.OWNER)
    for person in (None, owner.user):
        if person:
            client.force_login(person, backend="app.accounts.backends.PersonBackend")
        send(client, f"/contact/?atelier={other.slug}")
    assert not Message.objects.filter(workshop_slug=other.slug).exists()


def test_messages_are_forgotten_after_three_years_and_spam_after_a_month(client: Client) -> None:
    send(client)
    send(client, website="x", email="s@exemple.fr")
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert forget_old_messages() == 1
    with time_machine.travel(timezone.now() + timedelta(days=3 * 366)):
        assert forget_old_messages() == 1
    assert not Message.objects.exists()
