"""The history of actions: who reads it, that nobody changes it, how long it is kept."""

import ast
import re
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.utils import timezone

from app.audit.labels import KINDS, LABELS
from app.audit.models import AuditEntry
from app.audit.retention import end_of_retention
from app.audit.services import difference, record, remove_expired
from app.audit.tasks import remove_expired_entries
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/app/atelier-vulcain/reglages/historique/"


@pytest.fixture
def entries(workshop: Workshop, actor: Actor) -> None:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop, last_name="Durand")
        record(
            workshop=workshop,
            actor=actor,
            action="customer.updated",
            subject=customer,
            changes={"city": ["Lyon", "Grenoble"]},
        )
        record(workshop=workshop, actor=Actor.system("free trial"), action="trial.started", subject=workshop)


@pytest.mark.spec("AUD-03", "SCR-20", "ACC-06", "AUD-02")
def test_the_page_tells_who_what_when_from_where_and_the_values(owner_client: Client, entries: None) -> None:
    html = owner_client.get(PAGE).content.decode()
    for said in ("Olivia Roche", "127.0.0.1", "Durand", "Lyon", "Grenoble", "free trial"):
        assert said in html


@pytest.mark.spec("AUD-03")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"action": "trial.started"}, 1),
        ({"objet": "customer"}, 1),
        ({"objet": "quote"}, 0),
        ({"du": "2020-01-01", "au": "2020-12-31"}, 0),
        ({"du": "2020-01-01"}, 2),
        ({"du": "pas une date"}, 2),
        ({"au": "9999-12-31"}, 2),  # after the last day of the calendar there is none
        ({"du": "0001-01-01", "au": "9999-12-30"}, 2),
        ({"qui": "999999"}, 2),  # not one of the choices: left out
    ],
)
def test_the_page_is_filtered(owner_client: Client, entries: None, filters: dict[str, str], expected: int) -> None:
    assert len(owner_client.get(PAGE, filters).context["page"].rows) == expected


@pytest.mark.spec("AUD-03")
@pytest.mark.parametrize("typed", ["31/11/2026", "0001-01-01"])
def test_a_mistyped_day_stays_in_its_field_with_what_is_wrong_with_it(
    owner_client: Client, entries: None, typed: str
) -> None:
    html = owner_client.get(PAGE, {"du": typed, "au": "2026-12-01"}).content.decode()
    [field] = re.findall(r"<input[^>]*name=\"du\"[^>]*>", html)
    assert f'value="{typed}"' in field and 'aria-invalid="true"' in field
    assert 'type="text"' in field  # a browser empties a field of dates whose value is none
    assert 'id="id_du_error"' in html and 'aria-describedby="id_du_error"' in field
    [other] = re.findall(r"<input[^>]*name=\"au\"[^>]*>", html)
    assert 'type="date"' in other and 'value="2026-12-01"' in other and "aria-invalid" not in other


@pytest.mark.spec("AUD-03")
def test_the_entries_of_one_person(owner_client: Client, owner: Membership, entries: None) -> None:
    (entry,) = owner_client.get(PAGE, {"qui": owner.user_id}).context["page"].rows
    assert entry.action == "customer.updated"


def test_a_period_includes_both_its_days(owner_client: Client, workshop: Workshop, actor: Actor) -> None:
    with time_machine.travel("2026-11-20 22:30Z", tick=False), workshop_scope(workshop.pk):  # 23:30 in Paris
        record(workshop=workshop, actor=actor, action="customer.updated", subject=workshop)
    assert len(owner_client.get(PAGE, {"du": "2026-11-20", "au": "2026-11-20"}).context["page"].rows) == 1
    assert len(owner_client.get(PAGE, {"du": "2026-11-21", "au": "2026-11-21"}).context["page"].rows) == 0


@pytest.mark.spec("AUD-03")
def test_the_history_goes_page_by_page(owner_client: Client, workshop: Workshop, actor: Actor) -> None:
    with workshop_scope(workshop.pk):
        for number in range(60):
            record(workshop=workshop, actor=actor, action="customer.updated", subject=workshop, changes={"n": number})
    first = owner_client.get(PAGE).context["page"]
    second = owner_client.get(PAGE, {"apres": first.next_cursor}).context["page"]
    assert [entry.changes["n"] for entry in [*first.rows, *second.rows]] == list(range(59, -1, -1))


