"""The customer's space: entering by a link, reading, signing once."""

import base64
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone

from app.crm.identity import data_of
from app.crm.models import CustomerLink
from app.crm.services.bulk import update_many
from app.crm.services.customers import edit_customer
from app.crm.services.merging import merge_customers
from app.crm.services.portal_links import make_link
from app.documents.models import Signature
from app.notify.models import WorkshopEmail
from app.portal.views import LINKS_AN_HOUR
from app.projects.models import Project
from app.quotes.models import Quote
from app.quotes.pdf import quote_pdf
from app.quotes.selectors import get_quote
from app.quotes.services.drafting import new_version
from app.quotes.services.sending import finish_sending, send_quote
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.quotes.test_flow import drawing

BASE = "/espace/atelier-vulcain/"


@pytest.fixture
def quote(workshop: Workshop) -> Quote:
    with workshop_scope(workshop.pk):
        quote = send_quote(workshop=workshop, actor=factories.ACTOR, quote=factories.quote(workshop))
        finish_sending(workshop=workshop, quote_pk=quote.pk)
        return get_quote(quote.pk)


def link_to(workshop: Workshop, quote: Quote) -> str:
    with workshop_scope(workshop.pk):
        address = make_link(workshop=workshop, customer=quote.customer, path=f"{BASE}devis/{quote.public_id}/")
    return address.removeprefix("http://testserver")


@pytest.fixture
def customer_client(workshop: Workshop, quote: Quote) -> Client:
    client = Client()
    client.post(link_to(workshop, quote))
    return client


def signing(**changes: str) -> dict[str, str]:
    image = "data:image/png;base64," + base64.b64encode(drawing()).decode()
    return {"method": "drawn", "name": "Camille Lefèvre", "signature_image": image, "consent": "on", **changes}


@pytest.mark.spec("ACT-07", "EML-53", "POR-05")
def test_a_link_opens_once_by_a_click_and_not_by_a_scanner(workshop: Workshop, quote: Quote) -> None:
    link = link_to(workshop, quote)
    scanner, phone, thief = Client(), Client(), Client()
    assert scanner.get(link).status_code == 200
    assert phone.post(link).headers["Location"] == f"{BASE}devis/{quote.public_id}/"
    assert quote.number in phone.get(f"{BASE}devis/{quote.public_id}/").content.decode()
    assert thief.post(link).status_code == 200
    assert thief.get(f"{BASE}devis/{quote.public_id}/").status_code == 302
    with workshop_scope(workshop.pk):
        fresh = WorkshopEmail.objects.filter(kind="portal_link")
        assert [mail.to for mail in fresh] == [quote.customer.email]


@pytest.mark.spec("ACT-07")
def test_an_old_link_and_a_link_of_another_workshop_open_nothing(
    workshop: Workshop, other_workshop: Workshop, quote: Quote
) -> None:
    link = link_to(workshop, quote)
    elsewhere = link.replace(workshop.slug, other_workshop.slug)
    assert Client().post(elsewhere).status_code == 404
    with workshop_scope(workshop.pk):
        CustomerLink.objects.update(expires_at="2020-01-01T00:00Z")
    client = Client()
    client.post(link)
    assert client.get(f"{BASE}devis/{quote.public_id}/").status_code == 302


@pytest.mark.spec("ACT-03", "ACT-07")
def test_asking_for_a_link_says_the_same_to_everybody(workshop: Workshop, quote: Quote) -> None:
    known = Client().post(f"{BASE}lien/", {"email": quote.customer.email.upper()})
    unknown = Client().post(f"{BASE}lien/", {"email": "personne@nulle-part.test"})
    main = re.compile(r"<main.*</main>", re.DOTALL)
    assert main.findall(known.content.decode()) == main.findall(unknown.content.decode()) != []
    with workshop_scope(workshop.pk):
        assert WorkshopEmail.objects.filter(kind="portal_link").count() == 1


@pytest.mark.spec("SIG-01", "SIG-02", "SIG-05", "SIG-10", "POR-01", "QUO-09")
def test_the_customer_signs_once_whatever_the_clicks(customer_client: Client, workshop: Workshop, quote: Quote) -> None:
    page = f"{BASE}devis/{quote.public_id}/"
    for _ in range(2):
        assert customer_client.post(f"{page}signer/", signing()).status_code == 302
    shown = customer_client.get(page).content.decode()
    assert "Camille Lefèvre" in shown
    assert "signer/" not in shown
    with workshop_scope(workshop.pk):
        signature = Signature.objects.get()
        assert (signature.ip, signature.signer_email) == ("127.0.0.1", quote.customer.email)
        assert Project.objects.get().quote_id == quote.pk


@pytest.mark.spec("SIG-01", "SIG-02", "SIG-03", "A11-05")
@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"consent": ""},
        {"signature_image": ""},
        {"signature_image": "data:image/png;base64,AAAA"},
        {"signature_image": "data:image/png;base64,%%%"},
        {"method": "uploaded"},
        {"method": "wink"},
    ],
)
def test_a_signature_that_lacks_something_is_said(
    customer_client: Client, workshop: Workshop, quote: Quote, wrong: dict[str, str]
) -> None:
    answer = customer_client.post(f"{BASE}devis/{quote.public_id}/signer/", signing(**wrong))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    with workshop_scope(workshop.pk):
        assert not Signature.objects.exists()
        assert Quote.objects.get().status == "envoyé"


