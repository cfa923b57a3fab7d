"""The screens of customers: what each role may do, and what a wrong address or entry answers."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from app.crm.identity import CustomerData
from app.crm.models import Customer, Interaction
from app.crm.selectors import list_customers
from app.crm.services.customers import create_customer
from app.crm.services.privacy import erase_customer
from app.notify.services import queue_email
from app.projects.models import Project
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from app.workshops.services.sites import main_site
from tests import factories
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
    for address in (
        "",
        "?q=mart",
        "nouveau/",
        f"{customer.pk}/",
        f"{customer.pk}/modifier/",
        "choisir/?q=mart",
        f"choisir/?client={customer.pk}",
    ):
        answer = owner_client.get(f"{BASE}{address}")
        assert answer.status_code == 200, address
    assert "Camille Martin" in owner_client.get(f"{BASE}?q=mart").content.decode()


def count(workshop: Workshop) -> int:
    with workshop_scope(workshop.pk):
        return list_customers().count()


@pytest.mark.spec("CRM-04", "CRM-05")
def test_a_lookalike_is_shown_before_saving_with_three_ways_out(owner_client: Client, workshop: Workshop) -> None:
    existing = add(workshop, last_name="Durand", first_name="Zoe", email="autre@client.fr", city="")
    answer = owner_client.post(f"{BASE}nouveau/", PRO)
    page = answer.content.decode()
    assert answer.context["lookalikes"] == [existing]
    assert f'href="{BASE}{existing.pk}/"' in page
    assert 'name="into"' in page
    assert 'name="anyway"' in page
    assert "Métallerie Durand" in page
    assert count(workshop) == 1
    owner_client.post(f"{BASE}nouveau/", PRO | {"into": str(existing.pk)})
    with workshop_scope(workshop.pk):
        completed = list_customers().get()
    assert (completed.company, completed.email, completed.city) == ("Métallerie Durand", "autre@client.fr", "Grenoble")
    owner_client.post(f"{BASE}nouveau/", PRO | {"anyway": "1"})
    assert count(workshop) == 2
    assert owner_client.post(f"{BASE}nouveau/", PRO | {"into": "999999"}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"email": "zoe@"}, {"phone": "12"}, {"siret": "123"}, {"vat_number": "FR1"}, {"type": "x"}, {"country": "XX"},
     {"company": "", "last_name": "", "first_name": "", "email": ""}, {"company": "x" * 200}],
)  # fmt: skip
def test_a_wrong_entry_is_said_beside_its_field_and_kept_on_screen(
    owner_client: Client, workshop: Workshop, wrong: dict[str, str]
) -> None:
    answer = owner_client.post(f"{BASE}nouveau/", PRO | wrong)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) <= {*wrong, "last_name"}
    assert "3 rue du Four" in answer.content.decode()
    assert count(workshop) == 0
    customer = add(workshop)
    assert owner_client.post(f"{BASE}{customer.pk}/modifier/", PRO | wrong).status_code == 422
    assert owner_client.get(f"{BASE}{customer.pk}/").context["customer"].last_name == "Martin"


@pytest.mark.spec("CRM-01", "PRF-02")
def test_the_list_filters_follows_the_typing_and_costs_the_same_at_any_size(
    owner_client: Client, workshop: Workshop
) -> None:
    for number in range(60):
        add(workshop, last_name=f"Martin {number:02d}", type="pro" if number % 2 else "particulier",
            tags=("VIP",) if number == 7 else ())  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        first = owner_client.get(BASE)
    assert len([query for query in queries.captured_queries if " FROM " in query["sql"]]) <= 8
    assert [str(row) for row in first.context["page"].rows][:2] == ["Camille Martin 00", "Camille Martin 01"]
    second = owner_client.get(f"{BASE}?apres={first.context['page'].next_cursor}")
    assert str(second.context["page"].rows[0]) == "Camille Martin 25"
    assert len(owner_client.get(f"{BASE}?type=pro&q=martin").context["page"].rows) == 25
    assert [str(row) for row in owner_client.get(f"{BASE}?tag=vip").context["page"].rows] == ["Camille Martin 07"]
    typed = owner_client.get(f"{BASE}?q=martin+4", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in typed
    assert typed.count("row-link") == 10


@pytest.mark.spec("CRM-02", "CRM-03")
def test_the_record_shows_what_was_said_and_done(owner_client: Client, workshop: Workshop) -> None:
    customer = add(workshop)
    with workshop_scope(workshop.pk):
        quote = factories.quote(workshop, customer=customer)
    owner_client.post(f"{BASE}{customer.pk}/echanges/", {"kind": "call", "text": "Rappeler <b>lundi</b>"})
    page = owner_client.get(f"{BASE}{customer.pk}/").content.decode()
    assert "Rappeler &lt;b&gt;lundi&lt;/b&gt;" in page
    assert f"{BASE}{customer.pk}/historique/" in page
    history = owner_client.get(f"{BASE}{customer.pk}/historique/").content.decode()
    assert f"/devis/{quote.pk}/" in history
    assert owner_client.post(f"{BASE}{customer.pk}/echanges/", {"kind": "cri", "text": ""}).status_code == 422


@pytest.mark.spec("CRM-03")
@pytest.mark.parametrize("when", ["0001-01-01T00:00", "9999-12-31T23:59", "0202-11-23T10:00"])
@pytest.mark.parametrize("zone", ["Europe/Paris", "America/Guadeloupe", "Indian/Reunion"])
def test_a_moment_that_was_mistyped_is_said_and_the_record_still_opens(
    owner_client: Client, workshop: Workshop, when: str, zone: str
) -> None:
    customer = add(workshop)
    with workshop_scope(workshop.pk):
        Workshop.objects.filter(pk=workshop.pk).update(time_zone=zone)
    typed = {"kind": "call", "text": "Rappeler", "happened_at": when}
    answer = owner_client.post(f"{BASE}{customer.pk}/echanges/", typed)
    page = answer.content.decode()
    assert (answer.status_code, "Rappeler" in page, when in page) == (422, True, True)
    assert owner_client.get(f"{BASE}{customer.pk}/").status_code == 200


@pytest.mark.spec("CRM-02", "ROL-02")
def test_the_history_shows_only_what_the_member_may_read(viewer_client: Client, workshop: Workshop) -> None:
    customer = add(workshop, email="camille@client.test")
    with workshop_scope(workshop.pk):
        context = {"nom_client": "Camille", "lien": "https://exemple.test/"}
        kind, to = "portal_invitation", "camille@client.test"
        queue_email(workshop=workshop, actor=ACTOR, kind=kind, to=to, context=context, subject_ref=customer)
    answer = viewer_client.get(f"{BASE}{customer.pk}/historique/")
    assert answer.status_code == 200
    assert answer.context["events"] == []


@pytest.mark.spec("CRM-05")
def test_two_records_are_compared_then_merged(owner_client: Client, workshop: Workshop) -> None:
    kept, other = add(workshop, email="a@client.fr"), add(workshop, phone="0612345678", city="Lyon")
    here = f"{BASE}{kept.pk}/fusionner/"
    assert owner_client.get(here).context["proposed"] == [other]
    compared = owner_client.get(f"{here}?avec={other.pk}")
    assert ("Lyon" in compared.content.decode(), count(workshop)) == (True, 2)
    assert owner_client.post(here, {"merged": kept.pk}).status_code == 422
    assert owner_client.post(here, {"merged": "x"}).status_code == 422
    assert owner_client.post(here, {"merged": 999999}).status_code == 404
    owner_client.post(here, {"merged": other.pk})
    assert count(workshop) == 1


@pytest.mark.spec("CRM-19", "CRM-21")
def test_privacy_from_the_record(owner_client: Client, workshop: Workshop) -> None:
    customer, other = add(workshop, email="a@client.fr"), add(workshop, last_name="Roux")
    data = owner_client.get(f"{BASE}{customer.pk}/donnees/")
    assert data.json()["customer"]["email"] == "a@client.fr"
    with workshop_scope(workshop.pk):
        Project.objects.create(
            workshop=workshop, site=main_site(workshop=workshop), customer=customer, number="PRJ-9", title="Portail"
        )
    refused = owner_client.post(f"{BASE}{customer.pk}/effacer/", follow=True)
    assert "PRJ-9" in refused.content.decode()
    assert count(workshop) == 2
    owner_client.post(f"{BASE}{other.pk}/supprimer/")
    assert owner_client.get(f"{BASE}{other.pk}/").status_code == 404
    with workshop_scope(workshop.pk):
        Project.objects.update(status="cancelled")
    owner_client.post(f"{BASE}{customer.pk}/effacer/")
    assert owner_client.get(f"{BASE}{customer.pk}/").status_code == 200
    assert count(workshop) == 0


def test_a_customer_is_chosen_or_created_inside_another_screen(owner_client: Client, workshop: Workshop) -> None:
    customer = add(workshop, email="camille@client.test")
    found = owner_client.get(f"{BASE}choisir/?q=mart").content.decode()
    assert f"choisir/?client={customer.pk}" in found
    chosen = owner_client.get(f"{BASE}choisir/?client={customer.pk}").content.decode()
    assert f'name="customer" id="id_customer" value="{customer.pk}" data-changed' in chosen
    quick = {"client-type": "particulier", "client-last_name": "Martin", "client-first_name": "Camille"}
    doubt = owner_client.post(f"{BASE}choisir/nouveau/", quick).content.decode()
    assert ("anyway=1" in doubt, count(workshop)) == (True, 1)
    made = owner_client.post(f"{BASE}choisir/nouveau/?anyway=1", quick)
    assert ("data-changed" in made.content.decode(), count(workshop)) == (True, 2)
    wrong = owner_client.post(f"{BASE}choisir/nouveau/", quick | {"client-email": "zoe@"})
    assert (wrong.status_code, "zoe@" in wrong.content.decode(), count(workshop)) == (422, True, 2)


@pytest.mark.spec("CRM-04")
def test_the_criteria_of_look_alikes_are_a_setting(
    owner_client: Client, accountant_client: Client, workshop: Workshop
) -> None:
    assert accountant_client.get(f"{BASE}reglages/").status_code == 403
    owner_client.post(f"{BASE}reglages/", {"duplicate_criteria": ["email"]})
    assert owner_client.get(f"{BASE}reglages/").context["form"].initial["duplicate_criteria"] == ["email"]
    assert owner_client.post(f"{BASE}reglages/", {"duplicate_criteria": ["couleur"]}).status_code == 422


READS = ("", "{pk}/", "{pk}/historique/", "choisir/?q=a")
EDITS = (("get", "nouveau/"), ("post", "nouveau/"), ("get", "{pk}/modifier/"), ("post", "{pk}/modifier/"),
         ("post", "{pk}/echanges/"), ("get", "{pk}/fusionner/"), ("post", "{pk}/fusionner/"),
         ("post", "choisir/nouveau/"), ("get", "{pk}/donnees/"), ("post", "{pk}/effacer/"),
         ("post", "{pk}/supprimer/"))  # fmt: skip


@pytest.mark.spec("ROL-02", "TEN-03")
def test_each_role_does_what_the_table_says_and_no_more(
    viewer_client: Client,
    accountant_client: Client,
    operator_client: Client,
    stranger_client: Client,
    workshop: Workshop,
) -> None:
    pk = add(workshop).pk
    for address in READS:
        for client, status in (
            (viewer_client, 200),
            (accountant_client, 200),
            (operator_client, 403),
            (stranger_client, 404),
        ):
            assert client.get(BASE + address.format(pk=pk)).status_code == status, address
    for method, address in EDITS:
        for client, status in (
            (viewer_client, 403),
            (accountant_client, 403),
            (operator_client, 403),
            (stranger_client, 404),
        ):
            assert getattr(client, method)(BASE + address.format(pk=pk), PRO).status_code == status, address
    assert count(workshop) == 1
    page = viewer_client.get(f"{BASE}{pk}/").content.decode()
    assert not any(word in page for word in ("/modifier/", "/effacer/", "/echanges/"))


def test_missing_customers_are_not_found_and_methods_are_held(
    owner_client: Client, workshop: Workshop, other_workshop: Workshop
) -> None:
    foreign = add(other_workshop).pk
    for pk in (foreign, 999_999):
        for method, address in [("get", end) for end in READS[1:3]] + [pair for pair in EDITS if "{pk}" in pair[1]]:
            assert getattr(owner_client, method)(BASE + address.format(pk=pk), PRO).status_code == 404, address
    pk = add(workshop).pk
    for address in ("{pk}/echanges/", "{pk}/effacer/", "{pk}/supprimer/", "choisir/nouveau/"):
        assert owner_client.get(BASE + address.format(pk=pk)).status_code == 405
    assert count(workshop) == 1
    assert count(other_workshop) == 1


@pytest.mark.spec("CRM-19", "PRV-05")
def test_nothing_is_written_on_an_erased_customer(owner_client: Client, workshop: Workshop) -> None:
    customer = add(workshop, last_name="Durand", first_name="Zoé", email="zoe@client.fr")
    with workshop_scope(workshop.pk):
        erase_customer(workshop=workshop, actor=factories.ACTOR, customer=customer)
    page = f"{BASE}{customer.pk}/"
    assert owner_client.get(page).status_code == 200
    assert owner_client.get(f"{page}modifier/").status_code == 404
    assert owner_client.post(f"{page}modifier/", PRO).status_code == 404
    assert owner_client.post(f"{page}echanges/", {"kind": "call", "text": "Zoé rappelle"}).status_code == 404
    assert owner_client.post(f"{BASE}nouveau/", PRO | {"into": str(customer.pk)}).status_code == 404
    with workshop_scope(workshop.pk):
        customer.refresh_from_db()
        assert (customer.last_name, customer.company, customer.email) == ("", "", "")
        assert not Interaction.objects.exists()


@pytest.mark.parametrize("key", ["9" * 5000, "9" * 19, "²", "\u0663"])
def test_a_key_that_is_none_finds_nobody(owner_client: Client, workshop: Workshop, key: str) -> None:
    assert owner_client.get(f"{BASE}choisir/", {"client": key}).status_code == 200
    assert owner_client.post(f"{BASE}nouveau/", PRO | {"into": key}).status_code == 404
    assert count(workshop) == 0


@pytest.mark.spec("CRM-01")
def test_two_people_in_one_record_do_not_undo_each_other_unknowingly(owner_client: Client, workshop: Workshop) -> None:
    customer = add(workshop)
    page = f"{BASE}{customer.pk}/modifier/"
    opened = owner_client.get(page).context["seen"]
    assert f'name="seen" value="{opened}"' in owner_client.get(page).content.decode()
    assert owner_client.post(page, {**PRO, "seen": opened}).status_code == 302
    later = {**PRO, "phone": "06 98 76 54 32", "seen": opened}
    told = owner_client.post(page, later)
    assert told.status_code == 422
    assert ["Olivia Roche" in error for error in told.context["form"].non_field_errors()] == [True]
    with workshop_scope(workshop.pk):
        assert list_customers().get().phone == "+33612345678"
    assert owner_client.post(page, {**later, "seen": told.context["seen"]}).status_code == 302
    with workshop_scope(workshop.pk):
        assert list_customers().get().phone == "+33698765432"
