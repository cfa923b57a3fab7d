"""A tablet that a workshop shares: put in service by a link, opened by a code, each act signed, nothing else opened."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from app.audit.models import AuditEntry
from app.projects.models import Project
from app.shopfloor.incoming import sign
from app.shopfloor.models import DeviceAction, Seat, Tablet
from app.shopfloor.services.pins import set_pin
from app.shopfloor.services.tablets import register_tablet
from app.tenancy.actor import Actor
from app.tenancy.constants import MemberStatus
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from tests.factories import ACTOR

from .conftest import BASE, steps_of, validation

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
SETTINGS = "/app/atelier-vulcain/reglages/tablettes/"


@pytest.fixture
def tablet(workshop: Workshop, operator: Membership, actor: Actor) -> Client:
    """A tablet in service, locked; Omar's code is 2580."""
    with workshop_scope(workshop.pk):
        _tablet, token = register_tablet(workshop=workshop, actor=ACTOR, name="Cabine")
        set_pin(workshop=workshop, actor=actor, membership=operator, code="2580")
    client = Client()
    assert client.get(f"/tablette/{token}/").status_code == 200
    assert client.post(f"/tablette/{token}/")["Location"] == BASE
    assert client.post(f"/tablette/{token}/").status_code == 410
    return client


def sit_down(client: Client, member: Membership, code: str = "2580") -> Any:
    return client.post(f"{BASE}operateurs/ouvrir/", {"operator": member.pk, "code": code})


def signed(action: dict[str, Any], member: Membership, key: str) -> dict[str, Any]:
    text = json.dumps(action)
    return {"operator": member.pk, "signed": text, "signature": sign(key, text)}


def ledger(workshop: Workshop) -> list[DeviceAction]:
    with workshop_scope(workshop.pk):
        return list(DeviceAction.objects.order_by("pk"))


@pytest.mark.spec("WSM-06")
def test_a_locked_tablet_shows_names_and_no_work(tablet: Client, operator: Membership, owner: Membership) -> None:
    told = tablet.get(f"{BASE}operateurs/").json()
    assert {one["name"]: one["ready"] for one in told["operators"]} == {"Omar Petit": True, "Olivia Roche": False}
    assert told["account"]["operator"] is None
    for path in ("journee/", "piece/?code=GTM4DT"):
        assert tablet.get(BASE + path).status_code == 403
    assert tablet.get(BASE).status_code == 200


@pytest.mark.spec("WSM-06", "ROL-09")
def test_a_code_opens_the_workshop_mode_and_nothing_else(
    tablet: Client, owner: Membership, workshop: Workshop, actor: Actor
) -> None:
    with workshop_scope(workshop.pk):
        set_pin(workshop=workshop, actor=actor, membership=owner, code="7391")
    assert sit_down(tablet, owner, "7391").status_code == 200
    assert tablet.get(f"{BASE}journee/").status_code == 200
    for path in ("", "projets/", "devis/", "reglages/", "reglages/tablettes/", "reglages/equipe/", "clients/"):
        answer = tablet.get(f"/app/atelier-vulcain/{path}")
        assert (answer.status_code, answer["Location"][:14]) == (302, "/compte/login/"), path
    assert tablet.get("/compte/profil/").status_code == 302
    assert tablet.get("/app/laquage-concurrent/atelier/journee/").status_code in (302, 404)


@pytest.mark.spec("WSM-06")
def test_five_wrong_codes_close_the_seat_for_five_minutes_and_are_told(
    tablet: Client, operator: Membership, workshop: Workshop
) -> None:
    tries = [sit_down(tablet, operator, "0007").json() for _ in range(5)]
    assert [one.get("left") for one in tries[:4]] == [4, 3, 2, 1]
    assert tries[4]["code"] == "locked"
    assert sit_down(tablet, operator).json()["code"] == "locked"
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.filter(action="pin.locked").count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=2)):
        assert sit_down(tablet, operator).status_code == 200


