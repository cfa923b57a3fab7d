"""A month that has ended is worked out from its measurements, once, and owes its credits."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from structlog.testing import capture_logs

from app.billing.models import Offer, SaasInvoice, ServiceCredit, SubscribedItem, Subscription
from app.billing.services.catalogue import load_plans
from app.billing.services.credits import apply_credit
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from backoffice.models import MeasuredMonth
from backoffice.services.credits import close_month, record_month
from backoffice.tasks import close_month as close_month_task
from status.constants import Severity, Step
from status.models import Maintenance, Reading
from status.selectors.readings import get_month_uptime
from status.services.incidents import add_update, publish_incident

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
OCTOBER = date(2026, 10, 1)
START = datetime(2026, 10, 1, tzinfo=PARIS).astimezone(UTC)
HOURS = 745  # the night of the winter time has one more


@pytest.fixture(autouse=True)
def one_measurement_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough for the arithmetic: hundreds of rows instead of hundreds of thousands."""
    monkeypatch.setattr("status.selectors.readings.MAX_STEP", timedelta(hours=1))


def _measure(down: Iterable[int] = (), *, only: str = "", skipped: Iterable[int] = ()) -> None:
    away, gaps = set(down), set(skipped)
    Reading.objects.bulk_create(
        Reading(
            component=name, at=START + timedelta(hours=hour), duration_ms=20,
            is_up=not (hour in away and only in ("", name)),
        )
        for name in ("app", "portal", "database")
        for hour in range(HOURS + 1)
        if hour not in gaps
    )  # fmt: skip


@pytest.fixture
def paying(workshop: Workshop, owner: Membership) -> Workshop:
    load_plans()
    _pay(workshop)
    return workshop


