"""The publisher's pages of incidents and maintenance."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from app.tenancy.models import Workshop
from status.models import Incident, IncidentDraft, IncidentUpdate, Maintenance
from tests.queries import at_most

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BOF-20")]
HOME = "/editeur/incidents/"
MOMENT = "%Y-%m-%dT%H:%M"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.STATUS_FOLDER = tmp_path


def _local(moment: datetime) -> str:
    return timezone.localtime(moment).strftime(MOMENT)


def _asked(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Application lente", "components": ["app"], "severity": "major", "step": "investigating",
        "started_at": _local(timezone.now() - timedelta(hours=3)), "text": "Nous cherchons.", "workshops": "",
    } | changes  # fmt: skip


def test_strangers_find_nothing(owner_client: Client, client: Client) -> None:
    for browser in (owner_client, client):
        for path in ("", "nouveau/", "maintenance/", "1/", "pannes/1/publier/"):
            assert browser.get(f"{HOME}{path}").status_code == 404
        for path in ("nouveau/", "maintenance/", "pannes/1/ecarter/", "maintenance/1/annuler/"):
            assert browser.post(f"{HOME}{path}", _asked()).status_code == 404
    assert not Incident.objects.exists()


@pytest.mark.spec("STA-11", "STA-12")
def test_from_the_probes_failure_to_the_post_mortem(publisher_client: Client) -> None:
    draft = IncidentDraft.objects.create(
        component="app", fault="HTTP 502", detected_at=timezone.now() - timedelta(hours=3)
    )
    page = publisher_client.get(HOME).content.decode()
    assert "HTTP 502" in page
    form = publisher_client.get(f"{HOME}pannes/{draft.pk}/publier/").context["form"]
    assert form.initial["components"] == ["app"] and form.initial["started_at"] == _local(draft.detected_at)
    assert publisher_client.post(f"{HOME}pannes/{draft.pk}/publier/", _asked()).status_code == 302
    incident = Incident.objects.get()
    assert publisher_client.get(f"{HOME}pannes/{draft.pk}/publier/").status_code == 404  # dealt with
    path = f"{HOME}{incident.pk}/"
    assert publisher_client.post(path, {"step": "postmortem", "severity": "major", "text": "t"}).status_code == 422
    assert publisher_client.post(path, {"step": "resolved", "severity": "major", "text": "Fini."}).status_code == 302
    assert publisher_client.post(path, {"step": "identified", "severity": "major", "text": "t"}).status_code == 422
    board = publisher_client.get(HOME).context["board"]
    assert [state.incident for state in board.owing] == [incident]
    [_critical, major] = board.targets
    assert (major.kept, major.closed) == (1, 1) and timedelta(hours=2) < major.longest < timedelta(hours=4)
    assert publisher_client.post(path, {"step": "postmortem", "severity": "major", "text": "Cause."}).status_code == 302
    assert publisher_client.get(HOME).context["board"].owing == []
    assert list(IncidentUpdate.objects.values_list("step", flat=True)) == ["investigating", "resolved", "postmortem"]


def test_wrong_input_is_said_and_nothing_is_published(publisher_client: Client, workshop: Workshop) -> None:
    for wrong in (
        {"title": ""}, {"components": []}, {"components": ["everything"]}, {"severity": "huge"}, {"step": "resolved"},
        {"started_at": "hier"}, {"started_at": _local(timezone.now() + timedelta(hours=2))}, {"text": "x" * 10001},
        {"workshops": "inconnu"},
    ):  # fmt: skip
        assert publisher_client.post(f"{HOME}nouveau/", _asked(**wrong)).status_code == 422, wrong
    assert not Incident.objects.exists()
    assert publisher_client.post(f"{HOME}nouveau/", _asked(workshops=workshop.slug)).status_code == 302
    incident = Incident.objects.get()
    assert incident.workshops == [workshop.pk]
    assert workshop.name in publisher_client.get(f"{HOME}{incident.pk}/").content.decode()
    assert publisher_client.get(f"{HOME}999999/").status_code == 404


def test_a_failure_is_set_aside_once(publisher_client: Client) -> None:
    draft = IncidentDraft.objects.create(component="mail", detected_at=timezone.now())
    assert publisher_client.get(f"{HOME}pannes/{draft.pk}/ecarter/").status_code == 405
    for _twice in range(2):
        assert publisher_client.post(f"{HOME}pannes/{draft.pk}/ecarter/").status_code == 302
    draft.refresh_from_db()
    assert draft.set_aside_at and draft.set_aside_by
    assert not publisher_client.get(HOME).context["board"].drafts


@pytest.mark.spec("STA-06")
def test_maintenance_is_planned_inside_the_rule_and_cancelled_before_it_begins(publisher_client: Client) -> None:
    today = timezone.localdate()
    day = today + timedelta(days=6 - today.weekday() + 7)
    good = {"title": "Base", "text": "t", "starts_at": f"{day}T03:00", "ends_at": f"{day}T05:00", "components": []}
    for wrong in (
        {"starts_at": f"{day}T01:00"},
        {"ends_at": f"{day}T07:00"},
        {"ends_at": f"{day}T02:00"},
        {"text": ""},
    ):
        assert publisher_client.post(f"{HOME}maintenance/", {**good, **wrong}).status_code == 422, wrong
    refused = publisher_client.post(f"{HOME}maintenance/", {**good, "ends_at": f"{day}T07:00"})
    assert refused.context["form"].errors["starts_at"]
    assert not Maintenance.objects.exists()
    assert publisher_client.post(f"{HOME}maintenance/", good).status_code == 302
    planned = Maintenance.objects.get()
    assert "Base" in publisher_client.get(HOME).content.decode()
    assert publisher_client.post(f"{HOME}maintenance/{planned.pk}/annuler/").status_code == 302
    planned.refresh_from_db()
    assert planned.cancelled_at


def test_the_board_costs_a_fixed_number_of_statements(publisher_client: Client) -> None:
    for rank in range(4):
        publisher_client.post(f"{HOME}nouveau/", _asked(title=f"Panne {rank}"))
    with at_most(12):
        publisher_client.get(HOME)
