"""Unpaid workshops and failed work, on the publisher's pages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from app.billing.constants import NoticeState, OrderState
from app.billing.models import (
    BillingOrder,
    ChangeNotice,
    Offer,
    SaasInvoice,
    SubscribedItem,
    Subscription,
)
from app.billing.services.catalogue import load_plans
from app.notify.services.outbox import queue_email
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

pytestmark = pytest.mark.django_db
SINCE = timezone.now().replace(microsecond=0) - timedelta(days=4)


def _invoice(workshop: Workshop, number: int, status: str, at: datetime) -> None:
    SaasInvoice.objects.create(
        workshop=workshop, stripe_invoice_id=f"in_{number}", number=f"F-{number}", status=status, issued_at=at,
        total_excl_tax=Decimal(49), tax=Decimal("9.80"), total_incl_tax=Decimal("58.80"),
        amount_due=Decimal("58.80") if status == "open" else 0,
    )  # fmt: skip


@pytest.fixture
def owing(workshop: Workshop, owner: Membership) -> Workshop:
    """A workshop unpaid for four days, reminded once, with an invoice of the past that was paid."""
    load_plans()
    with workshop_scope(workshop.pk):
        lite = Offer.objects.get(key="lite")
        held = Subscription.objects.create(workshop=workshop, status="past_due", plan=lite, past_due_since=SINCE)
        SubscribedItem.objects.create(
            workshop=workshop, subscription=held, offer=lite, unit_price=49, starts_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        _invoice(workshop, 1, "paid", datetime(2026, 10, 3, tzinfo=UTC))
        _invoice(workshop, 2, "open", SINCE)
        context = {"prenom": "Olivia", "lien": "/", "montant": "58,80 €", "date": "demain"}
        queue_email(
            workshop=workshop, kind="saas_reminder", to="olivia@vulcain.test", context=context, actor=factories.ACTOR
        )
    return workshop


@pytest.mark.spec("BOF-05", "BOF-09", "SUB-05")
def test_who_owes_stands_with_its_amount_and_the_day_of_its_suspension(
    publisher_client: Client, owing: Workshop, other_workshop: Workshop
) -> None:
    publisher_client.get("/editeur/impayes/")
    with at_most(13):
        found = publisher_client.get("/editeur/impayes/").context["found"]
    [row] = found.unpaid
    assert (row.workshop, row.amount, found.total) == (owing, Decimal("58.80"), Decimal("58.80"))
    assert (row.suspended_on, row.reminders) == (SINCE + timedelta(days=14), 1)


@pytest.mark.spec("BOF-04", "BOF-09")
def test_what_failed_is_tried_again(
    publisher_client: Client, owing: Workshop, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    change = factories.catalog_change(changes={"trial_days": [30, 45]}, kind="rule")
    later = timezone.now() + timedelta(hours=2)
    with workshop_scope(owing.pk):
        notice = ChangeNotice.objects.create(
            workshop=owing, change=change, state=NoticeState.FAILED, last_error="panne"
        )
        order = BillingOrder.objects.create(
            workshop=owing, kind="cancel", next_attempt_at=later, gives_up_at=later, error="occupé"
        )
    text = publisher_client.get("/editeur/impayes/").content.decode()
    assert "panne" in text and "occupé" in text
    with django_capture_on_commit_callbacks(execute=True):
        publisher_client.post(f"/editeur/impayes/{owing.pk}/avis/{notice.pk}/")
    with django_capture_on_commit_callbacks(execute=False) as asked:
        publisher_client.post(f"/editeur/impayes/{owing.pk}/ordres/{order.pk}/")
    assert len(asked) == 1
    with workshop_scope(owing.pk):
        assert ChangeNotice.objects.get().state == NoticeState.DONE
        held = BillingOrder.objects.get()
        assert (held.state, held.next_attempt_at < timezone.now()) == (OrderState.WAITING, True)
    assert publisher_client.post(f"/editeur/impayes/987654/avis/{notice.pk}/").status_code == 404
    assert publisher_client.get(f"/editeur/impayes/{owing.pk}/avis/{notice.pk}/").status_code == 405
