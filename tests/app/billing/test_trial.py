"""The free trial: everything open, its four mails, reading only at its end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from app.audit.models import AuditEntry
from app.billing.constants import BillingStatus
from app.billing.models import Offer, SaasSettings, Subscription, Trial
from app.billing.selectors import list_public_plans
from app.billing.services.catalogue import load_plans
from app.billing.services.extending import extend_trial
from app.billing.services.trial import due_mail, start_trial
from app.billing.tasks import mind_trials
from app.entitlements.constants import Feature
from app.entitlements.selectors import has_feature
from app.notify.models import WorkshopEmail
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
END = START + timedelta(days=30)


@pytest.fixture
def trial(workshop: Workshop, owner: Membership) -> Trial:
    """A trial of thirty days begun on 2 November 2026."""
    load_plans()
    with time_machine.travel(START, tick=False), workshop_scope(workshop.pk):
        return start_trial(workshop=workshop)


def _sent(workshop: Workshop) -> list[tuple[str, str]]:
    with workshop_scope(workshop.pk):
        return list(WorkshopEmail.objects.order_by("pk").values_list("kind", "to"))


def _hours(first: datetime, last: datetime) -> Iterator[datetime]:
    """Of each day the hours around the morning: where a mail may leave, and where one might too soon or too late."""
    while first < last:
        if 3 <= first.hour <= 12:
            yield first
        first += timedelta(hours=1)


def _let_time_pass(first: datetime, last: datetime) -> None:
    """Run the hourly job from one moment to another."""
    for moment in _hours(first, last):
        with time_machine.travel(moment, tick=False):
            mind_trials()


@pytest.mark.spec("ONB-02", "PLN-03")
def test_a_trial_opens_every_feature_for_the_days_of_the_settings(workshop: Workshop, trial: Trial) -> None:
    assert trial.ends_at == END
    with time_machine.travel(END - timedelta(minutes=1), tick=False), workshop_scope(workshop.pk):
        pro = Offer.objects.get(key="pro")
        assert all(has_feature(workshop, feature) for feature in pro.features)
        assert AuditEntry.objects.filter(action="trial.started").count() == 1


@pytest.mark.spec("ONB-02", "PLN-02")
def test_the_publisher_sets_the_days(workshop: Workshop) -> None:
    with platform_scope():
        SaasSettings.objects.update_or_create(pk=1, defaults={"trial_days": 14})
    with time_machine.travel(START, tick=False), workshop_scope(workshop.pk):
        assert start_trial(workshop=workshop).ends_at == START + timedelta(days=14)


def test_a_second_start_changes_nothing(workshop: Workshop, trial: Trial) -> None:
    with time_machine.travel(START + timedelta(days=20), tick=False), workshop_scope(workshop.pk):
        assert start_trial(workshop=workshop).ends_at == END
        assert AuditEntry.objects.filter(action="trial.started").count() == 1


@pytest.mark.spec("ONB-03", "EML-04")
def test_the_four_mails_leave_once_in_the_owners_morning(workshop: Workshop, trial: Trial, owner: Membership) -> None:
    _let_time_pass(START, START + timedelta(days=7))
    assert _sent(workshop) == []
    _let_time_pass(START + timedelta(days=7), END + timedelta(days=5))
    kinds = ["trial_day_7", "trial_day_15", "trial_day_25", "trial_end"]
    assert _sent(workshop) == [(kind, owner.user.email) for kind in kinds]
    with workshop_scope(workshop.pk):
        moments = [mail.created_at for mail in WorkshopEmail.objects.order_by("pk")]
    paris = [moment.astimezone(ZoneInfo("Europe/Paris")) for moment in moments]
    assert all(8 <= moment.hour < 12 for moment in paris)


@pytest.mark.spec("ONB-03")
def test_the_morning_is_the_owners_own(workshop: Workshop, trial: Trial, owner: Membership) -> None:
    owner.user.time_zone = "Indian/Reunion"  # three hours ahead of Paris in winter
    owner.user.save()
    day = datetime(2026, 11, 10, tzinfo=UTC)
    _let_time_pass(day.replace(hour=0), day.replace(hour=4))  # until 7:59 there
    assert _sent(workshop) == []
    _let_time_pass(day.replace(hour=4), day.replace(hour=5))
    assert _sent(workshop) == [("trial_day_7", owner.user.email)]


@pytest.mark.spec("ONB-03")
def test_every_owner_and_nobody_else_is_written_to(workshop: Workshop, trial: Trial, owner: Membership) -> None:
    second = factories.member(workshop, Role.OWNER, email="second@vulcain.test")
    factories.member(workshop, Role.ADMIN)
    _let_time_pass(START + timedelta(days=8), START + timedelta(days=9))
    assert {to for _kind, to in _sent(workshop)} == {owner.user.email, second.user.email}


@pytest.mark.spec("ONB-03")
def test_a_workshop_with_a_plan_gets_no_mail_about_the_trial(workshop: Workshop, trial: Trial) -> None:
    with workshop_scope(workshop.pk):
        Subscription.objects.create(workshop=workshop, status=BillingStatus.ACTIVE)
    _let_time_pass(START + timedelta(days=7), START + timedelta(days=9))
    assert _sent(workshop) == []


def _daily(first: int, last: int) -> None:
    """The day's command, each morning from one day of the trial to another."""
    for day in range(first, last):
        call_command("billing_daily", "--at", (START + timedelta(days=day)).isoformat(), verbosity=0)


