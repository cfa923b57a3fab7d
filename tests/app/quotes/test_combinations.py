"""Quotes while something else happens: the older version is signed, a powder is archived, an address is corrected."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from app.crm.identity import data_of
from app.crm.services.customers import edit_customer
from app.documents.models import Signature
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.portal.services import sign_quote
from app.powders.models import Powder
from app.projects.models import Part, Project
from app.quotes.models import Quote, QuoteLine
from app.quotes.services.answering import finish_signature
from app.quotes.services.drafting import duplicate_quote, new_version
from app.quotes.services.sending import finish_sending, send_quote
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.quotes.test_endpoints import BASE, typed
from tests.app.quotes.test_flow import data

SEEN = re.compile(r'name="seen" value="(\d*)"')


@pytest.mark.spec("QUO-07", "SIG-08")
def test_a_version_does_not_replace_what_was_signed_while_it_was_written(
    in_scope: Workshop, actor: Actor, sent: Quote
) -> None:
    version = new_version(workshop=in_scope, actor=actor, quote=sent)
    sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data())
    with pytest.raises(RuleError, match=r"signé|signed"):
        send_quote(workshop=in_scope, actor=actor, quote=version)
    version.refresh_from_db()
    assert (version.is_draft, version.number, Project.objects.count()) == (True, None, 1)
    # What the customer wants besides is another quote.
    more = duplicate_quote(workshop=in_scope, actor=actor, quote=version)
    assert send_quote(workshop=in_scope, actor=actor, quote=more).number


def correct(workshop: Workshop, quote: Quote, address: str) -> None:
    quote.customer.refresh_from_db()
    right = replace(data_of(quote.customer), email=address)
    edit_customer(workshop=workshop, actor=factories.ACTOR, customer=quote.customer, data=right)


@pytest.mark.spec("QUO-10", "SIG-08")
def test_the_signed_copy_goes_to_the_address_corrected_meanwhile(in_scope: Workshop, actor: Actor, sent: Quote) -> None:
    wrong = sent.sent_to
    correct(in_scope, sent, "la-bonne@client.test")
    WorkshopEmail.objects.all().delete()
    sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data())
    finish_signature(workshop=in_scope, quote_pk=sent.pk, signature=Signature.objects.get())
    copies = WorkshopEmail.objects.filter(kind="signed_copy").values_list("to", flat=True)
    assert sorted(copies) == sorted(["la-bonne@client.test", in_scope.email])
    assert wrong not in copies


@pytest.mark.spec("QUO-10")
@pytest.mark.parametrize("address", ["la-bonne@client.test", ""])
def test_a_quote_leaves_for_the_address_that_is_right_when_it_leaves(
    in_scope: Workshop, actor: Actor, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker comes after the correction."""
    monkeypatch.setattr("app.kernel.jobs._send", lambda task, kwargs: None)
    quote = send_quote(workshop=in_scope, actor=actor, quote=factories.quote(in_scope))
    correct(in_scope, quote, address)
    finish_sending(workshop=in_scope, quote_pk=quote.pk)
    quote.refresh_from_db()
    assert (quote.sent_to, quote.mailed_at is not None) == (address, bool(address))
    assert list(WorkshopEmail.objects.values_list("to", flat=True)) == [address] * bool(address)


