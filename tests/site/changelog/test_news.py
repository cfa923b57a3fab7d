"""The month's news: asked, confirmed, sent once, stopped in one click. The roadmap: one voice each."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from changelog.constants import MailState
from changelog.models import Change, ChangelogPage, MonthlyMail, ReleasePage, RoadmapItem, RoadmapVote, Subscriber
from changelog.services import monthly
from changelog.services.monthly import send_monthly
from changelog.services.subscribing import forget_left, stop_link
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from app.accounts.models import User
from app.notify.models import PlatformEmail
from tests.fakes.smtp import smtp_server

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
OURS = {"headers": {"origin": "http://testserver", "sec-fetch-site": "same-origin"}}


def subscriber(email: str, **values: Any) -> Subscriber:
    now = timezone.now()
    return Subscriber.objects.create(email=email, **{"requested_at": now, "confirmed_at": now, **values})


def in_november() -> None:
    page = ReleasePage(title="Version 0.2.0", version="0.2.0", released_on=date(2026, 11, 28), slug="v0-2-0")
    page.changes = [Change(kind="feature", title="Les séries par poudre")]
    ChangelogPage.objects.get().add_child(instance=page)


def link_of(email: PlatformEmail) -> str:
    found = re.search(r"http://testserver(/nouveautes/abonnement/\S+/)", email.text)
    assert found, email.text
    return found.group(1)


@pytest.mark.spec("BOF-22")
def test_nothing_is_sent_to_an_address_before_it_is_confirmed(client: Client) -> None:
    answer = client.post("/nouveautes/abonnement/", {"email": " Camille@Exemple.TEST "}, **OURS)
    assert answer.status_code == 200
    [mail] = PlatformEmail.objects.all()
    assert (mail.kind, mail.to) == ("news_confirm", "camille@exemple.test")
    in_november()
    send_monthly(today=date(2026, 12, 1))
    assert PlatformEmail.objects.filter(kind="news_monthly").count() == 0
    link = link_of(mail)
    assert client.get(link).status_code == 200
    assert Subscriber.objects.get().confirmed_at is None  # a scanner that opens the link confirms nothing
    assert client.post(link, **OURS).status_code == 200
    assert Subscriber.objects.get().confirmed_at is not None


def test_the_answer_tells_nobody_who_is_subscribed(client: Client) -> None:
    subscriber("camille@exemple.test")
    known = client.post("/nouveautes/abonnement/", {"email": "camille@exemple.test"}, **OURS)
    unknown = client.post("/nouveautes/abonnement/", {"email": "autre@exemple.test"}, **OURS)
    assert known.content == unknown.content
    assert list(PlatformEmail.objects.values_list("to", flat=True)) == ["autre@exemple.test"]


def test_asking_twice_sends_one_mail_an_hour(client: Client) -> None:
    for _ in range(3):
        client.post("/nouveautes/abonnement/", {"email": "camille@exemple.test"}, **OURS)
    assert PlatformEmail.objects.count() == 1


def test_addresses_that_never_confirmed_or_that_stopped_are_forgotten_after_a_month() -> None:
    now = timezone.now()
    old = now - timedelta(days=31)
    subscriber("active@exemple.test", requested_at=old, confirmed_at=old)
    subscriber("hesite@exemple.test", confirmed_at=None)
    subscriber("jamais@exemple.test", requested_at=old, confirmed_at=None)
    subscriber("parti@exemple.test", stopped_at=old)
    subscriber("part@exemple.test", stopped_at=now)
    assert forget_left() == 2
    assert set(Subscriber.objects.values_list("email", flat=True)) == {
        "active@exemple.test", "hesite@exemple.test", "part@exemple.test"
    }  # fmt: skip


@pytest.mark.parametrize("data", [{"email": "pas une adresse"}, {}, {"email": "a@b.test", "website": "robot"}])
def test_wrong_input_and_robots_are_refused(client: Client, data: dict[str, str]) -> None:
    assert client.post("/nouveautes/abonnement/", data, **OURS).status_code == 422
    assert not Subscriber.objects.exists()
    assert not PlatformEmail.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://ailleurs.test"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"referer": "https://ailleurs.test/x"},
    ],
)
def test_a_page_of_another_site_can_post_nothing(headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    item = RoadmapItem.objects.filter(state="planned").first()
    assert item is not None
    assert client.post("/nouveautes/abonnement/", {"email": "a@b.test"}, headers=headers).status_code == 403
    assert client.post(f"/feuille-de-route/{item.pk}/vote/", headers=headers).status_code == 403
    assert not Subscriber.objects.exists()
    assert not RoadmapVote.objects.exists()


def test_a_network_address_asks_ten_times_an_hour(client: Client) -> None:
    answers = [
        client.post("/nouveautes/abonnement/", {"email": f"a{rank}@b.test"}, **OURS).status_code for rank in range(11)
    ]
    assert answers == [200] * 10 + [429]
    assert Subscriber.objects.count() == 10


def test_a_link_that_is_old_or_forged_confirms_nothing(client: Client) -> None:
    client.post("/nouveautes/abonnement/", {"email": "camille@exemple.test"}, **OURS)
    link = link_of(PlatformEmail.objects.get())
    assert client.post("/nouveautes/abonnement/forge/", **OURS).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert client.post(link, **OURS).status_code == 404
    assert Subscriber.objects.get().confirmed_at is None


def test_a_signed_in_owner_accepts_with_one_click(owner_client: Client) -> None:
    assert "olivia@vulcain.test" in owner_client.get("/nouveautes/").content.decode()
    owner_client.post("/nouveautes/abonnement/", {"account": "1"}, **OURS)
    assert Subscriber.objects.get(email="olivia@vulcain.test").confirmed_at is not None
    assert not PlatformEmail.objects.exists()


@pytest.mark.spec("BOF-22")
def test_each_confirmed_address_gets_the_mail_of_the_month_once() -> None:
    subscriber("un@exemple.test")
    subscriber("deux@exemple.test")
    subscriber("parti@exemple.test", stopped_at=timezone.now())
    subscriber("jamais@exemple.test", confirmed_at=None)
    in_november()
    for day in (1, 1, 2, 5):
        mail = send_monthly(today=date(2026, 12, day))
    assert (mail.state, mail.queued, mail.releases) == (MailState.DONE, 2, 2)
    sent = PlatformEmail.objects.filter(kind="news_monthly")
    assert set(sent.values_list("to", flat=True)) == {"un@exemple.test", "deux@exemple.test"}
    first = sent.first()
    assert first is not None
    assert "Les séries par poudre" in first.text
    assert "novembre 2026" in first.subject


@pytest.mark.spec("BOF-22")
def test_a_stop_in_the_middle_goes_on_without_repeating(monkeypatch: pytest.MonkeyPatch) -> None:
    for rank in range(5):
        subscriber(f"a{rank}@exemple.test")
    in_november()
    monkeypatch.setattr(monthly, "BATCH", 2)
    real = monthly._queue_batch
    calls: list[int] = []

    def killed_at_the_second(mail: Any, releases: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(mail, releases)

    monkeypatch.setattr(monthly, "_queue_batch", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        send_monthly(today=date(2026, 12, 1))
    assert MonthlyMail.objects.get().state == MailState.RUNNING
    assert PlatformEmail.objects.count() == 2
    send_monthly(today=date(2026, 12, 1))
    assert sorted(PlatformEmail.objects.values_list("to", flat=True)) == [f"a{rank}@exemple.test" for rank in range(5)]
    assert MonthlyMail.objects.get().queued == 5


def test_a_month_without_a_release_sends_nothing() -> None:
    subscriber("un@exemple.test")
    assert send_monthly(today=date(2027, 5, 1)).state == MailState.EMPTY
    assert not PlatformEmail.objects.exists()


@pytest.mark.spec("BOF-22")
def test_the_mail_can_be_stopped_in_one_click_by_the_mail_program(settings: Settings) -> None:
    subscriber("un@exemple.test")
    in_november()
    with smtp_server() as server:
        settings.PLATFORM_EMAIL_URL = server.url
        send_monthly(today=date(2026, 12, 1))
        from app.notify.services.delivery import send_platform_email

        send_platform_email(email_pk=PlatformEmail.objects.get().pk)
        [message] = server.messages
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.sub(r"\s", "", message["List-Unsubscribe"]).strip("<>").removeprefix("http://testserver")
    program = Client(enforce_csrf_checks=True)
    assert program.get(link).status_code == 200
    assert Subscriber.objects.get().stopped_at is None
    assert program.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscriber.objects.get().stopped_at is not None
    assert program.post("/nouveautes/desabonnement/forge/").status_code == 404


def test_who_stopped_can_come_back_only_by_confirming_again(client: Client) -> None:
    row = subscriber("un@exemple.test")
    client.post(stop_link(row.email).removeprefix("http://testserver"))
    client.post("/nouveautes/abonnement/", {"email": row.email}, **OURS)
    assert Subscriber.objects.get().stopped_at is not None
    client.post(link_of(PlatformEmail.objects.get()), **OURS)
    assert Subscriber.objects.get().stopped_at is None


@pytest.mark.spec("SIT-18")
def test_a_device_has_one_voice_for_each_item_and_may_take_it_back(client: Client) -> None:
    item = RoadmapItem.objects.filter(state="planned").first()
    assert item is not None
    address = f"/feuille-de-route/{item.pk}/vote/"
    for _ in range(2):
        assert client.post(address, **OURS).headers["Location"] == f"/feuille-de-route/#item-{item.pk}"
    assert RoadmapVote.objects.filter(item=item).count() == 1
    assert 'aria-pressed="true"' in client.get("/feuille-de-route/").content.decode()
    Client().post(address, **OURS)
    assert RoadmapVote.objects.filter(item=item).count() == 2
    client.post(address, {"withdraw": "1"}, **OURS)
    assert RoadmapVote.objects.filter(item=item).count() == 1


@pytest.mark.spec("SIT-18")
def test_an_account_has_one_voice_on_every_device(person: User) -> None:
    item = RoadmapItem.objects.filter(state="planned").first()
    assert item is not None
    for _ in range(2):
        device = Client()
        device.force_login(person, backend="app.accounts.backends.PersonBackend")
        device.post(f"/feuille-de-route/{item.pk}/vote/", **OURS)
    assert [vote.voter for vote in RoadmapVote.objects.all()] == [f"account:{person.pk}"]


def test_a_forged_cookie_is_a_new_device(client: Client) -> None:
    item = RoadmapItem.objects.filter(state="planned").first()
    assert item is not None
    client.cookies["roadmap"] = "account:1:forged"
    client.post(f"/feuille-de-route/{item.pk}/vote/", **OURS)
    voter = RoadmapVote.objects.get().voter
    assert voter.startswith("device:") and "forged" not in voter


def test_what_is_delivered_is_no_longer_voted_for_and_leads_to_its_release(client: Client) -> None:
    item = RoadmapItem.objects.filter(state="delivered").first()
    assert item is not None
    assert client.post(f"/feuille-de-route/{item.pk}/vote/", **OURS).status_code == 404
    assert client.get(f"/feuille-de-route/{item.pk}/vote/").status_code == 405
    assert 'href="/nouveautes/v0-1-0/"' in client.get("/feuille-de-route/").content.decode()