def test_wrong_operators_and_proofs_are_refused(tablet: Client, operator: Membership, stranger: Membership) -> None:
    for sent in ({"operator": "x"}, {"operator": stranger.pk, "code": "2580"}, {"operator": "9" * 40}, {}):
        assert tablet.post(f"{BASE}operateurs/ouvrir/", sent).json()["code"] == "gone"
    sent = {"operator": operator.pk, "nonce": "n", "proof": "é"}
    assert tablet.post(f"{BASE}operateurs/ouvrir/", sent).json()["code"] == "again"


@pytest.mark.spec("WSM-06")
def test_a_code_typed_without_network_is_proven_by_the_key(tablet: Client, operator: Membership) -> None:
    key = sit_down(tablet, operator).json()["key"]
    tablet.post(f"{BASE}operateurs/fermer/")
    assert tablet.get(f"{BASE}journee/").status_code == 403
    sent = {"operator": operator.pk, "nonce": "n1", "proof": sign(key, "open:n1")}
    assert tablet.post(f"{BASE}operateurs/ouvrir/", {**sent, "nonce": "n2"}).status_code == 422
    assert tablet.post(f"{BASE}operateurs/ouvrir/", sent).status_code == 200
    assert tablet.get(f"{BASE}journee/").json()["account"]["operator"]["name"] == "Omar Petit"


