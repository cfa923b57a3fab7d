"""Texts, photos, non-conformities, clocks, withdrawn accesses, nonsense: what the server makes of each."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from app.audit.models import AuditEntry
from app.entitlements.errors import QuotaReachedError
from app.kernel.errors import RuleError
from app.projects.models import Nonconformity, Photo, Project, QualityTerm, Step
from app.projects.services.amending import write_note
from app.projects.services.terms import supply_terms
from app.shopfloor.models import DeviceAction, PhotoUpload
from app.shopfloor.services import applying
from app.shopfloor.services.cases import Case, Verdict
from app.shopfloor.services.uploading import forget_uploads
from app.tenancy.actor import Actor
from app.tenancy.constants import MemberStatus
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories
from tests.app.projects.pictures import drawn, encoded
from tests.factories import ACTOR

from .conftest import BASE, action, steps_of, validation

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]
NOW = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)


def ledger(workshop: Workshop) -> list[DeviceAction]:
    with workshop_scope(workshop.pk):
        return list(DeviceAction.objects.order_by("pk"))


def note_of(project: Project) -> str:
    with workshop_scope(project.workshop_id):
        return Project.objects.get(pk=project.pk).note


def noted(project: Project, text: str, at: datetime) -> dict[str, Any]:
    return action("note", {"project": project.pk, "text": text}, made_at=at.isoformat())


@pytest.mark.spec("WSM-04")
def test_of_two_notes_the_one_written_last_stays_whichever_arrives_last(
    operator_client: Client, owner_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    now = datetime.now(UTC)
    late = noted(project, "Écrite après", now - timedelta(minutes=5))
    early = noted(project, "Écrite avant", now - timedelta(minutes=50))
    assert send(operator_client, late)[0]["outcome"] == "applied"
    [told] = send(owner_client, early)
    assert (told["outcome"], note_of(project)) == ("overtaken", "Écrite après")
    assert "Omar Petit" in told["reason"]
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.get(action="device.overtaken").changes["kept"]["text"] == "Écrite avant"
    latest = noted(project, "Encore après", now - timedelta(minutes=1))
    assert send(owner_client, latest)[0]["outcome"] == "applied"
    assert note_of(project) == "Encore après"


@pytest.mark.spec("WSM-04")
def test_a_note_written_in_the_office_meanwhile_stays(
    operator_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    with workshop_scope(workshop.pk):
        write_note(workshop=workshop, actor=Actor("Olivia", ACTOR.origin), project=project, note="Du bureau")
    before = noted(project, "De ce matin", datetime.now(UTC) - timedelta(hours=3))
    [told] = send(operator_client, before)
    assert (told["outcome"], note_of(project)) == ("overtaken", "Du bureau")


def photo_of(project: Project, client: Client, **payload: Any) -> dict[str, Any]:
    """A photo whose bytes have arrived."""
    content, key = encoded(drawn(60, 40)), str(uuid4())
    headers = {"Upload-Offset": 0, "Upload-Length": len(content)}
    assert client.put(f"{BASE}envois/{key}/", content, headers=headers).json()["received"] == len(content)
    told = {"project": project.pk, "moment": "step", "sha256": hashlib.sha256(content).hexdigest(), **payload}
    return action("photo", told, key=key)


@pytest.mark.spec("WSM-05", "WSM-04")
def test_a_photo_and_its_caption(
    operator_client: Client, owner_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    taken = photo_of(project, operator_client, step=steps_of(project)[0].pk, caption="Avant")
    assert send(operator_client, taken, taken)[1]["outcome"] == "applied"
    with workshop_scope(workshop.pk):
        photo = Photo.objects.get()
    assert (photo.caption, photo.added_by_name, photo.step_id) == ("Avant", "Omar Petit", steps_of(project)[0].pk)
    now = datetime.now(UTC)
    told = {"project": project.pk, "photo": photo.pk}
    late = action("caption", {**told, "text": "Rayure"}, made_at=(now - timedelta(seconds=20)).isoformat())
    early = action("caption", {**told, "text": "Choc"}, made_at=(now - timedelta(minutes=9)).isoformat())
    outcomes = [send(operator_client, late)[0]["outcome"], send(owner_client, early)[0]["outcome"]]
    assert outcomes == ["applied", "overtaken"]
    with workshop_scope(workshop.pk):
        assert Photo.objects.get().caption == "Rayure"


@pytest.mark.spec("WSM-05")
def test_a_photo_goes_on_from_where_it_was_interrupted(
    operator_client: Client, owner_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    content, key = encoded(drawn(90, 60)), str(uuid4())
    address = f"{BASE}envois/{key}/"

    def put(client: Client, start: int, piece: bytes, size: int = len(content)) -> Any:
        return client.put(address, piece, headers={"Upload-Offset": start, "Upload-Length": size})

    assert put(operator_client, 0, content[:300]).json()["received"] == 300
    assert put(operator_client, 0, content[:300]).json()["received"] == 300  # the answer was lost: sent again
    assert put(operator_client, 900, content[900:]).json()["received"] == 300  # a hole is not filled
    assert operator_client.get(address).json()["received"] == 300
    assert owner_client.get(address).json()["received"] == 0
    assert put(owner_client, 0, b"x").status_code == 422
    unfinished = action("photo", {"project": project.pk, "sha256": "00"}, key=str(uuid4()))
    assert send(operator_client, unfinished)[0]["outcome"] == "refused"
    assert put(operator_client, 300, content[300:]).json()["received"] == len(content)
    taken = {"project": project.pk, "moment": "after", "sha256": hashlib.sha256(content).hexdigest()}
    assert send(operator_client, action("photo", taken, key=key))[0]["outcome"] == "applied"
    assert operator_client.get(address).json() == {"received": 0, "done": True}


@pytest.mark.parametrize(
    ("start", "size", "piece"),
    [
        ("0", "11000000", b"x"),
        ("0", "0", b"x"),
        ("0", "5", b""),
        ("0", "1", b"xx"),
        ("a", "5", b"x"),
        ("-1", "-1", b"x"),
    ],
)
def test_a_piece_that_cannot_be_is_refused(operator_client: Client, start: str, size: str, piece: bytes) -> None:
    headers = {"Upload-Offset": start, "Upload-Length": size}
    answer = operator_client.put(f"{BASE}envois/{uuid4()}/", piece, headers=headers)
    assert answer.status_code == 422 or answer.json()["received"] == 0


def test_a_damaged_photo_and_a_file_that_is_none_are_refused_with_a_reason(
    operator_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    damaged = photo_of(project, operator_client, sha256="0" * 64)
    assert send(operator_client, damaged)[0]["outcome"] == "refused"
    key, content = str(uuid4()), b"<html>not a photo</html>"
    headers = {"Upload-Offset": 0, "Upload-Length": len(content)}
    operator_client.put(f"{BASE}envois/{key}/", content, headers=headers)
    told = {"project": project.pk, "moment": "step", "sha256": hashlib.sha256(content).hexdigest()}
    [answer] = send(operator_client, action("photo", told, key=key))
    assert answer["outcome"] == "refused"
    assert answer["reason"]


def test_uploads_that_nobody_finishes_are_forgotten(operator_client: Client, project: Project) -> None:
    photo_of(project, operator_client)
    with platform_scope():
        assert forget_uploads() == 0
        PhotoUpload.objects.update(started_at=datetime.now(UTC) - timedelta(days=15))
        assert forget_uploads() == 1


def test_when_the_storage_is_full_the_photo_stays_on_the_tablet(
    operator_client: Client, project: Project, workshop: Workshop, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullError(QuotaReachedError):
        def __init__(self) -> None:
            RuleError.__init__(self, "Le stockage est plein.")

    def full(**_fields: Any) -> None:
        raise FullError

    taken = photo_of(project, operator_client)
    with monkeypatch.context() as patched:
        patched.setattr(applying, "add_photo", full)
        [told] = send(operator_client, taken)
    assert (told["outcome"], told["reason"]) == ("later", "Le stockage est plein.")
    assert ledger(workshop) == []
    assert send(operator_client, taken)[0]["outcome"] == "applied"


@pytest.mark.spec("WSM-03", "BEY-04")
def test_a_fault_of_the_server_holds_one_project_and_not_the_others(
    operator_client: Client, project: Project, workshop: Workshop, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workshop_scope(workshop.pk):
        other = factories.project(workshop)
        steps = [Step.objects.get(project=one, position=1) for one in (project, other)]
    sent = [action("note", {"project": project.pk, "text": "Angle à part"}), *map(validation, steps)]

    def broken(_case: Case) -> Verdict:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setitem(applying.HANDLERS, "note", broken)
        told = send(operator_client, *sent)
    assert [one["outcome"] for one in told] == ["later", "later", "applied"]
    assert len(ledger(workshop)) == 1
    assert [one["outcome"] for one in send(operator_client, *sent)] == ["applied"] * 3
    with workshop_scope(workshop.pk):
        assert [Step.objects.get(pk=step.pk).is_done for step in steps] == [True, True]


@pytest.mark.spec("QUA-02", "QUA-03", "WSM-02")
def test_a_non_conformity_declared_on_the_floor_has_its_photo(
    operator_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    first, second = steps_of(project)[:2]
    with workshop_scope(workshop.pk):
        supply_terms(workshop=workshop)
        defect = QualityTerm.objects.filter(kind="defect").first()
    assert defect
    told = {"project": project.pk, "step": second.pk, "defect": defect.pk, "comment": "Coulure", "return_to": first.pk}
    declared = action("nc", told)
    taken = photo_of(project, operator_client, nc=declared["key"], moment="defect")
    answers = send(operator_client, validation(first), declared, taken, declared)
    assert [answer["outcome"] for answer in answers] == ["applied"] * 4
    with workshop_scope(workshop.pk):
        noted = Nonconformity.objects.get()
        assert (noted.defect, noted.comment, noted.declared_by_name) == (defect, "Coulure", "Omar Petit")
        assert noted.photos.count() == 1
        assert Step.objects.filter(project=project, pass_number=2).exists()
    gone = action("nc", {**told, "defect": 987654321})
    back = action("nc", {**told, "return_to": 987654321})
    assert [answer["outcome"] for answer in send(operator_client, gone, back)] == ["refused", "refused"]


def defect_of(workshop: Workshop) -> QualityTerm:
    with workshop_scope(workshop.pk):
        supply_terms(workshop=workshop)
        found = QualityTerm.objects.filter(kind="defect").first()
    assert found
    return found


@pytest.mark.spec("QUA-03", "WSM-02", "WSM-04")
def test_the_steps_that_a_declaration_adds_are_validated_before_the_server_has_named_them(
    operator_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    first, second = steps_of(project)[:2]
    defect = defect_of(workshop)
    told = {"project": project.pk, "step": second.pk, "defect": defect.pk, "return_to": first.pk}
    declared = action("nc", told)
    again = action("step", {"project": project.pk, "step": f"{declared['key']}:{first.rank}:0", "comment": "Refaite"})
    answers = send(operator_client, validation(first), declared, again, again)
    assert [answer["outcome"] for answer in answers] == ["applied"] * 4
    with workshop_scope(workshop.pk):
        redone = Step.objects.get(project=project, pass_number=2, rank=first.rank)
        assert (redone.is_done, redone.comment) == (True, "Refaite")
        assert Step.objects.get(pk=first.pk).comment == ""


@pytest.mark.spec("QUA-03", "WSM-04")
@pytest.mark.parametrize("said", ["{key}:1:0", "{other}:1:0", "{key}:99999:0", "{key}:x:0", "{key}", ":::", "x:1:0"])
def test_a_step_of_a_refused_or_unknown_declaration_is_refused(
    operator_client: Client, project: Project, workshop: Workshop, send: Send, said: str
) -> None:
    first = steps_of(project)[0]
    refused = action("nc", {"project": project.pk, "step": first.pk, "defect": 987654321, "return_to": None})
    step = said.format(key=refused["key"], other=uuid4())
    again = action("step", {"project": project.pk, "step": step})
    answers = send(operator_client, refused, again)
    assert [answer["outcome"] for answer in answers] == ["refused", "refused"]
    with workshop_scope(workshop.pk):
        assert not Step.objects.exclude(done_at=None).exists()


@pytest.mark.spec("QUA-03", "WSM-02")
def test_a_device_knows_the_rework_and_the_place_of_each_step(
    operator_client: Client, project: Project, workshop: Workshop
) -> None:
    [told] = operator_client.get(f"{BASE}journee/").json()["projects"]
    assert told["rework"]["name"] == "Retouche"
    ranks = [step["rank"] for step in told["steps"]]
    assert ranks == [step.rank for step in steps_of(project)]
    assert told["rework"]["rank"] not in ranks


@pytest.mark.spec("WSM-03", "BEY-04")
@pytest.mark.parametrize("wrong", [timedelta(days=365), timedelta(days=-365)])
def test_a_clock_that_is_wrong_by_a_year_is_corrected_and_told(
    operator_client: Client, project: Project, workshop: Workshop, send: Send, wrong: timedelta
) -> None:
    with workshop_scope(workshop.pk):
        Project.objects.update(created_at=datetime.now(UTC) - timedelta(days=3))
    now = datetime.now(UTC)
    sent = validation(steps_of(project)[0])
    sent["made_at"] = (now + wrong - timedelta(minutes=40)).isoformat()
    assert send(operator_client, sent, now=(now + wrong).isoformat())[0]["outcome"] == "applied"
    done_at = steps_of(project)[0].done_at
    assert done_at
    assert abs(done_at - (now - timedelta(minutes=40))) < timedelta(seconds=20)
    with workshop_scope(workshop.pk):
        told = AuditEntry.objects.get(action="device.applied").changes
    assert told["device_at"].startswith((now + wrong).isoformat()[:4])


def test_a_moment_in_the_future_is_now(
    operator_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    sent = validation(steps_of(project)[0])
    sent["made_at"] = "9999-12-31T23:59:59+00:00"
    send(operator_client, sent)
    assert ledger(workshop)[0].at <= datetime.now(UTC)


@pytest.mark.spec("WSM-06", "BEY-04")
def test_an_access_withdrawn_meanwhile_is_told_and_written_down(
    operator_client: Client, operator: Membership, project: Project, workshop: Workshop, send: Send
) -> None:
    with platform_scope():
        Membership.objects.filter(pk=operator.pk).update(status=MemberStatus.INACTIVE)
    assert operator_client.get(f"{BASE}journee/").status_code == 404
    answer = send(operator_client, validation(steps_of(project)[0], comment="Fait hier"))
    assert (answer.status_code, answer.json()["code"]) == (403, "withdrawn")
    [row] = ledger(workshop)
    assert (row.outcome, row.user_name, row.payload["comment"]) == ("refused", "Omar Petit", "Fait hier")
    assert not steps_of(project)[0].is_done
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.get(action="device.refused").changes["kept"]["comment"] == "Fait hier"


@pytest.mark.spec("WSM-06", "BEY-04")
def test_what_somebody_left_on_the_device_is_written_down_and_not_done(
    owner_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    left = {**validation(steps_of(project)[0]), "left_by": "Omar Petit"}
    [told] = send(owner_client, left)
    assert told["outcome"] == "refused"
    assert "Omar Petit" in ledger(workshop)[0].reason
    assert not steps_of(project)[0].is_done


@pytest.mark.spec("WSM-04")
def test_a_step_that_left_the_project_is_told(
    operator_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    step = steps_of(project)[0]
    with workshop_scope(workshop.pk):
        Step.objects.filter(pk=step.pk).delete()
    [told] = send(operator_client, validation(step))
    assert told["outcome"] == "refused"
    assert ledger(workshop)[0].reason == told["reason"]


def test_a_project_of_another_workshop_is_unknown(
    operator_client: Client, project: Project, other_workshop: Workshop, workshop: Workshop, send: Send
) -> None:
    with workshop_scope(other_workshop.pk):
        foreign = factories.project(other_workshop)
    [told] = send(operator_client, validation(steps_of(foreign)[0]))
    assert told["outcome"] == "refused"
    assert not steps_of(foreign)[0].is_done


def test_a_key_of_somebody_else_answers_nothing_of_theirs(
    operator_client: Client, owner_client: Client, project: Project, send: Send
) -> None:
    first, second = steps_of(project)[:2]
    sent = validation(first)
    send(operator_client, sent)
    [told] = send(owner_client, {**validation(second), "key": sent["key"]})
    assert told["outcome"] == "refused"
    assert not steps_of(project)[1].is_done


def test_who_may_not_change_projects_is_refused(
    viewer_client: Client, accountant_client: Client, client: Client, project: Project, send: Send
) -> None:
    sent = validation(steps_of(project)[0])
    assert send(viewer_client, sent).status_code == 403
    assert send(accountant_client, sent).status_code == 403
    assert send(client, sent).status_code == 302
    assert not steps_of(project)[0].is_done


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{", b'{"actions": 3}', b'{"actions": [1]}', b'{"actions": [{"key": "x"}]}', b"\xff\xfe", b"null",
     b'{"actions": [{"key": "' + b"0" * 32 + b'", "kind": "bomb", "payload": {}}]}',
     b'{"actions": [{"key": "' + b"0" * 32 + b'", "kind": "note", "payload": []}]}',
     b'{"actions": [' + b"[" * 100_000 + b"]}"],
)  # fmt: skip
def test_what_no_tablet_sends_is_refused(operator_client: Client, workshop: Workshop, raw: bytes) -> None:
    answer = operator_client.post(f"{BASE}actions/", raw, content_type="application/json")
    assert answer.status_code == 422
    assert ledger(workshop) == []


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("step", {"step": "x"}), ("step", {"step": 2**70}), ("step", {"answers": ["yes"]}), ("step", {"comment": "a" * 501}),
     ("part", {"part": True}), ("note", {"text": "a" * 4001}), ("caption", {"photo": None}), ("nc", {"defect": "x"}),
     ("photo", {"sha256": None}), ("photo", {"nc": "no key"})],
)  # fmt: skip
def test_an_action_that_means_nothing_is_refused_with_a_reason(
    operator_client: Client, project: Project, workshop: Workshop, send: Send, kind: str, payload: dict[str, Any]
) -> None:
    [told] = send(operator_client, action(kind, {"project": project.pk, **payload}))
    assert told["outcome"] == "refused"
    assert told["reason"]
    assert len(ledger(workshop)) == 1


def test_null_characters_and_strange_moments_are_survived(
    operator_client: Client, project: Project, workshop: Workshop, send: Send
) -> None:
    sent = action("note", {"project": project.pk, "text": "a\x00b"}, made_at="hier")
    assert send(operator_client, sent, now="0001-01-01T00:00:00+14:00")[0]["outcome"] == "applied"
    assert note_of(project) == "ab"


def test_the_day_holds_no_price_and_is_told_once(operator_client: Client, project: Project, workshop: Workshop) -> None:
    answer = operator_client.get(f"{BASE}journee/")
    text = json.dumps(answer.json())
    assert [one["pk"] for one in answer.json()["projects"]] == [project.pk]
    assert not [word for word in ("price", "amount", "€", "rate", "total", "cost") if word in text]
    again = operator_client.get(f"{BASE}journee/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with workshop_scope(workshop.pk):
        Project.objects.update(note="Attention")
    assert operator_client.get(f"{BASE}journee/", headers={"If-None-Match": answer["ETag"]}).status_code == 200


def test_the_day_costs_the_same_queries_however_long_it_is(
    operator_client: Client, project: Project, workshop: Workshop
) -> None:
    operator_client.get(f"{BASE}journee/")
    with CaptureQueriesContext(connection) as one:
        operator_client.get(f"{BASE}journee/")
    with workshop_scope(workshop.pk):
        for _ in range(5):
            factories.project(workshop)
    operator_client.get(f"{BASE}journee/")  # what waits is worked out anew, once
    with CaptureQueriesContext(connection) as six:
        operator_client.get(f"{BASE}journee/")
    assert len(six) == len(one) <= 27


@pytest.mark.spec("LAB-03", "ACC-04")
def test_a_number_leads_to_its_part_and_another_workshop_s_is_unknown(
    operator_client: Client, project: Project, other_workshop: Workshop, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        code = project.parts.get().code
    assert operator_client.get(f"{BASE}piece/?code={code.lower()}").json()["project"]["pk"] == project.pk
    with workshop_scope(other_workshop.pk):
        foreign = [factories.project(other_workshop) for _ in range(2)][1].parts.get().code
    for unknown in (foreign, "GTM4D7", "", "é", "x" * 900):
        answer = operator_client.get(f"{BASE}piece/", {"code": unknown})
        assert answer.status_code == 404
        assert list(answer.json()) == ["reason"]
