"""The demonstration: coherent, complete, made once, removable without touching anything else."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.batches.models import OvenPlan
from app.batches.services.searching import search_plan
from app.crm.models import Customer
from app.dataio.demo import loading
from app.dataio.demo.clock import working_day
from app.dataio.demo.people import TEAM
from app.dataio.demo.plans import ATELIER, JANTES, Fate, Plan
from app.dataio.demo.timeline import play
from app.documents.models import Signature
from app.files.models import StoredFile
from app.files.services import read_file
from app.notify.constants import EmailState
from app.notify.models import WorkshopEmail
from app.projects.constants import ProjectStatus
from app.projects.models import Project
from app.quotes.models import Quote
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import GRANTABLE_ROLES, Role
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories
from tests.kept_rows import put_instead, rows_now

pytestmark = pytest.mark.django_db

SHORT = [
    Plan(1, Fate.DRAFT),
    Plan(2, Fate.SENT),
    Plan(47, Fate.EXPIRED),
    Plan(55, Fate.REFUSED),
    Plan(26, Fate.REPLACED),
    Plan(8, Fate.SIGNED, 0, promised_in=6),
    Plan(19, Fate.SIGNED, 2, promised_in=-2),
    Plan(18, Fate.SIGNED, 6, promised_in=1),
    Plan(33, Fate.SIGNED, 6, handed_over=True),
]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demonstration of a few quotes, one of each fate, loaded once for this file; the folder of its sign-ins."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(loading, "ATELIER", SHORT)
        patch.setattr(loading, "JANTES", [Plan(1, Fate.DRAFT)])
        patch.setattr(settings, "DATA_DIR", folder)
        new = rows_now()
        with transaction.atomic():
            load()
            connection.run_on_commit.clear()  # what would leave then is other tests' business
        yield folder
        put_instead(new)


def load(*options: str) -> str:
    output = StringIO()
    call_command("load_demo", *options, stdout=output)
    return output.getvalue()


def demo() -> Workshop:
    with platform_scope():
        return Workshop.objects.get(slug="atelier-demo")


@pytest.mark.spec("ONB-11")
@pytest.mark.parametrize("offset", range(-9, 15))
def test_what_is_late_is_so_on_whatever_day_the_workshop_is_loaded(offset: int) -> None:
    for today in (date(2026, 11, 16) + timedelta(days=day) for day in range(7)):
        promise = working_day(today + timedelta(days=offset), today)
        assert promise.weekday() < 5
        assert (promise < today) == (offset < 0)


@pytest.mark.spec("ONB-11")
@pytest.mark.usefixtures("loaded")
def test_every_quote_reaches_its_fate_through_the_services() -> None:
    workshop = demo()
    with workshop_scope(workshop.pk):
        quotes, projects = Quote.objects.all(), Project.objects.exclude(quote=None)
        states = Counter("expiré" if quote.is_expired() else quote.status for quote in quotes)
        assert states == {"brouillon": 1, "envoyé": 3, "expiré": 1, "refusé": 1, "accepté": 4}
        assert Counter(project.status for project in projects) == {
            ProjectStatus.OPEN: 1, ProjectStatus.IN_PROGRESS: 1, ProjectStatus.READY: 1, ProjectStatus.DELIVERED: 1
        }  # fmt: skip
        assert [project.is_late() for project in projects if project.status == ProjectStatus.IN_PROGRESS] == [True]
        assert Signature.objects.count() == 4
        signed = quotes.get(pk=projects.get(status=ProjectStatus.DELIVERED).quote_id)
        assert signed.signed_file_id is not None
        assert read_file(signed.signed_file_id).startswith(b"%PDF")
        assert all(project.report_file_id for project in projects if project.ready_at)


@pytest.mark.usefixtures("loaded")
def test_the_trail_the_numbers_and_the_dates_agree() -> None:
    with workshop_scope(demo().pk):
        sent = Quote.objects.exclude(number=None)
        assert [quote.number for quote in sent.order_by("sent_at")] == [
            quote.number for quote in sent.order_by("number")
        ]
        for quote in sent:
            [entry] = AuditEntry.objects.filter(action="quote.sent", subject_kind="quote", subject_pk=quote.pk)
            assert entry.at == quote.sent_at
            assert quote.created_at <= quote.sent_at
        for project in Project.objects.exclude(delivered_at=None):
            assert project.created_at < project.ready_at < project.delivered_at < timezone.now()


@pytest.mark.usefixtures("loaded")
def test_no_mail_of_the_demonstration_waits_to_leave() -> None:
    with workshop_scope(demo().pk):
        mails = list(WorkshopEmail.objects.all())
        assert mails
        assert {mail.state for mail in mails} == {EmailState.SENT}
        assert all(mail.to.endswith(".test") for mail in mails)
        assert not any("/ouvrir/" in mail.text for mail in mails)


@pytest.mark.usefixtures("loaded")
def test_the_next_loads_of_the_oven_are_asked_for_and_can_be_found() -> None:
    workshop = demo()
    with workshop_scope(workshop.pk):
        plan = OvenPlan.objects.get()
        plan.problem["time_limit_s"] = 1
        plan.save()
    search_plan(workshop_id=workshop.pk, plan_pk=plan.pk)
    with workshop_scope(workshop.pk):
        plan.refresh_from_db()
        assert plan.is_adoptable and plan.figures["loads"] > 5


STAFF = ("writer", "chief_editor", "publisher")


def test_each_grantable_role_can_sign_in_with_what_the_file_says(loaded: Path) -> None:
    written = json.loads((loaded / "demo.json").read_text())
    assert (loaded / "demo.json").stat().st_mode & 0o077 == 0
    assert {access["role"] for access in written["sign_ins"]} == {
        *(role.value for role in GRANTABLE_ROLES),
        *STAFF,
    }
    for access in written["sign_ins"]:
        user = User.objects.get(email=access["email"])
        assert user.check_password(access["password"])
        held = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        secret = get_adapter().decrypt(held.data["secret"]) if held else None
        assert secret == access["totp_secret"]
        assert (secret is not None) == (access["role"] in (Role.OWNER, Role.ADMIN, *STAFF))
        assert user.is_staff == (access["role"] in STAFF)
        assert user.is_superuser == (access["role"] == "publisher")
    with platform_scope():
        owner = User.objects.get(email=TEAM[0].email)
        assert Membership.objects.filter(user=owner).count() == 2


@pytest.mark.usefixtures("loaded")
def test_loading_again_changes_nothing() -> None:
    first = demo()
    assert "already there" in load()
    assert demo().pk == first.pk


@pytest.mark.usefixtures("loaded")
def test_reset_makes_it_anew_and_leaves_the_others_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "ATELIER", [Plan(1, Fate.DRAFT)])
    monkeypatch.setattr(loading, "JANTES", [Plan(1, Fate.DRAFT)])
    other = factories.workshop()
    with workshop_scope(other.pk):
        kept = factories.customer(other)
    before = demo()
    with workshop_scope(before.pk):
        Quote.objects.update(title="changed by a visitor")
    load("--reset")
    after = demo()
    assert after.pk != before.pk
    with platform_scope():
        assert not StoredFile.objects.filter(workshop_id=before.pk).exists()
        assert not Quote.objects.filter(title="changed by a visitor").exists()
        assert Customer.objects.filter(pk=kept.pk).exists()


@pytest.mark.usefixtures("loaded")
def test_a_visitor_cannot_enter_another_workshop() -> None:
    other = factories.workshop()
    client = Client()
    client.force_login(User.objects.get(email=TEAM[0].email), backend="app.accounts.backends.PersonBackend")
    assert client.get(f"/app/{other.slug}/").status_code == 404


def test_the_whole_demonstration_holds_every_state() -> None:
    assert {plan.fate for plan in ATELIER} == set(Fate)
    assert {plan.steps for plan in ATELIER if plan.fate is Fate.SIGNED} == set(range(7))
    assert 55 <= len(ATELIER) <= 70
    assert {plan.fate for plan in JANTES} >= {Fate.DRAFT, Fate.SENT, Fate.SIGNED}


def test_stories_are_played_by_date_whatever_their_order() -> None:
    told: list[tuple[str, str]] = []

    def story(name: str, *hours: int) -> Any:
        for hour in hours:
            yield start.replace(hour=hour)
            told.append((name, f"{timezone.now():%H:%M}"))

    start = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    played = play(
        [story("a", 9, 12), story("b", 10, 10, 23)], until=start.replace(hour=13), after_each=lambda moment: None
    )
    assert told == [("a", "09:00"), ("b", "10:00"), ("b", "10:04"), ("a", "12:00")]
    assert played == 4
