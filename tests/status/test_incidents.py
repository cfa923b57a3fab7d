"""The public log: added to, never rewritten; maintenance by the rules; mails once each."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from app.notify.models import PlatformEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope
from status.constants import Severity, Step
from status.models import Incident, IncidentDraft, IncidentUpdate, Maintenance, Notice, Reading, Subscriber
from status.selectors.incidents import get_incident, list_recent_incidents
from status.services.incidents import add_update, publish_incident, set_aside
from status.services.maintenance import cancel_maintenance, plan_maintenance
from status.services.notices import tell_notices
from status.services.readings import forget_old_readings
from status.tasks import tell_notices as tell_task
from tests import factories

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def _publish(severity: Severity = Severity.MAJOR, *, hours: float = 2, **changes: Any) -> Incident:
    values: dict[str, Any] = {
        "by": "Éditeur", "title": "Panne", "text": "Nous cherchons.", "severity": severity, "components": ["app"],
        "workshops": [], "started_at": timezone.now() - timedelta(hours=hours), **changes,
    }  # fmt: skip
    return publish_incident(**values)


def _add(incident: Incident, step: Step, severity: Severity = Severity.MAJOR, **changes: Any) -> IncidentUpdate:
    values: dict[str, Any] = {"by": "Éditeur", "text": "Suite."} | changes
    return add_update(incident_pk=incident.pk, step=step, severity=severity, **values)


@pytest.mark.spec("STA-11", "STA-12")
def test_a_timeline_goes_from_the_first_word_to_the_post_mortem() -> None:
    incident = _publish()
    _add(incident, Step.IDENTIFIED, Severity.CRITICAL)
    _add(incident, Step.MONITORING)
    ended = timezone.now() - timedelta(minutes=10)
    _add(incident, Step.RESOLVED, ended_at=ended)
    state = get_incident(incident.pk)
    assert (state.is_open, state.step, state.worst, state.severity) == (False, "resolved", "critical", "major")
    assert state.ended_at == ended and timedelta(minutes=109) < state.lasted < timedelta(minutes=111)
    assert (state.is_late, state.owes_postmortem) == (False, True)
    _add(incident, Step.SUPPLEMENT)
    _add(incident, Step.POSTMORTEM)
    state = get_incident(incident.pk)
    assert (state.step, state.owes_postmortem, len(state.updates)) == ("resolved", False, 6)


@pytest.mark.spec("STA-10")
@pytest.mark.parametrize(
    ("severity", "hours", "owed"),
    [
        (Severity.MAJOR, 1.1, True),
        (Severity.MAJOR, 0.9, False),
        (Severity.CRITICAL, 1.1, True),
        (Severity.MINOR, 9, False),
    ],
)
def test_a_post_mortem_is_owed_for_more_than_an_hour_of_a_major_one(
    severity: Severity, hours: float, owed: bool
) -> None:
    incident = _publish(severity, hours=hours)
    assert not get_incident(incident.pk).owes_postmortem
    _add(incident, Step.RESOLVED, severity)
    assert get_incident(incident.pk).owes_postmortem is owed


@pytest.mark.spec("STA-11")
@pytest.mark.parametrize(
    ("severity", "hours", "late"),
    [(Severity.CRITICAL, 1.9, False), (Severity.CRITICAL, 2.1, True), (Severity.MAJOR, 23, False), (Severity.MAJOR, 25, True),
     (Severity.MINOR, 99, False)],
)  # fmt: skip
def test_an_incident_is_held_against_the_target_of_its_severity(severity: Severity, hours: float, late: bool) -> None:
    assert get_incident(_publish(severity, hours=hours).pk).is_late is late


@pytest.mark.spec("STA-12")
@pytest.mark.parametrize("step", [Step.INVESTIGATING, Step.IDENTIFIED, Step.MONITORING, Step.RESOLVED])
def test_a_closed_incident_is_only_added_to(step: Step) -> None:
    incident = _publish()
    _add(incident, Step.RESOLVED)
    with pytest.raises(ValidationError):
        _add(incident, step)
    assert IncidentUpdate.objects.count() == 2


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValidationError):
        _publish(hours=-1)
    with pytest.raises(ValidationError):
        _publish(step=Step.RESOLVED)
    incident = _publish()
    for ended_at in (NOW - timedelta(hours=5), timezone.now() + timedelta(hours=1)):
        with pytest.raises(ValidationError):
            _add(incident, Step.RESOLVED, ended_at=ended_at)
    with pytest.raises(ValidationError):
        _add(incident, Step.POSTMORTEM)
    assert (Incident.objects.count(), IncidentUpdate.objects.count()) == (1, 1)


@pytest.mark.spec("STA-12")
@pytest.mark.parametrize("as_platform", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE status_incident SET title = 'x'",
        "DELETE FROM status_incident",
        "UPDATE status_incidentupdate SET text = 'x'",
        "DELETE FROM status_incidentupdate",
        "UPDATE status_reading SET is_up = true",
        "DELETE FROM status_maintenance",
        "UPDATE status_maintenance SET starts_at = now()",
    ],
)
def test_no_role_of_the_product_may_rewrite_the_past(statement: str, as_platform: bool) -> None:
    _add(_publish(), Step.RESOLVED)
    role = "SET LOCAL ROLE thermo_platform; " if as_platform else ""
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(role + statement)
    assert Incident.objects.get().title == "Panne"


@pytest.mark.spec("STA-12")
def test_two_writers_of_the_same_entry_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    incident = _publish()
    seen = get_incident(incident.pk)
    _add(incident, Step.IDENTIFIED)
    monkeypatch.setattr("status.services.incidents.get_incident", lambda _pk: seen)  # read before the other wrote
    with pytest.raises(ValidationError):
        _add(incident, Step.MONITORING)
    assert IncidentUpdate.objects.count() == 2


def test_a_draft_is_dealt_with_once() -> None:
    draft = IncidentDraft.objects.create(component="app", detected_at=NOW)
    other = IncidentDraft.objects.create(component="database", detected_at=NOW)
    incident = _publish(components=["app", "database"], draft=draft)
    assert set(IncidentDraft.objects.values_list("incident", flat=True)) == {incident.pk}
    with pytest.raises(ValidationError):
        set_aside(by="Éditeur", draft_pk=other.pk)
    with pytest.raises(ValidationError):
        _publish(draft=draft)
    assert Incident.objects.count() == 1


@pytest.mark.spec("STA-09")
def test_an_outage_that_nobody_deals_with_is_told_in_time(owner: Membership, settings: Any) -> None:
    now = timezone.now()
    IncidentDraft.objects.create(component="mail", detected_at=now - timedelta(minutes=50))
    app = IncidentDraft.objects.create(component="app", detected_at=now - timedelta(minutes=19))
    IncidentDraft.objects.create(component="portal", detected_at=now - timedelta(minutes=60), ended_at=now)
    tell_task()
    assert not Incident.objects.exists()
    IncidentDraft.objects.filter(pk=app.pk).update(detected_at=now - timedelta(minutes=21))
    settings.STATUS_PUBLISH_AFTER = 0
    tell_task()
    assert not Incident.objects.exists()
    settings.STATUS_PUBLISH_AFTER = 20
    for _again in range(2):
        tell_task()
    incident = Incident.objects.get()
    assert (incident.components, incident.published_by) == (["app", "mail"], "probes")
    assert get_incident(incident.pk).severity == Severity.CRITICAL
    assert PlatformEmail.objects.get(kind="status_critical").to == "olivia@vulcain.test"
    IncidentDraft.objects.create(component="database", detected_at=now - timedelta(minutes=30))
    tell_task()
    assert Incident.objects.count() == 2  # the database is another element, and nothing was said of it yet


def test_recent_is_what_goes_on_and_what_ended_lately() -> None:
    old, going, fresh = _publish(hours=24 * 200), _publish(hours=24 * 200), _publish(hours=24 * 200)
    _add(old, Step.RESOLVED, ended_at=NOW - timedelta(days=150))
    _add(fresh, Step.RESOLVED)
    found = {state.incident.pk for state in list_recent_incidents(NOW - timedelta(days=90))}
    assert found == {going.pk, fresh.pk}


def _sunday(weeks: int = 2) -> datetime:
    zone = timezone.get_default_timezone()
    today = timezone.localdate(timezone=zone)
    day = today + timedelta(days=(6 - today.weekday()) + 7 * weeks)
    return datetime(day.year, day.month, day.day, 3, tzinfo=zone)


def _plan(starts_at: datetime, hours: float = 1) -> Maintenance:
    return plan_maintenance(
        by="Éditeur", title="Base", text="Mise à jour.", components=["database"], starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
    )  # fmt: skip


@pytest.mark.spec("STA-06")
def test_maintenance_outside_the_rule_is_refused(time_machine: Any) -> None:
    start = _sunday()
    for wrong, hours in ((start + timedelta(hours=12), 1), (start, 4), (start, -1), (start + timedelta(days=1), 1)):
        with pytest.raises(ValidationError):
            _plan(wrong, hours)
    time_machine.move_to(start - timedelta(hours=47), tick=False)
    with pytest.raises(ValidationError) as refused:
        _plan(start)
    assert "starts_at" in refused.value.message_dict
    assert not Maintenance.objects.exists() and not Notice.objects.exists()
    time_machine.move_to(start - timedelta(hours=48), tick=False)
    assert _plan(start).pk


@pytest.mark.spec("STA-06", "BEY-12", "EML-12")
def test_maintenance_is_told_when_announced_begun_and_ended_once_each(owner: Membership, time_machine: Any) -> None:
    Subscriber.objects.create(email="a@client.test", components=["database"])
    Subscriber.objects.create(email="b@client.test", components=["mail"])
    start = _sunday()
    planned = _plan(start)
    tell_notices()
    tell_notices()
    told = list(PlatformEmail.objects.order_by("to").values_list("to", "kind"))
    assert told == [("a@client.test", "status_maintenance"), ("olivia@vulcain.test", "status_planned")]
    time_machine.move_to(start + timedelta(minutes=1))
    for _again in range(2):
        tell_notices()
    assert PlatformEmail.objects.filter(to="a@client.test").count() == 2
    with pytest.raises(ValidationError):
        cancel_maintenance(by="Éditeur", maintenance_pk=planned.pk)
    time_machine.move_to(start + timedelta(hours=2))
    for _again in range(2):
        tell_notices()
    assert PlatformEmail.objects.filter(to="a@client.test").count() == 3
    assert PlatformEmail.objects.filter(to="b@client.test").count() == 0


@pytest.mark.spec("STA-06")
def test_a_cancelled_maintenance_is_told_and_neither_begins_nor_ends(time_machine: Any) -> None:
    Subscriber.objects.create(email="a@client.test")
    planned = _plan(_sunday())
    cancel_maintenance(by="Éditeur", maintenance_pk=planned.pk)
    with pytest.raises(ValidationError):
        cancel_maintenance(by="Éditeur", maintenance_pk=planned.pk)
    time_machine.move_to(planned.ends_at + timedelta(hours=1))
    tell_notices()
    assert set(Notice.objects.values_list("phase", flat=True)) == {"announced", "cancelled"}
    assert PlatformEmail.objects.filter(to="a@client.test").count() == 2


@pytest.mark.spec("STA-09", "EML-11")
def test_a_critical_incident_is_mailed_at_once_to_who_answers_for_a_workshop(
    workshop: Workshop, other_workshop: Workshop, owner: Membership, operator: Membership, stranger: Membership
) -> None:
    factories.member(workshop, Role.ADMIN, email="anna@vulcain.test")
    _publish(Severity.MAJOR)
    tell_notices()
    assert not PlatformEmail.objects.exists()
    _publish(Severity.CRITICAL)
    tell_notices()
    everybody = {"olivia@vulcain.test", "anna@vulcain.test", "serge@concurrent.test"}
    assert set(PlatformEmail.objects.values_list("to", flat=True)) == everybody
    _publish(Severity.MAJOR, workshops=[other_workshop.pk])
    tell_notices()
    assert PlatformEmail.objects.latest("pk").to == "serge@concurrent.test"
    assert PlatformEmail.objects.count() == 4


@pytest.mark.spec("BEY-12")
def test_subscribers_are_told_of_their_components_and_not_of_one_workshops_trouble(workshop: Workshop) -> None:
    Subscriber.objects.create(email="tout@client.test")
    Subscriber.objects.create(email="app@client.test", components=["app"])
    Subscriber.objects.create(email="mail@client.test", components=["mail"])
    incident = _publish(Severity.MINOR)
    tell_notices()
    assert set(PlatformEmail.objects.values_list("to", flat=True)) == {"tout@client.test", "app@client.test"}
    _add(incident, Step.RESOLVED, Severity.MINOR)
    tell_notices()
    assert PlatformEmail.objects.count() == 4
    _publish(Severity.MINOR, workshops=[workshop.pk])
    tell_notices()
    assert PlatformEmail.objects.count() == 4


def test_a_notice_that_fails_does_not_hold_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    Subscriber.objects.create(email="tout@client.test")
    broken, good = _publish(title="Une"), _publish(title="Deux")
    calls = []

    def fails_once(incident: Any) -> str:
        calls.append(incident)
        if len(calls) == 1:
            raise RuntimeError
        return "tout"

    monkeypatch.setattr("status.services.notices.components_in_words", fails_once)
    tell_notices()
    assert list(PlatformEmail.objects.values_list("subject", flat=True)) != []
    assert Notice.objects.filter(told_at=None).get().update.incident == broken
    tell_notices()
    assert PlatformEmail.objects.count() == 2 and good.pk


@pytest.mark.spec("STA-02")
def test_old_measurements_go_by_the_platform_alone() -> None:
    Reading.objects.create(component="app", at=NOW - timedelta(days=101), is_up=True, duration_ms=1)
    Reading.objects.create(component="app", at=NOW - timedelta(days=99), is_up=True, duration_ms=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.all().delete()
    assert forget_old_readings() == 1
    with platform_scope():
        assert Reading.objects.get().at == NOW - timedelta(days=99)