def _extend(workshop: Workshop, *, on: int, days: int) -> Trial:
    with time_machine.travel(START + timedelta(days=on), tick=False), workshop_scope(workshop.pk):
        return extend_trial(workshop=workshop, actor=Actor.system("the publisher"), days=days, reason="Vacances")


def _kinds(workshop: Workshop) -> list[str]:
    return [kind for kind, _to in _sent(workshop)]


@pytest.mark.spec("ONB-03")
def test_the_mails_of_an_extended_trial_follow_its_new_end(workshop: Workshop, trial: Trial) -> None:
    _daily(0, 9)
    assert _kinds(workshop) == ["trial_day_7"]
    assert _extend(workshop, on=9, days=10).ends_at == END + timedelta(days=10)
    _daily(9, 25)
    assert _kinds(workshop) == ["trial_day_7"]  # neither again, nor the next one ten days too early
    _daily(25, 26)
    assert _kinds(workshop) == ["trial_day_7", "trial_day_15"]
    _daily(26, 35)
    assert len(_kinds(workshop)) == 2
    _daily(35, 40)
    assert _kinds(workshop)[2:] == ["trial_day_25"]
    with workshop_scope(workshop.pk):
        told = WorkshopEmail.objects.get(kind="trial_day_25").text
    assert "12 décembre 2026" in told
    _daily(40, 46)
    assert _kinds(workshop)[3:] == ["trial_end"]


@pytest.mark.spec("ONB-03")
def test_a_trial_extended_after_its_end_says_its_new_end_and_nothing_twice(workshop: Workshop, trial: Trial) -> None:
    _daily(0, 33)
    four = ["trial_day_7", "trial_day_15", "trial_day_25", "trial_end"]
    assert _kinds(workshop) == four
    _extend(workshop, on=33, days=10)
    _daily(33, 43)
    assert _kinds(workshop) == four
    _daily(43, 50)
    assert _kinds(workshop) == [*four, "trial_end"]


def test_after_a_long_silence_only_the_latest_mail_leaves(trial: Trial) -> None:
    days = {
        6: None,
        7: "trial_day_7",
        14: "trial_day_7",
        16: "trial_day_15",
        29: "trial_day_25",
        30: "trial_end",
        40: None,
    }
    assert {day: due_mail(trial, START + timedelta(days=day)) for day in days} == days


