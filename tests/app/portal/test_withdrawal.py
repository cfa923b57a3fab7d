"""A consumer withdraws in their space: two steps, a receipt, the work stopped; nobody else does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from app.audit.models import AuditEntry
from app.crm.models import Customer
from app.notify.models import WorkshopEmail
from app.projects.constants import ProjectStatus
from app.projects.models import Project
from app.quotes.models import Quote
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests.app.portal.test_portal import BASE, customer_client, quote, signing

pytestmark = pytest.mark.spec("BEY-08")
__all__ = ["customer_client", "quote"]  # fixtures
BUTTON = "renoncer/"
GIVEN = {"name": "Camille Lefèvre", "email": "camille@ailleurs.test"}


@pytest.fixture
def page(quote: Quote) -> str:
    return f"{BASE}devis/{quote.public_id}/"


def sign(client: Client, page: str, **changes: str) -> None:
    assert client.post(f"{page}signer/", signing(**changes)).status_code == 302


def stored(workshop: Workshop) -> tuple[Quote, Project]:
    with workshop_scope(workshop.pk):
        return Quote.objects.get(), Project.objects.get()


def test_two_steps_end_the_contract_stop_the_work_and_send_a_receipt_once(
    customer_client: Client, workshop: Workshop, page: str
) -> None:
    assert BUTTON not in customer_client.get(page).content.decode()
    sign(customer_client, page)
    for offered in (page, BASE):
        assert f"{page}{BUTTON}" in customer_client.get(offered).content.decode()
    confirmation = customer_client.get(f"{page}{BUTTON}").content.decode()
    assert "Camille" in confirmation
    for _click in range(2):
        answer = customer_client.post(f"{page}{BUTTON}", GIVEN)
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
    held, project = stored(workshop)
    assert held.withdrawn_at is not None
    assert project.status == ProjectStatus.CANCELLED
    with workshop_scope(workshop.pk):
        receipt = WorkshopEmail.objects.get(kind="withdrawal_receipt")
        notice = WorkshopEmail.objects.get(kind="withdrawal_notice")
        entry = AuditEntry.objects.get(action="quote.withdrawn")
    moment = timezone.localtime(held.withdrawn_at)
    assert (receipt.to, notice.to) == (GIVEN["email"], workshop.email)
    for text in (receipt.text, notice.text):
        assert held.number is not None
        assert held.number in text
        assert f"{moment:%d/%m/%Y %H:%M}" in text
        assert entry.changes["declaration"] in text
    assert (entry.ip, entry.changes["name"]) == ("127.0.0.1", GIVEN["name"])
    assert BUTTON not in customer_client.get(page).content.decode()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"email": ""}, {"email": "pas une adresse"}])
def test_an_incomplete_confirmation_changes_nothing(
    customer_client: Client, workshop: Workshop, page: str, wrong: dict[str, str]
) -> None:
    sign(customer_client, page)
    assert customer_client.post(f"{page}{BUTTON}", GIVEN | wrong).status_code == 422
    held, project = stored(workshop)
    assert (held.withdrawn_at, project.status) == (None, ProjectStatus.OPEN)


@pytest.mark.parametrize("case", ["too late", "professional", "done as asked"])
def test_there_is_no_right_to_withdraw(customer_client: Client, workshop: Workshop, page: str, case: str) -> None:
    with workshop_scope(workshop.pk):
        Customer.objects.update(type="pro" if case == "professional" else "particulier")
    sign(customer_client, page, **({"early_start": "on"} if case == "done as asked" else {}))
    with workshop_scope(workshop.pk):
        if case == "too late":
            Quote.objects.update(accepted_at=timezone.now() - timedelta(days=20))
        elif case == "done as asked":
            Project.objects.update(status=ProjectStatus.READY)
    assert BUTTON not in customer_client.get(page).content.decode()
    assert customer_client.post(f"{page}{BUTTON}", GIVEN).status_code == 302
    assert stored(workshop)[0].withdrawn_at is None
    with workshop_scope(workshop.pk):
        assert not WorkshopEmail.objects.filter(kind__startswith="withdrawal").exists()


@pytest.mark.parametrize(
    ("signs_as", "called_then", "may"), [("particulier", "pro", True), ("pro", "particulier", False)]
)
def test_the_right_is_that_of_whoever_signed_whatever_they_are_called_then(
    customer_client: Client, workshop: Workshop, page: str, signs_as: str, called_then: str, may: bool
) -> None:
    with workshop_scope(workshop.pk):
        Customer.objects.update(type=signs_as)
    sign(customer_client, page)
    with workshop_scope(workshop.pk):
        Customer.objects.update(type=called_then)
    assert (BUTTON in customer_client.get(page).content.decode()) is may
    customer_client.post(f"{page}{BUTTON}", GIVEN)
    assert (stored(workshop)[0].withdrawn_at is not None) is may


def test_work_done_without_being_asked_for_at_once_takes_no_right_away(
    customer_client: Client, workshop: Workshop, page: str
) -> None:
    sign(customer_client, page)
    with workshop_scope(workshop.pk):
        Project.objects.update(status=ProjectStatus.READY)
    customer_client.post(f"{page}{BUTTON}", GIVEN)
    held, project = stored(workshop)
    assert held.withdrawn_at is not None
    assert project.status == ProjectStatus.READY  # the parts still have to leave


def test_the_workshop_sees_it_on_the_quote_and_on_the_project(
    customer_client: Client, owner_client: Client, workshop: Workshop, page: str
) -> None:
    sign(customer_client, page, early_start="on")
    customer_client.post(f"{page}{BUTTON}", GIVEN)
    held, project = stored(workshop)
    assert held.early_start is True
    for address in (f"devis/{held.pk}/", f"projets/{project.pk}/"):
        assert "banner-bad" in owner_client.get(f"/app/{workshop.slug}/{address}").content.decode()


def test_another_customer_withdraws_from_nothing(customer_client: Client, workshop: Workshop, page: str) -> None:
    sign(customer_client, page)
    assert Client().post(f"{page}{BUTTON}", GIVEN).status_code == 302
    assert stored(workshop)[0].withdrawn_at is None