@pytest.mark.spec("ROL-05", "TEN-04")
def test_a_customer_sees_their_own_documents_only(
    customer_client: Client, workshop: Workshop, quote: Quote, stranger: Membership
) -> None:
    with workshop_scope(workshop.pk):
        draft = factories.quote(workshop, customer=quote.customer)
        others = send_quote(workshop=workshop, actor=factories.ACTOR, quote=factories.quote(workshop))
        theirs = factories.project(workshop)
    for public_id in (draft.public_id, others.public_id, uuid4()):
        assert customer_client.get(f"{BASE}devis/{public_id}/").status_code == 404
        assert customer_client.post(f"{BASE}devis/{public_id}/signer/", signing()).status_code == 404
    assert customer_client.get(f"{BASE}projets/{theirs.pk}/").status_code == 404
    assert customer_client.get(f"/espace/laquage-concurrent/devis/{quote.public_id}/").status_code == 302
    assert quote.number in customer_client.get(BASE).content.decode()


@pytest.mark.spec("ROL-05")
def test_a_customer_is_not_a_member(customer_client: Client, workshop: Workshop) -> None:
    assert customer_client.get(f"/app/{workshop.slug}/devis/").status_code == 302


@pytest.mark.spec("SIG-05", "TEN-06")
def test_the_pdf_is_given_by_a_short_lived_link(customer_client: Client, quote: Quote) -> None:
    answer = customer_client.get(f"{BASE}devis/{quote.public_id}/pdf/")
    assert answer.status_code == 302
    document = Client().get(answer.headers["Location"])
    assert document.status_code == 200
    assert b"".join(document.streaming_content).startswith(b"%PDF")


@pytest.mark.spec("QUO-17")
def test_the_first_opening_is_noted_once(customer_client: Client, workshop: Workshop, quote: Quote) -> None:
    for _ in range(2):
        customer_client.get(f"{BASE}devis/{quote.public_id}/")
    with workshop_scope(workshop.pk):
        opened = Quote.objects.get().first_opened_at
    assert opened is not None


def test_leaving_forgets_the_customer(customer_client: Client, quote: Quote) -> None:
    customer_client.post(f"{BASE}sortir/")
    assert customer_client.get(f"{BASE}devis/{quote.public_id}/").status_code == 302


@pytest.mark.spec("POR-05", "EML-53")
def test_of_two_records_with_one_address_the_link_is_for_the_page_that_was_asked(
    workshop: Workshop, quote: Quote
) -> None:
    with workshop_scope(workshop.pk):
        later = factories.customer(workshop, email=quote.customer.email, email_key=quote.customer.email)
    client = Client()
    page = f"{BASE}devis/{quote.public_id}/"
    assert client.get(page).status_code == 302
    client.post(f"{BASE}lien/", {"email": quote.customer.email})
    client.get(page)
    client.post(f"{BASE}lien/", {"email": "personne@nulle-part.test"})
    Client().post(f"{BASE}lien/", {"email": quote.customer.email})
    with workshop_scope(workshop.pk):
        links = CustomerLink.objects.exclude(expires_at__gt=timezone.now() + timedelta(hours=1)).order_by("pk")
        assert [link.customer_id for link in links] == [quote.customer_id, later.pk]


@pytest.mark.spec("QUO-05")
def test_costs_and_margins_never_reach_the_customer(
    customer_client: Client, owner_client: Client, workshop: Workshop, quote: Quote
) -> None:
    """Powder 12 € + 30 %, labour 45 € + 20 %: the document says 69.60 € and nothing of these."""
    with workshop_scope(workshop.pk):
        document = pypdfium2.PdfDocument(quote_pdf(workshop, quote))
    printed = " ".join(page.get_textpage().get_text_bounded() for page in document)
    shown = customer_client.get(f"{BASE}devis/{quote.public_id}/").content.decode()
    ours = owner_client.get(f"/app/atelier-vulcain/devis/{quote.pk}/").content.decode()
    for secret in ("12,00", "45,00", "57,00", "12,60"):
        assert (secret in ours, secret in printed, secret in shown) == (True, False, False)
    assert ("69,60" in printed, "69,60" in shown) == (True, True)


@pytest.mark.spec("ACT-03", "ACT-07")
@pytest.mark.parametrize("asked", ["?a=" + "x" * 300, f"projets/{'9' * 300}/", "//evil.test/"])
def test_an_endless_address_does_not_tell_who_is_known(workshop: Workshop, quote: Quote, asked: str) -> None:
    answers = []
    for email in (quote.customer.email, "personne@nulle-part.test"):
        client = Client()
        client.get(BASE + asked)
        answers.append(client.post(f"{BASE}lien/", {"email": email}).status_code)
    assert answers == [200, 200]
    with workshop_scope(workshop.pk):
        links = CustomerLink.objects.exclude(expires_at__gt=timezone.now() + timedelta(hours=1))
        assert [link.path.startswith(BASE) for link in links] == [True]


