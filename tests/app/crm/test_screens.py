"""The screens of customers: what each role may do, and what a wrong address or entry answers."""

import pytest
from django.test import Client

from app.crm.models import Customer
from app.crm.selectors import list_customers
from app.crm.services.customers import create_customer
from app.crm.identity import CustomerData
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests.factories import ACTOR

BASE = "/app/atelier-vulcain/clients/"
PRO = {
    "type": "pro", "company": "Métallerie Durand", "first_name": "Zoé", "last_name": "Durand",
    "email": "Zoe@Durand.fr", "phone": "06.12.34.56.78", "street": "3 rue du Four", "postcode": "38000",
    "city": "Grenoble", "country": "FR", "siret": "732 829 320 00074", "vat_number": "fr 44 732829320",
    "tags": "VIP, façade", "notes": "Portail",
}  # fmt: skip


def add(workshop: Workshop, **fields: object) -> Customer:
    values = {"last_name": "Martin", "first_name": "Camille", **fields}
    with workshop_scope(workshop.pk):
        return create_customer(workshop=workshop, actor=ACTOR, data=CustomerData(**values))


@pytest.mark.spec("CRM-01", "SCR-04")
def test_a_customer_is_created_with_its_numbers_written_in_one_way(owner_client: Client, workshop: Workshop) -> None:
    answer = owner_client.post(f"{BASE}nouveau/", PRO, follow=True)
    assert answer.status_code == 200
    with workshop_scope(workshop.pk):
        customer = list_customers().get()
    assert (customer.phone, customer.siret, customer.vat_number) == ("+33612345678", "73282932000074", "FR44732829320")
    assert (customer.email, customer.tags) == ("zoe@durand.fr", ["VIP", "façade"])
    assert "06 12 34 56 78" in answer.content.decode()


@pytest.mark.spec("CRM-01")
def test_the_list_the_record_and_the_pickers_answer(owner_client: Client, workshop: Workshop) -> None:
    customer = add(workshop, email="camille@client.test", phone="0476000000")
    for address in ("", "?q=mart", "nouveau/", f"{customer.pk}/", f"{customer.pk}/modifier/", "choisir/?q=mart", f"choisir/?client={customer.pk}"):
        answer = owner_client.get(f"{BASE}{address}")
        assert answer.status_code == 200, address
    assert "Camille Martin" in owner_client.get(f"{BASE}?q=mart").content.decode()