@pytest.mark.spec("ONB-10")
def test_at_the_end_everything_is_read_and_nothing_written(workshop: Workshop, trial: Trial, owner: Membership) -> None:
    with time_machine.travel(END + timedelta(minutes=1), tick=False):
        browser = signed_in(owner)
        assert browser.get("/app/atelier-vulcain/clients/").status_code == 200
        refused = browser.post(
            "/app/atelier-vulcain/reglages/numeros/",
            {"quote": "X{number}", "project": "Y{number}", "batch": "S-{year}-{number:4}"},
        )
        assert refused.status_code == 403
        assert "/reglages/abonnement/" in refused.content.decode()
        page = browser.get("/app/atelier-vulcain/").content.decode()
        assert "banner-ember" in page
        with workshop_scope(workshop.pk):
            assert not has_feature(workshop, Feature.SMART_STOCK)
        _make_writable(workshop)
        assert (
            browser.post(
                "/app/atelier-vulcain/reglages/numeros/",
                {"quote": "X{number}", "project": "Y{number}", "batch": "S-{year}-{number:4}"},
            ).status_code
            == 302
        )


def _make_writable(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        Workshop.objects.update(writable_until=None)


@pytest.mark.spec("SUB-02", "ONB-02")
def test_the_owner_sees_the_days_left_and_that_nothing_is_charged(owner: Membership, trial: Trial) -> None:
    load_plans()
    with time_machine.travel(START + timedelta(days=10), tick=False):
        html = signed_in(owner).get("/app/atelier-vulcain/reglages/abonnement/").content.decode()
    assert "20" in html and "Lite" in html and "Pro" in html and "49,00" in html
    assert "<form" not in html.split("<main")[1].split("</main>")[0]  # no button that does nothing


@pytest.mark.spec("PLN-01", "PLN-02")
def test_plans_are_loaded_once_and_keep_what_the_publisher_changed() -> None:
    call_command("load_plans", verbosity=0)
    assert [(plan.key, plan.price_excl_tax) for plan in list_public_plans()] == [
        ("lite", Decimal(49)),
        ("pro", Decimal(99)),
    ]
    with platform_scope():
        Offer.objects.filter(key="lite").update(price_excl_tax=Decimal("59.00"), name="Essentiel")
    with platform_scope():
        SaasSettings.objects.update(trial_days=45)
    call_command("load_plans", verbosity=0)
    lite = list_public_plans()[0]
    assert (lite.name, lite.price_excl_tax) == ("Essentiel", Decimal("59.00"))
    assert SaasSettings.objects.get().trial_days == 45


@pytest.mark.spec("PLN-01")
def test_a_hidden_plan_is_not_shown() -> None:
    load_plans()
    with platform_scope():
        Offer.objects.filter(key="pro").update(is_public=False)
    assert [plan.key for plan in list_public_plans()] == ["lite"]


def test_there_is_one_row_of_settings() -> None:
    with platform_scope():
        SaasSettings.objects.create(pk=1)
    with pytest.raises(IntegrityError), transaction.atomic(), platform_scope():
        SaasSettings.objects.create(pk=2)


def test_the_days_left_count_the_one_in_progress(trial: Trial, client: Client) -> None:
    assert trial.days_left(START) == 30
    assert trial.days_left(END - timedelta(hours=1)) == 1
    assert trial.days_left(END) == 0


@pytest.mark.spec("PLN-18", "PLN-01")
def test_by_default_lite_is_the_core_and_pro_adds_the_advanced_functions() -> None:
    load_plans()
    lite, pro = (set(Offer.objects.get(key=key).features) for key in ("lite", "pro"))
    assert lite == {Feature.CRM, Feature.QUOTES, Feature.PROJECTS, Feature.PORTAL, Feature.BASIC_STOCK}
    assert pro - lite == {Feature.SMART_STOCK, Feature.REPORTING, Feature.API, Feature.WHEELS}
    assert lite < pro