@pytest.mark.spec("ACT-07", "POR-05")
def test_an_address_that_was_wrong_opens_nothing_once_it_is_corrected(workshop: Workshop, quote: Quote) -> None:
    """Whoever got the mail by mistake is out, at once, with the page open or with a link never used."""
    page, unused = f"{BASE}devis/{quote.public_id}/", link_to(workshop, quote)
    inside, later, right = Client(), Client(), Client()
    inside.post(link_to(workshop, quote))
    assert inside.get(page).status_code == 200
    with workshop_scope(workshop.pk):
        data = replace(data_of(quote.customer), email="la-bonne@client.test")
        edit_customer(workshop=workshop, actor=factories.ACTOR, customer=quote.customer, data=data)
    assert inside.get(page).status_code == 302
    assert inside.post(f"{page}signer/", signing()).status_code == 302
    later.post(unused)
    assert later.get(page).status_code == 302
    with workshop_scope(workshop.pk):
        assert list(WorkshopEmail.objects.filter(kind="portal_link").values_list("to", flat=True)) == [
            "la-bonne@client.test"
        ]
        assert not Signature.objects.exists()
        quote.customer.refresh_from_db()
    right.post(link_to(workshop, quote))
    assert right.get(page).status_code == 200


@pytest.mark.spec("ACT-07", "CRM-30")
def test_an_import_that_corrects_an_address_closes_its_links(workshop: Workshop, quote: Quote) -> None:
    unused, other = link_to(workshop, quote), Client()
    with workshop_scope(workshop.pk):
        changed = replace(data_of(quote.customer), email="la-bonne@client.test")
        update_many(workshop=workshop, changed=[(quote.customer, changed)])
    other.post(unused)
    assert other.get(f"{BASE}devis/{quote.public_id}/").status_code == 302


@pytest.mark.spec("CRM-05", "ACT-07")
@pytest.mark.parametrize("same_address", [True, False])
def test_a_link_leads_on_after_its_record_went_into_another(
    workshop: Workshop, quote: Quote, same_address: bool
) -> None:
    link, client = link_to(workshop, quote), Client()
    with workshop_scope(workshop.pk):
        address = quote.customer.email if same_address else "autre@client.test"
        kept = factories.customer(workshop, email=address)
        merge_customers(workshop=workshop, actor=factories.ACTOR, kept=kept, merged=quote.customer)
    assert client.get(link).status_code == 200
    client.post(link)
    shown = client.get(f"{BASE}devis/{quote.public_id}/").status_code
    with workshop_scope(workshop.pk):
        mailed = list(WorkshopEmail.objects.filter(kind="portal_link").values_list("to", flat=True))
    assert (shown, mailed) == ((200, []) if same_address else (302, ["autre@client.test"]))


@pytest.mark.spec("QUO-07", "POR-01")
def test_an_offer_that_was_replaced_is_not_shown_as_one_to_sign(
    customer_client: Client, workshop: Workshop, quote: Quote
) -> None:
    with workshop_scope(workshop.pk):
        version = new_version(workshop=workshop, actor=factories.ACTOR, quote=quote)
    assert customer_client.get(BASE).content.decode().count("À signer") == 1  # the version is still a draft
    with workshop_scope(workshop.pk):
        send_quote(workshop=workshop, actor=factories.ACTOR, quote=version)
    space = customer_client.get(BASE).content.decode()
    assert space.count("À signer") == 1
    assert space.count("Remplacé") + space.count("Replaced") == 1


@pytest.mark.spec("ACT-07", "EML-53")
def test_nobody_is_told_of_a_link_that_cannot_leave(workshop: Workshop, quote: Quote) -> None:
    old = link_to(workshop, quote)
    with workshop_scope(workshop.pk):
        data = replace(data_of(quote.customer), email="")
        edit_customer(workshop=workshop, actor=factories.ACTOR, customer=quote.customer, data=data)
    for answer in (Client().get(old), Client().post(old)):
        page = answer.content.decode()
        assert (workshop.email in page, "<form" in page.partition("<main")[2].partition("</main")[0]) == (True, False)
    with workshop_scope(workshop.pk):
        assert not WorkshopEmail.objects.filter(kind="portal_link").exists()


@pytest.mark.spec("ACT-07", "EML-53")
def test_links_asked_for_too_often_are_said_not_to_have_left(workshop: Workshop, quote: Quote) -> None:
    used, visitor = link_to(workshop, quote), Client(REMOTE_ADDR="203.0.113.77")
    visitor.post(used)
    for _ in range(LINKS_AN_HOUR):
        assert visitor.post(used).status_code == 200
    for email in (quote.customer.email, "nobody@client.test"):
        assert visitor.post(f"{BASE}lien/", {"email": email}).status_code == 429
    assert visitor.post(used).status_code == 429
    with workshop_scope(workshop.pk):
        assert WorkshopEmail.objects.filter(kind="portal_link").count() == LINKS_AN_HOUR