def _pay(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        lite = Offer.objects.get(key="lite")
        held = Subscription.objects.create(workshop=workshop, status="active", plan=lite)
        begun = datetime(2026, 1, 1, tzinfo=UTC)
        SubscribedItem.objects.create(workshop=workshop, subscription=held, offer=lite, unit_price=49, starts_at=begun)
        SaasInvoice.objects.create(
            workshop=workshop, stripe_invoice_id=f"in_{workshop.pk}", number="F-1", status="paid",
            issued_at=datetime(2026, 10, 3, tzinfo=UTC), total_excl_tax=49, tax=0, total_incl_tax=49, amount_due=0,
        )  # fmt: skip


@pytest.mark.spec("STA-07", "STA-08", "SUB-10")
def test_the_month_that_ended_owes_its_credits_once(paying: Workshop, publisher_client: Client) -> None:
    _measure(down=range(100, 105), only="database")  # 5 h of 720: 99.306 %
    assert close_month(today=date(2026, 11, 1)) == 1
    for day in (2, 30):
        assert close_month(today=date(2026, 11, day)) == 0
    month = MeasuredMonth.objects.get()
    assert (month.month, month.uptime_percent, month.entered_by) == (OCTOBER, Decimal("99.306"), "probes")
    assert "745" in month.source and "300" in month.source
    with platform_scope():
        credit = ServiceCredit.objects.get()
    assert (credit.workshop_id, credit.measured, credit.amount) == (paying.pk, Decimal("99.306"), Decimal("1.90"))
    page = publisher_client.get("/editeur/avoirs/")
    assert "1,90" in page.content.decode() and page.context["months"][0].credits == 1
    assert publisher_client.post("/editeur/avoirs/", {"month": "2026-09"}).status_code == 405
    with pytest.raises(RuleError):
        record_month(month=OCTOBER, uptime_percent=Decimal(50), source="again")


@pytest.mark.spec("STA-02", "STA-08")
def test_a_month_without_measurement_is_left_open_and_said(paying: Workshop) -> None:
    with capture_logs() as logs:
        assert close_month(today=date(2026, 11, 1)) == 0
    assert [line["event"] for line in logs] == ["month_not_measured"]
    assert not MeasuredMonth.objects.exists()
    close_month_task()  # the periodic job asks the same of the real date


@pytest.mark.spec("STA-02")
def test_a_gap_shortens_the_month_and_is_stated(paying: Workshop) -> None:
    _measure(down=[10], skipped=range(373, 745))  # half of the month was not measured
    close_month(today=date(2026, 11, 1))
    month = MeasuredMonth.objects.get()
    # 1 h down in half a month weighs as 2 h in a whole one: 100 × (1 − 2 ÷ 720), but for the hour at the edge.
    assert Decimal("99.720") < month.uptime_percent < Decimal("99.724")
    assert "373 h" in month.source


@pytest.mark.spec("STA-06", "STA-08")
def test_announced_maintenance_owes_nothing_and_a_cancelled_one_excuses_nothing(paying: Workshop) -> None:
    _measure(down=range(100, 104))
    begins = START + timedelta(hours=100)
    planned = Maintenance.objects.create(title="t", text="t", starts_at=begins, ends_at=begins + timedelta(hours=4))
    close_month(today=date(2026, 11, 1))
    assert MeasuredMonth.objects.get().uptime_percent == Decimal("100.000")
    Maintenance.objects.filter(pk=planned.pk).update(cancelled_at=START)
    with platform_scope():
        MeasuredMonth.objects.all().delete()
    close_month(today=date(2026, 11, 1))
    assert MeasuredMonth.objects.get().uptime_percent == Decimal("99.444")


@pytest.mark.spec("STA-06")
@pytest.mark.parametrize(
    ("components", "percent", "hours"),
    [(["app", "database", "portal"], "100.000", 4), (["database"], "99.444", 0), (["mail"], "99.444", 0)],
)
def test_maintenance_excuses_the_elements_that_it_names(
    paying: Workshop, components: list[str], percent: str, hours: int
) -> None:
    _measure(down=range(100, 104))
    begins = START + timedelta(hours=100)
    ends = begins + timedelta(hours=4)
    Maintenance.objects.create(title="t", text="t", starts_at=begins, ends_at=ends, components=components)
    found = get_month_uptime(OCTOBER)
    assert (found.percent, found.maintenance, found.gap) == (Decimal(percent), hours * 3600, 0)


@pytest.mark.spec("STA-08", "STA-11")
def test_a_critical_incident_of_one_workshop_is_its_own_downtime(paying: Workshop, other_workshop: Workshop) -> None:
    _pay(other_workshop)
    _measure()
    incident = publish_incident(
        by="Éditeur", title="Données inaccessibles", text="t", severity=Severity.CRITICAL, components=["app"],
        workshops=[other_workshop.pk], started_at=START + timedelta(hours=200),
    )  # fmt: skip
    ended = START + timedelta(hours=207, minutes=12)
    add_update(
        by="x", incident_pk=incident.pk, step=Step.RESOLVED, severity=Severity.CRITICAL, text="t", ended_at=ended
    )
    assert close_month(today=date(2026, 11, 1)) == 1
    with platform_scope():
        credit = ServiceCredit.objects.get()
    # 7 h 12 of 720 h: 99 %, the whole credit of a guarantee of 99.5 %.
    assert (credit.workshop_id, credit.measured, credit.amount) == (other_workshop.pk, Decimal(99), Decimal("4.90"))


@pytest.mark.spec("STA-08", "EML-14")
def test_the_owner_is_told_once_and_reads_the_calculation(paying: Workshop, owner_client: Client) -> None:
    _measure(down=range(100, 105))
    close_month(today=date(2026, 11, 1))
    with platform_scope():
        credit = ServiceCredit.objects.get()
    for _again in range(2):
        apply_credit(workshop_id=paying.pk, credit_pk=credit.pk)
    with workshop_scope(paying.pk):
        [mail] = WorkshopEmail.objects.filter(kind="service_credit")
    calculation = "49,00\u00a0€ × 10\u202f% × 38,8\u202f%"
    plain = str.maketrans("\u00a0\u202f", "  ")
    assert calculation.translate(plain) in mail.text.translate(plain)
    page = owner_client.get(f"/app/{paying.slug}/reglages/abonnement/").content.decode()
    assert calculation.translate(plain) in page.translate(plain)
