"""The publisher's morning mail: payments that failed, accesses that closed, quotas that were reached."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.billing.constants import BillingStatus
from app.billing.models import Subscription
from app.billing.services.access import apply_access
from app.billing.services.catalogue import load_plans
from app.entitlements.constants import Dimension, Source
from app.entitlements.errors import QuotaReachedError
from app.entitlements.services import allow, consume
from app.notify.models import PlatformEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from backoffice.services.account_alert import warn_of_accounts
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.spec("EML-61", "BOF-09")]
DAY = datetime(2026, 11, 20, 10, tzinfo=UTC)


def _owe(workshop: Workshop, since: datetime) -> None:
    with workshop_scope(workshop.pk):
        Subscription.objects.update_or_create(
            workshop=workshop,
            defaults={
                "status": BillingStatus.PAST_DUE, "past_due_since": since, "origin": "stripe",
                "stripe_subscription_id": "sub_1", "period_end": since,
            },
        )  # fmt: skip
        apply_access(workshop=Workshop.objects.get(pk=workshop.pk), now=DAY)


def _reach_quota(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        allow(workshop=workshop, limits={"quotes": 0}, source=Source.PUBLISHER)
    for _twice in range(2):
        with pytest.raises(QuotaReachedError), workshop_scope(workshop.pk):
            consume(workshop=workshop, dimension=Dimension.QUOTES)


def test_what_happened_yesterday_is_told_once_to_the_publisher_alone(
    workshop: Workshop, other_workshop: Workshop, owner: Membership
) -> None:
    publisher = factories.person(email="editeur@exemple.test", is_staff=True, is_superuser=True)
    load_plans()
    with time_machine.travel(DAY, tick=False):
        _owe(workshop, DAY - timedelta(days=40))
        _reach_quota(other_workshop)
    for _again in range(2):
        assert warn_of_accounts(DAY + timedelta(days=1)) == 2
    mail = PlatformEmail.objects.get(kind="accounts_alert")
    assert mail.to == publisher.email and "20 novembre 2026" in mail.subject
    assert f"– {workshop}\u00a0: suspendu" in mail.text
    assert mail.text.count(f"– {other_workshop}\u00a0: quota atteint") == 1  # two refusals, one line
    assert "/editeur/impayes/" in mail.text


def test_a_quiet_day_and_another_day_are_not_told(workshop: Workshop) -> None:
    factories.person(email="editeur@exemple.test", is_staff=True, is_superuser=True)
    with time_machine.travel(DAY, tick=False):
        _reach_quota(workshop)
    assert warn_of_accounts(DAY + timedelta(days=2)) == 0
    assert not PlatformEmail.objects.filter(kind="accounts_alert").exists()