@pytest.mark.spec("QUO-01")
def test_two_people_in_one_draft_do_not_undo_each_other_unknowingly(
    owner_client: Client, accountant_client: Client, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        quote = factories.quote(workshop)
    page = f"{BASE}{quote.pk}/modifier/"
    seen = [SEEN.search(client.get(page).content.decode()) for client in (owner_client, accountant_client)]
    data = typed(workshop)
    first, second = ({**data, "title": title, "seen": at[1]} for title, at in zip("AB", seen, strict=True) if at)
    assert owner_client.post(page, first).status_code == 302
    told = accountant_client.post(page, second)
    assert told.status_code == 422
    assert "Olivia" in told.content.decode()
    with workshop_scope(workshop.pk):
        assert Quote.objects.get().title == "A"
    # What was typed is still there, and saved again it replaces, knowingly.
    assert told.context["form"]["title"].value() == "B"
    again = SEEN.search(told.content.decode())
    assert again
    assert accountant_client.post(page, {**second, "seen": again[1]}).status_code == 302
    # Another refusal in between keeps what was seen: it is not taken for having read the change.
    wrong = owner_client.post(page, {**first, "title": "", "seen": again[1]})
    assert SEEN.search(wrong.content.decode())[1] == again[1]  # type: ignore[index]
    assert owner_client.post(page, {**first, "seen": again[1]}).status_code == 422
    with workshop_scope(workshop.pk):
        assert Quote.objects.get().title == "B"


def archive_all() -> None:
    Powder.objects.update(archived_at=timezone.now())


@pytest.mark.spec("POW-06", "QUO-02")
def test_a_draft_keeps_the_powder_that_was_archived_meanwhile(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        quote = factories.quote(workshop)
        powder, other = quote.lines.get().powder, factories.powder(workshop)
        assert powder
        archive_all()
    page = owner_client.get(f"{BASE}{quote.pk}/modifier/").content.decode()
    assert f'<option value="{powder.pk}" selected>' in page
    assert f'<option value="{other.pk}"' not in page
    refused = owner_client.post(
        f"{BASE}{quote.pk}/modifier/", typed(workshop, title="", **{"lines-0-powder": powder.pk})
    )
    assert refused.status_code == 422
    assert f'<option value="{powder.pk}" selected>' in refused.content.decode()


@pytest.mark.spec("POW-06", "PRJ-04")
def test_a_part_keeps_the_powder_that_was_archived_meanwhile(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        project = factories.project(workshop)
        part = Part.objects.get(project=project)
        archive_all()
    page = owner_client.get(f"/app/atelier-vulcain/projets/{project.pk}/pieces/{part.pk}/").content.decode()
    assert f'<option value="{part.powder_id}" selected>' in page


@pytest.mark.spec("LNG-01", "QUO-02")
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"], ids=["space", "no-break", "narrow"])
def test_thousands_are_typed_and_pasted_with_their_spaces(
    owner_client: Client, owner: Membership, workshop: Workshop, language: str, space: str
) -> None:
    owner.user.language = language
    owner.user.save()
    price = f"1{space}234,56" if language == "fr" else f"1{space}234.56"
    item = {"lines-0-kind": "item", "lines-0-unit_price": price, "lines-0-length_mm": f"12{space}500",
            "lines-0-surface_m2": "3", "lines-0-hourly_rate": "45"}  # fmt: skip
    assert owner_client.post(f"{BASE}nouveau/", typed(workshop, **item)).status_code == 302
    with workshop_scope(workshop.pk):
        line = QuoteLine.objects.get()
        assert (line.unit_price, line.length_mm) == (Decimal("1234.56"), 12_500)


@pytest.mark.spec("TPL-07", "QUO-15")
def test_under_the_franchise_no_quote_charges_vat_whatever_is_typed_or_copied(
    owner_client: Client, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        before = factories.quote(workshop)
        assert before.total_tax > 0
        Workshop.objects.filter(pk=workshop.pk).update(vat_exempt=True)
    assert owner_client.post(f"{BASE}nouveau/", typed(workshop)).status_code == 302
    assert "83,52" not in owner_client.post(f"{BASE}apercu/", typed(workshop)).content.decode()
    assert owner_client.post(f"{BASE}{before.pk}/copier/").status_code == 302
    with workshop_scope(workshop.pk):
        made = Quote.objects.exclude(pk=before.pk)
        assert [quote.total_tax for quote in made] == [0, 0]
        assert {line.vat_rate for line in QuoteLine.objects.filter(quote__in=made)} == {Decimal(0)}


@pytest.mark.spec("TPL-07", "QUO-15")
def test_a_draft_priced_before_the_franchise_leaves_once_its_vat_is_gone(
    owner_client: Client, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        draft = factories.quote(workshop)
        Workshop.objects.filter(pk=workshop.pk).update(vat_exempt=True)
    send = f"{BASE}{draft.pk}/envoyer/"
    owner_client.post(send)
    with workshop_scope(workshop.pk):
        assert Quote.objects.get().is_draft
    page = owner_client.get(f"{BASE}{draft.pk}/modifier/").content.decode()
    seen = SEEN.search(page)
    assert seen
    owner_client.post(f"{BASE}{draft.pk}/modifier/", typed(workshop, seen=seen.group(1)))
    owner_client.post(send)
    with workshop_scope(workshop.pk):
        sent = Quote.objects.get()
        assert (sent.is_draft, sent.total_tax, sent.total_incl_tax) == (False, 0, sent.total_excl_tax)


@pytest.mark.spec("SIG-08", "POW-06")
def test_what_was_sent_names_its_powder_as_it_was_whatever_the_powder_becomes(
    owner_client: Client, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        sent = send_quote(workshop=workshop, actor=factories.ACTOR, quote=factories.quote(workshop))
        draft = factories.quote(workshop)
        Powder.objects.update(colour_code="RAL 9005", colour_name="Noir foncé", hex="#0a0a0d")
    for page in ("", "document/"):
        shown = owner_client.get(f"{BASE}{sent.pk}/{page}").content.decode()
        assert ("RAL 7016" in shown, "RAL 9005" in shown) == (True, False)
        assert "RAL 9005" in owner_client.get(f"{BASE}{draft.pk}/{page}").content.decode()
    with workshop_scope(workshop.pk):
        # A new version is a draft: it follows the powder until it leaves.
        version = new_version(workshop=workshop, actor=factories.ACTOR, quote=sent)
        assert [line.powder_sent for line in version.lines.all()] == [{}]
