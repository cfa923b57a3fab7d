"""What the people of a workshop are told of: by whom it is chosen, where it arrives, what it never says."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from app.audit.models import AuditEntry
from app.notify.constants import EmailState
from app.notify.events import StaffEvent
from app.notify.models import PushDevice, PushMessage, StaffChoice, WorkshopEmail
from app.notify.services import pushing
from app.notify.services.forgetting import forget_person
from app.notify.services.outbox import queue_email
from app.notify.services.staff import MOST_DEVICES, News, add_device, choose, list_listeners, tell_staff
from app.notify.tasks import sweep_outbox
from app.projects.selectors import list_steps
from app.projects.services.working import validate_step
from app.quotes.services.sending import send_quote
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Membership, MemberStatus, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.fakes.push import Browser, PushService, push_service

BASE = "/app/atelier-vulcain/reglages/e-mails/mes-notifications/"
SYSTEM = Actor.system("tests")


def acting(member: Membership) -> Actor:
    return Actor(str(member.user), Origin.SCREEN, member.user_id)


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.VAPID_PRIVATE_KEY = urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    settings.PUSH_HOSTS = settings.PUSH_PLAIN_HOSTS = ("127.0.0.1",)
    with push_service() as held:
        yield held


def subscribe(service: PushService, workshop: Workshop, member: Membership) -> Browser:
    browser = service.browser()
    with workshop_scope(workshop.pk):
        add_device(workshop=workshop, actor=acting(member), user_pk=member.user_id, **browser.subscription())
    return browser


def tell(workshop: Workshop, *, actor: Actor = SYSTEM, key: str = "1") -> None:
    with workshop_scope(workshop.pk):
        tell_staff(
            workshop=workshop, actor=actor, event=StaffEvent.QUOTE_SIGNED, dedupe_key=key, path="/app/x/devis/1/",
            news=lambda: News("Devis signé", "D2611-0001 · Camille Lefèvre"),
        )  # fmt: skip


def states(workshop: Workshop) -> list[str]:
    with workshop_scope(workshop.pk):
        return list(PushMessage.objects.order_by("pk").values_list("state", flat=True))


def deliver(workshop: Workshop) -> None:
    """Send what waits, as the worker does after the commit that the test never makes."""
    with workshop_scope(workshop.pk):
        waiting = list(PushMessage.objects.filter(state__in=["queued", "retrying"]).values_list("pk", flat=True))
    for message_pk in waiting:
        pushing.send_push(workshop_id=workshop.pk, message_pk=message_pk)


@pytest.mark.spec("PSH-01", "PSH-03", "NOT-07")
def test_a_browser_reads_what_was_encrypted_for_it(
    service: PushService, workshop: Workshop, owner: Membership, settings: Any
) -> None:
    browser = subscribe(service, workshop, owner)
    tell(workshop)
    deliver(workshop)
    [shown] = browser.shown
    assert shown == {
        "title": "Devis signé",
        "body": "D2611-0001 · Camille Lefèvre",
        "path": "/app/x/devis/1/",
        "tag": "quote_signed:1",
    }
    assert service.contacts == [f"mailto:{settings.PUSH_CONTACT}"]
    assert states(workshop) == [EmailState.SENT]


@pytest.mark.spec("PSH-01")
def test_nobody_is_told_twice_nor_of_what_they_did(service: PushService, workshop: Workshop, owner: Membership) -> None:
    browser = subscribe(service, workshop, owner)
    tell(workshop, actor=acting(owner))
    for _twice in range(2):
        tell(workshop)
        deliver(workshop)
    assert len(browser.shown) == 1


@pytest.mark.spec("PSH-01", "NOT-06")
@pytest.mark.parametrize(("by_email", "by_push"), [(True, True), (True, False), (False, True), (False, False)])
def test_each_chooses_for_each_event(
    service: PushService, workshop: Workshop, owner: Membership, by_email: bool, by_push: bool
) -> None:
    browser = subscribe(service, workshop, owner)
    with workshop_scope(workshop.pk):
        choose(workshop=workshop, user_pk=owner.user_id, wanted={StaffEvent.QUOTE_SIGNED: (by_email, by_push)})
    tell(workshop)
    deliver(workshop)
    with workshop_scope(workshop.pk):
        mails = WorkshopEmail.objects.filter(kind="staff_event", to=owner.user.email)
        assert (mails.count(), len(browser.shown)) == (by_email, by_push)
        assert all("D2611-0001" in mail.text for mail in mails)


@pytest.mark.spec("NOT-06", "NOT-07")
def test_only_those_with_the_right_hear(workshop: Workshop, owner: Membership, operator: Membership) -> None:
    with workshop_scope(workshop.pk):
        heard = {event: {held.member.pk for held in list_listeners(event)} for event in StaffEvent}
        assert heard[StaffEvent.QUOTE_SIGNED] == {owner.pk}
        assert heard[StaffEvent.PROJECT_READY] == {owner.pk, operator.pk}
        Membership.objects.filter(pk=operator.pk).update(status=MemberStatus.INACTIVE)
        assert [held.member.pk for held in list_listeners(StaffEvent.PROJECT_READY)] == [owner.pk]


@pytest.mark.spec("PSH-03")
@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_no_more_is_forgotten(
    service: PushService, workshop: Workshop, owner: Membership, status: int
) -> None:
    subscribe(service, workshop, owner)
    service.status = status
    tell(workshop)
    deliver(workshop)
    with workshop_scope(workshop.pk):
        assert not PushDevice.objects.exists() and not PushMessage.objects.exists()


@pytest.mark.parametrize(("status", "then"), [(500, "retrying"), (429, "retrying"), (400, "failed"), (413, "failed")])
def test_a_service_in_trouble_is_asked_again_and_a_refusal_is_not(
    service: PushService, workshop: Workshop, owner: Membership, status: int, then: str
) -> None:
    browser = subscribe(service, workshop, owner)
    service.status = status
    tell(workshop)
    deliver(workshop)
    assert states(workshop) == [then]
    service.status = 201
    deliver(workshop)
    assert len(browser.shown) == (then == "retrying")


def test_after_the_last_attempt_a_message_has_failed(
    service: PushService, workshop: Workshop, owner: Membership
) -> None:
    subscribe(service, workshop, owner)
    service.status = 503
    tell(workshop)
    for _attempt in range(6):
        deliver(workshop)
    assert states(workshop) == [EmailState.FAILED]


def test_the_sweep_finds_what_a_lost_task_left(service: PushService, workshop: Workshop, owner: Membership) -> None:
    browser = subscribe(service, workshop, owner)
    tell(workshop)
    sweep_outbox()
    assert browser.shown == []  # its own task has not had its time
    with workshop_scope(workshop.pk):
        PushMessage.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=1), state=EmailState.SENDING)
    sweep_outbox()
    assert len(browser.shown) == 1
    with workshop_scope(workshop.pk):
        PushMessage.objects.update(created_at=timezone.now() - timedelta(days=8))
    pushing.forget_pushes()
    assert states(workshop) == []


@pytest.mark.spec("PSH-01", "EML-18")
def test_a_quote_sent_and_a_project_ready_are_told(
    service: PushService, workshop: Workshop, owner: Membership, operator: Membership
) -> None:
    browser = subscribe(service, workshop, operator)
    with workshop_scope(workshop.pk):
        choose(workshop=workshop, user_pk=owner.user_id, wanted={StaffEvent.QUOTE_SENT: (True, False)})
        quote = factories.quote(workshop, customer=factories.customer(workshop, email="camille@exemple.test"))
        send_quote(workshop=workshop, actor=acting(operator), quote=quote)
        assert WorkshopEmail.objects.filter(kind="staff_event", to=owner.user.email).count() == 1
        project = factories.project(workshop)
        for step in list_steps(project):
            answers = ["pass"] * len(step.checklist)
            validate_step(workshop=workshop, actor=acting(owner), step=step, answers=answers)
    deliver(workshop)
    [shown] = browser.shown
    assert project.number in shown["body"] and shown["path"].endswith(f"/projets/{project.pk}/")
    assert "€" not in "".join(shown.values())


@pytest.mark.spec("PSH-03")
def test_the_page_offers_push_only_when_it_is_connected(
    operator_client: Client, service: PushService, settings: Any
) -> None:
    assert "data-push-key=" in operator_client.get(BASE).content.decode()
    settings.VAPID_PRIVATE_KEY = ""
    page = operator_client.get(BASE).content.decode()
    assert "data-push-key=" not in page and "ne sont pas raccordées" in page


@pytest.mark.spec("NOT-06", "PSH-01")
def test_a_member_keeps_choices_of_what_they_may_hear(
    operator_client: Client, operator: Membership, workshop: Workshop
) -> None:
    page = operator_client.get(BASE).content.decode()
    assert "mail_project_ready" in page and "mail_quote_signed" not in page
    sent = {"mail_project_ready": "on", "mail_quote_signed": "on"}
    assert operator_client.post(BASE, sent).status_code == 302
    with workshop_scope(workshop.pk):
        kept = StaffChoice.objects.filter(user_id=operator.user_id)
        assert {(row.event, row.by_email, row.by_push) for row in kept} == {
            ("project_ready", True, False),
            ("project_late", False, False),
        }


@pytest.mark.spec("PSH-03")
def test_a_device_is_added_once_and_removed_by_its_person_only(
    operator_client: Client, owner_client: Client, service: PushService, workshop: Workshop
) -> None:
    browser = service.browser()
    for _twice in range(2):
        assert operator_client.post(f"{BASE}appareils/", browser.subscription()).status_code == 201
    with workshop_scope(workshop.pk):
        device = PushDevice.objects.get()
        assert AuditEntry.objects.filter(action="push.device_added").count() == 1
    assert owner_client.post(f"{BASE}appareils/{device.pk}/retirer/").status_code == 404
    assert operator_client.post(f"{BASE}appareils/{device.pk}/retirer/").status_code == 302
    with workshop_scope(workshop.pk):
        assert not PushDevice.objects.exists()


def test_a_shared_browser_tells_its_last_person_only(
    service: PushService, workshop: Workshop, owner: Membership, operator: Membership
) -> None:
    browser = service.browser()
    with workshop_scope(workshop.pk):
        for member in (owner, operator):
            add_device(workshop=workshop, actor=acting(member), user_pk=member.user_id, **browser.subscription())
        assert PushDevice.objects.get().user_id == operator.user_id


def test_the_oldest_device_leaves_for_the_eleventh(service: PushService, workshop: Workshop, owner: Membership) -> None:
    for _device in range(MOST_DEVICES + 1):
        subscribe(service, workshop, owner)
    with workshop_scope(workshop.pk):
        held = set(PushDevice.objects.values_list("endpoint", flat=True))
    assert held == {browser.endpoint for browser in list(service.browsers.values())[1:]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://169.254.169.254/latest/"},
        {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://fcm.googleapis.com.pirate.test/x"},
        {"endpoint": "https://pirate.test/#fcm.googleapis.com"},
        {"endpoint": "ftp://fcm.googleapis.com/"},
        {"endpoint": ""},
        {"p256dh": "court"},
        {"auth": "é" * 22},
        {"name": ""},
    ],
)
def test_the_server_calls_only_the_makers_of_browsers(
    operator_client: Client, workshop: Workshop, wrong: dict[str, str]
) -> None:
    right = {**Browser("https://fcm.googleapis.com/fcm/send/abc").subscription()}
    assert operator_client.post(f"{BASE}appareils/", {**right, **wrong}).status_code == 422
    with workshop_scope(workshop.pk):
        assert not PushDevice.objects.exists()
    assert operator_client.post(f"{BASE}appareils/", right).status_code == 201


def test_keys_that_are_no_keys_fail_for_good(service: PushService, workshop: Workshop, owner: Membership) -> None:
    subscribe(service, workshop, owner)
    with workshop_scope(workshop.pk):
        PushDevice.objects.update(p256dh="A" * 87)
    tell(workshop)
    deliver(workshop)
    assert states(workshop) == [EmailState.FAILED]


def test_the_worker_is_the_same_for_everybody(client: Client) -> None:
    answer = client.get("/push-sw.js")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert answer["Cache-Control"] == "no-cache"


@pytest.mark.spec("CRM-19", "PRV-05")
def test_a_short_name_is_not_found_in_other_names_nor_in_words(workshop: Workshop, owner: Membership) -> None:
    """“Li” is erased: what names Lionel, Eli, Anne-Li or a delivery stays."""
    about = ["D-1 · Li", "P-7 · Portail · Li : promis le 3", "P-8 · Portail · Li: promised"]
    others = [
        "D-2 · Lionel",
        "D-3 · Eli",
        "D-4 · Anne-Li",
        "D-5 · Li Wei",
        "Livraison",
        "P-9 · Rampe Li · Anne : promis",
    ]
    with workshop_scope(workshop.pk):
        device = PushDevice.objects.create(workshop=workshop, user=owner.user, endpoint="https://push.test/li")
        for rank, text in enumerate([*about, *others]):
            told = {"prenom": "Olivia", "titre": "Projet", "texte": text, "lien": "http://testserver/"}
            queue_email(workshop=workshop, actor=SYSTEM, kind="staff_event", to=owner.user.email, context=told)
            PushMessage.objects.create(
                workshop=workshop, device=device, event="quote_sent", title="Devis", body=text, path="/",
                dedupe_key=str(rank),
            )  # fmt: skip
        forget_person(address="", name="Li", subjects={})
        assert [push.body for push in PushMessage.objects.order_by("pk")] == others
        left = WorkshopEmail.objects.order_by("pk").values_list("text", flat=True)
        assert len(left) == len(others)
        assert all(text in mail for text, mail in zip(others, left, strict=True))
