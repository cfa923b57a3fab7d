"""What the publisher watches, and what it asks again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from app.audit.models import AuditEntry
from app.billing.models import BillingOrder
from app.crm.services.privacy import erase_customer
from app.notify.constants import EmailState
from app.notify.models import PlatformEmail, WorkshopEmail
from app.tenancy.actor import Origin
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from status.models import JobRun
from tests import factories
from tests.queries import at_most
from tests.tenancy.rows import make_row

pytestmark = pytest.mark.django_db
PAGE = "/editeur/surveillance/"


@pytest.fixture
def failed(workshop: Workshop) -> WorkshopEmail:
    """A mail of the workshop that its recipient's server refused."""
    with workshop_scope(workshop.pk):
        email: WorkshopEmail = make_row(WorkshopEmail, workshop)
        WorkshopEmail.objects.filter(pk=email.pk).update(
            state=EmailState.FAILED, kind="saas_reminder", last_error="550 inconnu", to="client@exemple.test"
        )
    return email


def _box(answer: Any, name: str) -> Any:
    return next(box for box in answer.context["found"].outboxes if box.name == name)


@pytest.mark.spec("BOF-09", "BOF-12")
def test_it_says_what_waits_since_when_and_what_failed(
    publisher_client: Client, workshop: Workshop, failed: WorkshopEmail
) -> None:
    then = timezone.now() - timedelta(hours=3)
    with workshop_scope(workshop.pk):
        order = BillingOrder.objects.create(workshop=workshop, kind="cancel", next_attempt_at=then, gives_up_at=then)
        BillingOrder.objects.filter(pk=order.pk).update(created_at=then)
    JobRun.objects.create(task="billing.sweep", last_started_at=then, last_error="KeyError")
    publisher_client.get(PAGE)
    with at_most(19):
        answer = publisher_client.get(PAGE)
    assert (_box(answer, "mails").waiting, _box(answer, "mails").failed) == (0, 1)
    assert (_box(answer, "orders").waiting, _box(answer, "orders").oldest_at) == (1, then)
    found = answer.context["found"]
    assert found.jobs[0].task == "billing.sweep" and found.jobs[0].is_overdue
    assert found.failing == [("Atelier Vulcain", 1)]
    assert "550 inconnu" in answer.content.decode()


@pytest.mark.spec("BOF-09")
def test_a_mail_that_failed_is_sent_again_once(
    publisher_client: Client,
    workshop: Workshop,
    other_workshop: Workshop,
    failed: WorkshopEmail,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    path = f"{PAGE}{workshop.pk}/mails/{failed.pk}/"
    assert publisher_client.get(path).status_code == 405
    publisher_client.post(f"{PAGE}{other_workshop.pk}/mails/{failed.pk}/")
    with workshop_scope(workshop.pk):
        assert WorkshopEmail.objects.get().state == EmailState.FAILED
    with django_capture_on_commit_callbacks() as asked:
        publisher_client.post(path)
    assert len(asked) == 1
    with workshop_scope(workshop.pk):
        assert WorkshopEmail.objects.get().state == EmailState.QUEUED
        assert AuditEntry.objects.get(action="email.resent").origin == Origin.PUBLISHER
    again = publisher_client.post(path, follow=True)
    assert [message.level_tag for message in again.context["messages"]][-1] == "error"


@pytest.mark.spec("BOF-09")
def test_a_mail_of_the_product_is_sent_again(
    publisher_client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    email = PlatformEmail.objects.create(
        kind="new_device", to="olivia@vulcain.test", subject="x", text="x", html="x", message_id="<1@x.test>",
        state=EmailState.FAILED,
    )  # fmt: skip
    with django_capture_on_commit_callbacks() as asked:
        assert publisher_client.post(f"{PAGE}mails/{email.pk}/").status_code == 302
    email.refresh_from_db()
    assert (email.state, len(asked)) == (EmailState.QUEUED, 1)
    assert publisher_client.post(f"{PAGE}evenements/").status_code == 302


@pytest.mark.spec("BOF-19")
def test_erasures_are_listed_with_their_proof(publisher_client: Client, workshop: Workshop, owner: Membership) -> None:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop, last_name="Oubliée")
        erase_customer(workshop=workshop, actor=factories.ACTOR, customer=customer)
    answer = publisher_client.get(PAGE)
    [entry] = answer.context["found"].privacy
    assert (entry.action, entry.subject_pk) == ("customer.erased", customer.pk)
    assert "Oubliée" not in answer.content.decode()
