"""The rules of customers: keys, look-alikes, merging, privacy."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from app.audit.models import AuditEntry
from app.crm.constants import Criterion
from app.crm.identity import CustomerData, keys_of, problems, tidy, tidy_tags
from app.crm.models import Customer, CustomerLink, Interaction
from app.crm.selectors import find_lookalikes, get_customer, get_settings, list_customers
from app.crm.services.customers import create_customer, edit_customer
from app.crm.services.interactions import add_interaction
from app.crm.services.merging import merge_customers
from app.crm.services.portal_links import make_link
from app.crm.services.privacy import delete_customer, erase_customer, export_customer_data
from app.crm.services.settings import save_criteria
from app.kernel.errors import RuleError
from app.notify.constants import EmailState
from app.notify.models import PushDevice, PushMessage, WorkshopEmail
from app.notify.services import queue_email
from app.notify.services.forgetting import NOBODY
from app.projects.constants import ProjectStatus
from app.projects.models import Project
from app.quotes.constants import QuoteStatus
from app.quotes.models import Quote
from app.quotes.selectors import list_quotes
from app.quotes.services.answering import refuse_quote
from app.quotes.services.drafting import new_version
from app.quotes.services.sending import send_quote
from app.search.models import SearchToken
from app.tenancy.models import Membership, Workshop
from app.workshops.services.sites import main_site
from tests import factories
from tests.factories import ACTOR

ALL = list(Criterion.values)
LINK_MAIL = {"nom_client": "Zoé Lefèvre", "duree": "30 minutes", "lien": "https://exemple.fr"}


def add(workshop: Workshop, **fields: Any) -> Customer:
    values = {"first_name": "Zoé", "last_name": "Lefèvre", "email": "zoe@client.fr", "phone": "0612345678", **fields}
    return create_customer(workshop=workshop, actor=ACTOR, data=CustomerData(**values))


def names(found: Any) -> list[str]:
    return [str(row) for row in found]


@pytest.mark.spec("CRM-04")
@pytest.mark.parametrize(
    "typed",
    [
        {"email": " ZOE@Client.FR "},
        {"phone": "+33 (0)6.12.34.56.78"},
        {"phone": "33612345678"},
        {"last_name": "LEFEVRE", "first_name": "Zoe"},
        {"last_name": "lefèvre zoé"},
    ],
)
def test_lookalikes_ignore_case_accents_spaces_and_telephone_formats(in_scope: Workshop, typed: dict[str, str]) -> None:
    customer = add(in_scope)
    add(in_scope, last_name="Martin", first_name="Paul", email="paul@client.fr", phone="0476000000")
    assert find_lookalikes(CustomerData(**typed), ALL) == [customer]


@pytest.mark.spec("CRM-04")
def test_only_the_criteria_of_the_workshop_count(in_scope: Workshop) -> None:
    customer = add(in_scope)
    same_name = CustomerData(last_name="Lefèvre", first_name="Zoé")
    assert get_settings(in_scope).duplicate_criteria == ALL
    save_criteria(workshop=in_scope, actor=ACTOR, criteria=["email"])
    chosen = get_settings(in_scope).duplicate_criteria
    assert find_lookalikes(same_name, chosen) == []
    assert find_lookalikes(CustomerData(email="zoe@client.fr"), chosen) == [customer]
    assert find_lookalikes(CustomerData(email="zoe@client.fr"), []) == []


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=40), st.text(max_size=30))
def test_tidying_twice_changes_nothing_and_the_keys_fit_their_columns(a: str, b: str, c: str, d: str) -> None:
    once = tidy(CustomerData(company=a, last_name=b, phone=c, email=d, siret=c, vat_number=c, tags=(a, b)))
    assert tidy(once) == once
    keys = keys_of(once)
    assert (len(keys.sort_key) <= 250, len(keys.phone_key) <= 20, len(keys.name_key) <= 170) == (True, True, True)
    assert len({tag.casefold() for tag in tidy_tags((a, b))}) == len(tidy_tags((a, b)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "zoe@"), ("phone", "12"), ("siret", "12345678901234"), ("siret", "abc"), ("vat_number", "FR123"),
        ("company", "x" * 161), ("notes", "x" * 10_001), ("type", "autre"), ("country", "France"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_refused_by_its_name_and_nothing_is_written(
    in_scope: Workshop, field: str, value: str
) -> None:
    with pytest.raises(RuleError) as refusal:
        add(in_scope, **{field: value})
    assert refusal.value.field == field
    assert not list_customers().exists()
    assert not AuditEntry.objects.exists()


def test_a_customer_without_any_name_is_refused() -> None:
    assert [field for field, _message in problems(tidy(CustomerData(phone="0612345678")))] == ["last_name"]


@pytest.mark.spec("CRM-01", "PRV-12")
def test_a_change_is_found_by_its_new_words_and_told_with_old_and_new_values(in_scope: Workshop) -> None:
    customer = add(in_scope)
    edit_customer(workshop=in_scope, actor=ACTOR, customer=customer,
                  data=CustomerData(last_name="Durand", email="zoe@client.fr", tags=("VIP",)))  # fmt: skip
    assert names(list_customers(search="dur")) == ["Durand"]
    assert names(list_customers(search="lefev")) == []
    assert names(list_customers(tag="vip")) == ["Durand"]
    entry = AuditEntry.objects.get(action="customer.updated")
    assert entry.changes["last_name"] == ["Lefèvre", "Durand"]
    assert "email" not in entry.changes


@pytest.mark.spec("CRM-01")
@pytest.mark.parametrize(
    "query", ["zoé", "LEFE", "06 12 34", "+33 6 12", "0612345678", "client.fr", "zoe lef", "38000"]
)
def test_the_search_finds_by_the_beginning_of_any_word(in_scope: Workshop, query: str) -> None:
    add(in_scope, postcode="38000", city="Grenoble")
    add(in_scope, last_name="Martin", first_name="Paul", email="paul@autre.com", phone="0476000000")
    assert names(list_customers(search=query)) == ["Zoé Lefèvre"]


@pytest.mark.spec("CRM-05")
def test_a_merge_moves_everything_completes_the_record_and_is_told(in_scope: Workshop) -> None:
    kept = add(in_scope, phone="", city="", tags=("VIP",), notes="Un")
    merged = add(
        in_scope, email="z.lefevre@autre.fr", phone="0612345678", city="Lyon", tags=("vip", "Pro"), notes="Deux"
    )
    quote = factories.quote(in_scope, customer=merged)
    add_interaction(workshop=in_scope, actor=ACTOR, customer=merged, kind="call", text="Rappeler")
    make_link(workshop=in_scope, customer=merged, path="/")
    merge_customers(workshop=in_scope, actor=ACTOR, kept=kept, merged=merged)
    result = get_customer(kept.pk)
    assert (result.email, result.phone, result.city) == ("zoe@client.fr", "+33612345678", "Lyon")
    assert (result.tags, result.notes) == (["VIP", "Pro"], "Un\n\nDeux")
    assert list(list_quotes(customer_pk=kept.pk)) == [quote]
    assert Interaction.objects.get().customer_id == kept.pk
    assert not Customer.objects.filter(pk=merged.pk).exists()
    assert not SearchToken.objects.filter(object_pk=merged.pk, kind="customer").exists()
    entry = AuditEntry.objects.get(action="customer.merged")
    assert entry.changes["moved"] == {"quote": 1, "interaction": 1}


@pytest.mark.spec("CRM-05")
def test_a_customer_is_not_merged_with_itself_nor_with_an_erased_one(in_scope: Workshop) -> None:
    customer, other = add(in_scope), add(in_scope, email="b@client.fr")
    with pytest.raises(RuleError):
        merge_customers(workshop=in_scope, actor=ACTOR, kept=customer, merged=customer)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=other)
    with pytest.raises(RuleError):
        merge_customers(workshop=in_scope, actor=ACTOR, kept=customer, merged=other)
    assert Customer.objects.count() == 2


@pytest.mark.spec("CRM-05", "CRM-19")
def test_what_was_being_typed_neither_fails_nor_brings_an_erased_person_back(in_scope: Workshop) -> None:
    gone, other, erased = add(in_scope), add(in_scope, email="b@client.fr"), add(in_scope, email="c@client.fr")
    typed = CustomerData(last_name="Lefèvre", first_name="Zoé", email="zoe@client.fr")
    opened = [Customer.objects.get(pk=one.pk) for one in (gone, erased)]
    merge_customers(workshop=in_scope, actor=ACTOR, kept=other, merged=gone)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=erased)
    for customer in opened:
        with pytest.raises(RuleError):
            edit_customer(workshop=in_scope, actor=ACTOR, customer=customer, data=typed)
    assert Customer.objects.get(pk=erased.pk).last_name == ""
    assert not SearchToken.objects.filter(object_pk__in=[gone.pk, erased.pk]).exists()


@pytest.mark.spec("CRM-19", "PRV-05")
def test_erasing_forgets_the_person_and_keeps_the_documents(in_scope: Workshop) -> None:
    customer = add(in_scope, notes="Confidences", tags=("VIP",))
    quote = factories.quote(in_scope, customer=customer)
    add_interaction(workshop=in_scope, actor=ACTOR, customer=customer, kind="note", text="Personnel")
    make_link(workshop=in_scope, customer=customer, path="/")
    assert list(list_quotes(search="lefev")) == [quote]
    erase_customer(workshop=in_scope, actor=ACTOR, customer=customer)
    row = get_customer(customer.pk)
    personal = (row.company, row.first_name, row.last_name, row.email, row.phone, row.notes, row.tags, row.name_key,
                row.email_key, row.phone_key, row.sort_key)  # fmt: skip
    assert not any(personal)
    assert Quote.objects.get(pk=quote.pk).customer_id == customer.pk
    assert not Interaction.objects.exists()
    assert not CustomerLink.objects.exists()
    assert not list_customers().exists()
    assert list(list_quotes(search="lefev")) == []
    assert list(list_quotes(search="portail")) == [quote]


@pytest.mark.spec("CRM-19", "PRV-05")
@pytest.mark.parametrize("state", [EmailState.QUEUED, EmailState.RETRYING, EmailState.HELD, EmailState.SENDING])
def test_nothing_that_names_an_erased_person_leaves_after_it(in_scope: Workshop, state: EmailState) -> None:
    """To the workshop about them, or to a colleague; a worker that dies would have left it to another."""
    customer, other = add(in_scope), add(in_scope, email="autre@client.fr", last_name="Martin")
    for person in (customer, other):
        quote = factories.quote(in_scope, customer=person)
        told = {"prenom": "Olivia", "titre": "Devis envoyé", "texte": f"D-1 · {person}", "lien": "http://testserver/"}
        queue_email(workshop=in_scope, actor=ACTOR, kind="portal_link", to=in_scope.email, subject_ref=quote,
                    context=LINK_MAIL | {"nom_client": str(person)})  # fmt: skip
        queue_email(workshop=in_scope, actor=ACTOR, kind="staff_event", to=in_scope.email, context=told)
    WorkshopEmail.objects.update(state=state)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=customer)
    left = WorkshopEmail.objects.exclude(kind="person_erased")
    assert {mail.kind for mail in left} == {"portal_link", "staff_event"}
    assert [("Martin" in mail.text, "Lefèvre" in mail.text) for mail in left] == [(True, False)] * 2


@pytest.mark.spec("CRM-19", "PRV-05")
@pytest.mark.parametrize("company", ["", "Ferronnerie Lefèvre"])
def test_what_colleagues_were_told_of_a_homonym_stays(in_scope: Workshop, owner: Membership, company: str) -> None:
    """Somebody of the same name, or another contact of the same company."""
    erased, other = add(in_scope, company=company), add(in_scope, company=company, email="autre@client.fr")
    assert str(erased) == str(other)
    device = PushDevice.objects.create(workshop=in_scope, user=owner.user, endpoint="https://push.test/1")
    lines = {}
    for person in (erased, other):
        quote = send_quote(workshop=in_scope, actor=ACTOR, quote=factories.quote(in_scope, customer=person))
        project = factories.project(in_scope, customer=person)
        lines[person] = [f"{quote.number} · {person}", f"{project.number} · Portail · {person}: promised on 3 June"]
    both = ["\n".join([lines[erased][1], lines[other][1]]), "\n".join([lines[other][1], lines[erased][1]])]
    WorkshopEmail.objects.all().delete()
    PushMessage.objects.all().delete()
    for rank, text in enumerate([*lines[erased], *lines[other], *both]):
        told = {"prenom": "Olivia", "titre": "Devis envoyé", "texte": text, "lien": "http://testserver/"}
        queue_email(workshop=in_scope, actor=ACTOR, kind="staff_event", to=in_scope.email, context=told)
        PushMessage.objects.create(
            workshop=in_scope, device=device, event="quote_sent", title="Devis envoyé", body=text, path="/",
            dedupe_key=str(rank),
        )  # fmt: skip
    Quote.objects.update(status=QuoteStatus.REFUSED)
    Project.objects.update(status=ProjectStatus.DELIVERED)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=erased)
    assert [push.body for push in PushMessage.objects.order_by("pk")] == lines[other]
    left = WorkshopEmail.objects.filter(kind="staff_event").order_by("pk").values_list("text", flat=True)
    assert [line in text for line, text in zip(lines[other], left, strict=True)] == [True, True]


@pytest.mark.spec("CRM-19", "PRV-05")
def test_what_colleagues_were_told_of_an_erased_person_is_emptied(in_scope: Workshop, owner: Membership) -> None:
    customer = add(in_scope)
    told = {"prenom": "Olivia", "titre": "Devis envoyé", "texte": f"D-1 · {customer}", "lien": "http://testserver/"}
    mail = queue_email(workshop=in_scope, actor=ACTOR, kind="staff_event", to=in_scope.email, context=told)
    WorkshopEmail.objects.update(state=EmailState.SENT)
    device = PushDevice.objects.create(workshop=in_scope, user=owner.user, endpoint="https://push.test/1")
    for rank, name in enumerate((str(customer), "Paul Martin")):
        PushMessage.objects.create(
            workshop=in_scope, device=device, event="quote_sent", title="Devis envoyé", body=f"D-1 · {name}", path="/",
            dedupe_key=str(rank),
        )  # fmt: skip
    erase_customer(workshop=in_scope, actor=ACTOR, customer=customer)
    mail.refresh_from_db()
    assert (mail.to, mail.text, mail.html) == (NOBODY, "", "")
    assert [push.body for push in PushMessage.objects.all()] == ["D-1 · Paul Martin"]


@pytest.mark.spec("CRM-19", "PRV-05")
def test_erasing_empties_the_messages_and_tells_the_person(in_scope: Workshop) -> None:
    customer, other = add(in_scope), add(in_scope, email="autre@client.fr", last_name="Martin")
    quote = factories.quote(in_scope, customer=customer)
    sent, about, waiting, foreign = (
        queue_email(workshop=in_scope, actor=ACTOR, kind="portal_link", to=to, subject_ref=subject, context=LINK_MAIL)
        for to, subject in (("ZOE@client.fr", customer), (in_scope.email, quote), ("zoe@client.fr", None),
                            (other.email, other))
    )  # fmt: skip
    WorkshopEmail.objects.exclude(pk=waiting.pk).update(state=EmailState.SENT)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=customer)
    for mail in (sent, about):
        mail.refresh_from_db()
        assert (mail.to, mail.text, mail.html, mail.kind) == (NOBODY, "", "", "portal_link")
    assert not WorkshopEmail.objects.filter(pk=waiting.pk).exists()
    foreign.refresh_from_db()
    assert (foreign.to, "Zoé" in foreign.text) == (other.email, True)
    told = WorkshopEmail.objects.get(kind="person_erased")
    assert told.to == "zoe@client.fr"
    assert "Lefèvre" not in told.text


def test_a_person_without_an_address_is_erased_in_silence(in_scope: Workshop) -> None:
    erase_customer(workshop=in_scope, actor=ACTOR, customer=add(in_scope, email=""))
    assert not WorkshopEmail.objects.exists()


@pytest.mark.spec("CRM-21")
@pytest.mark.parametrize("act", [erase_customer, delete_customer])
def test_a_customer_with_work_in_progress_is_neither_erased_nor_deleted(in_scope: Workshop, act: Any) -> None:
    customer = add(in_scope)
    quote = factories.quote(in_scope, customer=customer)
    tomorrow = timezone.localdate() + timedelta(days=1)
    Quote.objects.filter(pk=quote.pk).update(status="envoyé", number="DEV-1", valid_until=tomorrow)
    with pytest.raises(RuleError, match="DEV-1"):
        act(workshop=in_scope, actor=ACTOR, customer=customer)
    Quote.objects.filter(pk=quote.pk).update(valid_until=date(2020, 1, 1))
    project = Project.objects.create(
        workshop=in_scope, site=main_site(workshop=in_scope), customer=customer, number="PRJ-1", title="Portail"
    )
    with pytest.raises(RuleError, match="PRJ-1"):
        act(workshop=in_scope, actor=ACTOR, customer=customer)
    assert get_customer(customer.pk).last_name == "Lefèvre"
    Project.objects.filter(pk=project.pk).update(status=ProjectStatus.CANCELLED)
    act(workshop=in_scope, actor=ACTOR, customer=customer)
    assert get_customer(customer.pk).erased_at


@pytest.mark.spec("CRM-21", "CRM-19")
def test_a_version_that_another_one_replaced_keeps_nobody(in_scope: Workshop) -> None:
    customer = add(in_scope)
    first = send_quote(workshop=in_scope, actor=ACTOR, quote=factories.quote(in_scope, customer=customer))
    draft = new_version(workshop=in_scope, actor=ACTOR, quote=first)
    with pytest.raises(RuleError, match=str(first.number)):  # until the newer one leaves, it can be signed
        erase_customer(workshop=in_scope, actor=ACTOR, customer=customer)
    second = send_quote(workshop=in_scope, actor=ACTOR, quote=draft)
    with pytest.raises(RuleError, match=str(second.number)):
        erase_customer(workshop=in_scope, actor=ACTOR, customer=customer)
    refuse_quote(workshop=in_scope, actor=ACTOR, quote=second, reason="Trop cher")
    assert erase_customer(workshop=in_scope, actor=ACTOR, customer=customer).erased_at


@pytest.mark.spec("CRM-21")
def test_a_customer_without_documents_is_really_deleted(in_scope: Workshop) -> None:
    customer = add(in_scope, tags=("VIP",))
    assert delete_customer(workshop=in_scope, actor=ACTOR, customer=customer)
    assert not Customer.objects.exists()
    assert not SearchToken.objects.exists()
    assert AuditEntry.objects.get(action="customer.deleted").subject_label == "Zoé Lefèvre"


@pytest.mark.spec("CRM-19")
def test_the_person_receives_their_data_with_what_refers_to_them(in_scope: Workshop) -> None:
    customer = add(in_scope)
    factories.quote(in_scope, customer=customer, title="Rambarde")
    data = export_customer_data(workshop=in_scope, actor=ACTOR, customer=customer)
    assert data["customer"]["email"] == "zoe@client.fr"
    assert [row["title"] for row in data["linked"]["quote"]] == ["Rambarde"]
    assert AuditEntry.objects.filter(action="customer.data_exported").count() == 1


@pytest.mark.spec("CRM-19", "QUO-05")
def test_the_person_s_data_does_not_tell_how_the_workshop_prices(in_scope: Workshop) -> None:
    customer = add(in_scope)
    factories.quote(in_scope, customer=customer, powder_margin_percent=Decimal("37.31"))
    [quote] = export_customer_data(workshop=in_scope, actor=ACTOR, customer=customer)["linked"]["quote"]
    assert not [name for name in quote if "margin" in name or "loss" in name]
    assert quote["total_incl_tax"]


def test_tags_are_written_once_whatever_their_spelling(in_scope: Workshop) -> None:
    customer = add(in_scope, tags=("Façade", "facade", " VIP "))
    assert customer.tags == ["Façade", "VIP"]


@pytest.mark.spec("CRM-19", "LNG-01")
def test_who_erases_may_read_english_and_the_person_is_written_to_in_french(in_scope: Workshop) -> None:
    zoe = add(in_scope)
    with translation.override("en"):
        erase_customer(workshop=in_scope, actor=ACTOR, customer=zoe)
    with translation.override("fr"):
        today = date_format(timezone.localdate())
    assert today in WorkshopEmail.objects.get(kind="person_erased").text