@pytest.mark.spec("AUD-03", "AUD-06")
def test_the_export_has_the_filtered_entries_and_is_itself_kept(
    owner_client: Client, workshop: Workshop, entries: None
) -> None:
    answer = owner_client.get(f"{PAGE}export/", {"objet": "customer"})
    lines = answer.content.decode("utf-8-sig").strip().splitlines()
    assert answer["Content-Type"].startswith("text/csv") and len(lines) == 2
    assert "Grenoble" in lines[1] and "Olivia Roche" in lines[1]
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.latest("pk").action == "audit.exported"


def test_the_export_stays_open_at_the_end_of_the_trial(owner_client: Client, workshop: Workshop, entries: None) -> None:
    with workshop_scope(workshop.pk):
        Workshop.objects.update(writable_until=timezone.now() - timedelta(days=1))
    assert owner_client.get(f"{PAGE}export/").status_code == 200


@pytest.mark.spec("AUD-03")
@pytest.mark.parametrize("browser", ["operator_client", "accountant_client", "viewer_client"])
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}export/"])
def test_other_roles_read_no_history(browser: str, path: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue(browser).get(path).status_code == 403


@pytest.mark.spec("AUD-04")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET action = 'x'",
        "DELETE FROM audit_auditentry",
    ],
)
def test_the_application_cannot_change_an_entry(workshop: Workshop, entries: None, statement: str) -> None:
    with workshop_scope(workshop.pk):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert AuditEntry.objects.count() == 2


@pytest.mark.spec("AUD-04")
def test_an_entry_goes_away_with_the_change_that_failed(workshop: Workshop, actor: Actor) -> None:
    with pytest.raises(ZeroDivisionError), workshop_scope(workshop.pk):  # noqa: PT012
        record(workshop=workshop, actor=actor, action="customer.updated", subject=workshop)
        raise ZeroDivisionError
    with workshop_scope(workshop.pk):
        assert not AuditEntry.objects.exists()


@pytest.mark.spec("AUD-05", "AUD-07")
def test_entries_are_kept_two_years_then_removed_and_it_is_said(
    workshop: Workshop, other_workshop: Workshop, actor: Actor
) -> None:
    for days, place in ((731, workshop), (729, workshop), (800, other_workshop)):
        with time_machine.travel(timezone.now() - timedelta(days=days)), workshop_scope(place.pk):
            record(workshop=place, actor=Actor.system("test"), action="customer.updated", subject=place)
    said = StringIO()
    call_command("expire_history", "--dry-run", stdout=said)
    assert said.getvalue().startswith("2 entries")
    with platform_scope():
        assert AuditEntry.objects.count() == 3
    remove_expired_entries()
    with workshop_scope(workshop.pk):
        kept = list(AuditEntry.objects.order_by("pk"))
    assert [entry.action for entry in kept] == ["customer.updated", "audit.expired"]
    assert (kept[1].actor, kept[1].origin, kept[1].changes["removed"]) == ("history kept two years", "job", 1)
    assert remove_expired(before=end_of_retention()) == 0


@pytest.mark.spec("AUD-07")
def test_an_entry_that_is_two_years_old_to_the_moment_is_still_kept(workshop: Workshop, actor: Actor) -> None:
    now = timezone.now()
    end = end_of_retention(now)
    for moment in (end, end - timedelta(microseconds=1)):
        with time_machine.travel(moment, tick=False), workshop_scope(workshop.pk):
            record(workshop=workshop, actor=actor, action="customer.updated", subject=workshop)
    assert remove_expired(before=end) == 1
    with workshop_scope(workshop.pk):
        assert [entry.at for entry in AuditEntry.objects.filter(action="customer.updated")] == [end]


def test_two_years_before_the_29th_of_february() -> None:
    day = datetime(2028, 2, 29, 12, tzinfo=timezone.get_current_timezone())
    assert end_of_retention(day).date().isoformat() == "2026-02-28"


def test_a_difference_keeps_what_changed_only() -> None:
    assert difference({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {"b": [2, 3], "c": [None, 4]}


def _actions_in_the_code() -> set[str]:
    """Each text given to an argument or a variable called `action`."""
    found: set[str] = set()
    for path in Path("app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.keyword) and node.arg == "action"
            set_to = isinstance(node, ast.Assign) and any(getattr(name, "id", "") == "action" for name in node.targets)
            if named or set_to:
                texts = (leaf.value for leaf in ast.walk(node) if isinstance(leaf, ast.Constant))
                found |= {text for text in texts if isinstance(text, str) and "." in text}
    return found


def test_every_act_and_kind_of_data_has_words() -> None:
    assert _actions_in_the_code() - set(LABELS) == set()
    assert set(KINDS) <= {model._meta.model_name for model in apps.get_models()}