@pytest.mark.spec("WSM-06")
def test_the_tablet_locks_itself_for_the_server_too(tablet: Client, operator: Membership, owner_client: Client) -> None:
    assert owner_client.post(f"{SETTINGS}verrou/", {"lock_minutes": 2}).status_code == 302
    sit_down(tablet, operator)
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert tablet.get(f"{BASE}journee/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=4)):
        assert tablet.get(f"{BASE}journee/").status_code == 403


@pytest.mark.spec("WSM-03", "WSM-06")
def test_each_act_is_done_by_whoever_signed_it_even_when_the_tablet_is_locked(
    tablet: Client, operator: Membership, project: Project, workshop: Workshop, send: Send
) -> None:
    key = sit_down(tablet, operator).json()["key"]
    tablet.post(f"{BASE}operateurs/fermer/")
    first, second = steps_of(project)[:2]
    forged = signed(validation(second), operator, "00" * 32)
    naked = validation(second)
    answers = send(tablet, signed(validation(first), operator, key), forged, naked)
    assert [answer["outcome"] for answer in answers] == ["applied", "refused", "refused"]
    assert [step.done_by_name for step in steps_of(project)[:2]] == ["Omar Petit", ""]
    assert [row.tablet_id is not None for row in ledger(workshop)] == [True] * 3


@pytest.mark.spec("WSM-06", "BEY-04")
def test_an_operator_who_was_taken_out_is_refused_and_it_is_written_down(
    tablet: Client, operator: Membership, project: Project, workshop: Workshop, send: Send
) -> None:
    key = sit_down(tablet, operator).json()["key"]
    with platform_scope():
        Membership.objects.filter(pk=operator.pk).update(status=MemberStatus.INACTIVE)
    [answer] = send(tablet, signed(validation(steps_of(project)[0]), operator, key))
    assert answer["outcome"] == "refused"
    assert ledger(workshop)[0].user_name == "Omar Petit"
    assert sit_down(tablet, operator).json()["code"] == "gone"
    assert tablet.get(f"{BASE}journee/").status_code == 403


@pytest.mark.spec("WSM-06", "BEY-04")
def test_a_tablet_out_of_service_is_told_and_what_it_sends_is_written_down(
    tablet: Client, operator: Membership, project: Project, workshop: Workshop, owner_client: Client, send: Send
) -> None:
    key = sit_down(tablet, operator).json()["key"]
    with workshop_scope(workshop.pk):
        held = Tablet.objects.get()
    assert owner_client.post(f"{SETTINGS}{held.pk}/retirer/").status_code == 302
    assert tablet.get(f"{BASE}journee/").json()["code"] == "withdrawn"
    told = send(tablet, signed(validation(steps_of(project)[0]), operator, key))
    assert (told.status_code, told.json()["answers"][0]["outcome"]) == (403, "refused")
    assert [row.outcome for row in ledger(workshop)] == ["refused"]
    assert not steps_of(project)[0].is_done
    assert "Cabine" in owner_client.get(SETTINGS).content.decode()


@pytest.mark.spec("WSM-03", "BEY-04")
@pytest.mark.parametrize("after", ["code", "revoked"])
def test_what_was_done_stays_done_when_its_answer_was_lost_and_the_key_has_ended_since(
    tablet: Client,
    operator: Membership,
    project: Project,
    workshop: Workshop,
    owner_client: Client,
    send: Send,
    after: str,
) -> None:
    """Told again as refused, an operator would do it twice."""
    key = sit_down(tablet, operator).json()["key"]
    sent, late = (signed(validation(step), operator, key) for step in steps_of(project)[:2])
    assert send(tablet, sent)[0]["outcome"] == "applied"
    if after == "code":
        owner_client.post(f"{SETTINGS}codes/{operator.pk}/", {"code": "5081", "again": "5081"})
        told = send(tablet, sent, late)
    else:
        with workshop_scope(workshop.pk):
            held = Tablet.objects.get()
        owner_client.post(f"{SETTINGS}{held.pk}/retirer/")
        told = send(tablet, sent, late).json()["answers"]
    assert [answer["outcome"] for answer in told] == ["applied", "refused"]
    assert [(row.outcome, row.tablet_id is not None) for row in ledger(workshop)] == [
        ("applied", True),
        ("refused", True),
    ]


@pytest.mark.spec("WSM-06")
def test_a_code_given_by_the_office_ends_the_keys_and_one_s_own_does_not(
    tablet: Client, operator: Membership, operator_client: Client, owner_client: Client, workshop: Workshop
) -> None:
    sit_down(tablet, operator)
    assert operator_client.post(f"{SETTINGS}mon-code/", {"code": "1234", "again": "1234"}).status_code == 422
    assert operator_client.post(f"{SETTINGS}mon-code/", {"code": "8640", "again": "8642"}).status_code == 422
    assert operator_client.post(f"{SETTINGS}mon-code/", {"code": "86a2", "again": "86a2"}).status_code == 422
    assert operator_client.post(f"{SETTINGS}mon-code/", {"code": "8641", "again": "8641"}).status_code == 302
    with workshop_scope(workshop.pk):
        assert Seat.objects.count() == 1
    assert tablet.get(f"{BASE}journee/").status_code == 200
    assert owner_client.post(f"{SETTINGS}codes/{operator.pk}/", {"code": "5081", "again": "5081"}).status_code == 302
    with workshop_scope(workshop.pk):
        assert Seat.objects.count() == 0
    assert tablet.get(f"{BASE}journee/").status_code == 403  # whoever sat there with the former code sits no more
    assert tablet.get(f"{BASE}operateurs/").json()["account"]["operator"] is None
    assert sit_down(tablet, operator).json()["code"] == "wrong"
    assert sit_down(tablet, operator, "5081").status_code == 200


def test_the_office_registers_tablets_and_links_open_once_within_the_hour(owner_client: Client, client: Client) -> None:
    assert owner_client.post(SETTINGS, {"name": " "}).status_code == 422
    page = owner_client.post(SETTINGS, {"name": "Quai"})
    assert page.status_code == 200
    link = page.context["link"].removeprefix("http://testserver")
    assert owner_client.post(SETTINGS, {"name": "quai"}).status_code == 422
    assert client.get("/tablette/rien/").status_code == 410
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert client.post(link).status_code == 410
    assert client.get(link).status_code == 200
