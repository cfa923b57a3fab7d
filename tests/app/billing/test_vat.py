"""VAT on the publisher's invoices: France, the Union with and without a valid number, the rest of the world."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from pytest_django import Settings

from app.audit.models import AuditEntry
from app.billing.models import VatCheck
from app.billing.vat import DUE, OUT_OF_SCOPE, OWED_BY_CUSTOMER, needs_check, tax_exempt
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from tests.fakes.vies import Vies, vies_server

from .conftest import Life

pytestmark = [pytest.mark.django_db, pytest.mark.spec("SUB-04")]
BELGIAN = "BE0123456749"


@pytest.fixture
def vies(settings: Settings) -> Iterator[Vies]:
    with vies_server() as server:
        settings.VIES_URL = server.url
        settings.PUBLISHER_VAT_NUMBER = "FR44732829320"
        yield server


def _move(life: Life, country: str, number: str) -> None:
    with platform_scope():
        Workshop.objects.filter(pk=life.workshop.pk).update(country=country, vat_number=number)


@pytest.mark.parametrize(
    ("country", "valid", "owed"),
    [
        ("FR", True, DUE),
        ("MC", False, DUE),
        ("BE", True, OWED_BY_CUSTOMER),
        ("BE", False, DUE),
        ("GR", True, OWED_BY_CUSTOMER),
        ("CH", False, OUT_OF_SCOPE),
        ("GB", True, OUT_OF_SCOPE),
    ],
)
def test_who_owes_the_tax(country: str, valid: bool, owed: str) -> None:
    assert tax_exempt(country, number_is_valid=valid) == owed


def test_only_a_number_of_another_member_state_is_asked_for() -> None:
    assert needs_check("BE", BELGIAN)
    assert needs_check("GR", "EL123456789")
    assert not needs_check("FR", "FR44732829320")
    assert not needs_check("BE", "FR44732829320")
    assert not needs_check("CH", "CHE123456789")


def test_a_workshop_of_the_union_with_a_valid_number_accounts_for_the_tax_itself(life: Life, vies: Vies) -> None:
    vies.valid[BELGIAN] = "ATELIER DU NORD"
    _move(life, "BE", BELGIAN)
    life.subscribe("lite")
    [invoice] = life.invoices()
    assert (invoice.tax, invoice.total_incl_tax) == (Decimal("0.00"), Decimal("49.00"))
    with workshop_scope(life.workshop.pk):
        [check] = VatCheck.objects.all()
        assert (check.valid, check.name, check.consultation) == (True, "ATELIER DU NORD", "WAPIAAAAX1234567")
        assert AuditEntry.objects.filter(action="vat.checked").count() == 1
    assert vies.asked[0]["requesterNumber"] == "44732829320"
    assert "TVA" in life.page()


def test_an_invalid_number_pays_the_french_rate(life: Life, vies: Vies) -> None:
    _move(life, "BE", BELGIAN)
    life.subscribe("lite")
    assert life.invoices()[0].tax == Decimal("9.80")


@pytest.mark.parametrize("problem", ["MS_UNAVAILABLE", "SERVICE_UNAVAILABLE", "TIMEOUT"])
def test_a_service_that_does_not_answer_proves_nothing_and_stops_nobody(life: Life, vies: Vies, problem: str) -> None:
    vies.problem = problem
    _move(life, "BE", BELGIAN)
    life.subscribe("lite")
    assert life.invoices()[0].tax == Decimal("9.80")
    with workshop_scope(life.workshop.pk):
        assert VatCheck.objects.get().valid is None
    vies.problem = ""
    vies.valid[BELGIAN] = "ATELIER DU NORD"
    life.night()
    life.wait(days=31, hours=2)
    assert life.invoices()[-1].tax == Decimal("0.00")


def test_outside_the_union_there_is_no_tax(life: Life, vies: Vies) -> None:
    _move(life, "CH", "")
    life.subscribe("lite")
    assert life.invoices()[0].tax == Decimal("0.00")
    assert vies.asked == []
