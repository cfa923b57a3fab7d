"""Quotes under what people really type and really do: too much, too late, twice, and after everything has changed."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone

from app.audit.models import AuditEntry
from app.crm.identity import CustomerData
from app.crm.services.customers import create_customer
from app.crm.services.privacy import erase_customer
from app.documents.models import Signature
from app.documents.services import sign_document
from app.entitlements.constants import Dimension
from app.entitlements.selectors import get_quota
from app.files.models import StoredFile
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.numbering.services import set_pattern
from app.portal.services import sign_quote
from app.powders.models import Powder
from app.quotes.constants import DRAFT_LINES_MOST
from app.quotes.estimates import kept_estimate
from app.quotes.models import Quote, QuoteLine, QuoteSettings
from app.quotes.pdf import document_context
from app.quotes.selectors import get_settings, list_lines, list_lost_sendings
from app.quotes.services.answering import accept_quote, finish_signature, require_signable
from app.quotes.services.drafting import new_draft, new_version, save_draft
from app.quotes.services.sending import finish_sending, resend_quote, send_quote
from app.quotes.templatetags.quote_price import unit_price
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.quotes.test_endpoints import BASE, typed
from tests.app.quotes.test_flow import data


@pytest.mark.spec("QUO-01", "QUO-15")
@pytest.mark.parametrize(
    "huge",
    [
        {"lines-0-quantity": "9999999,99", "lines-0-surface_m2": "999999,9999"},
        {"lines-0-kind": "item", "lines-0-quantity": "9999999,99", "lines-0-unit_price": "9999999999,99"},
        {"lines-0-consumables": "9999999999,99", "lines-0-energy": "9999999999,99"},
        {"lines-0-labour_minutes": "2147483647", "lines-0-hourly_rate": "9999999999,99"},
        {"lines-0-shape": "plate", "lines-0-length_mm": "2147483647", "lines-0-width_mm": "2147483647"},
        {"lines-0-quantity": "9999999,99", "lines-0-surface_m2": "999999,9999", "powder_margin_percent": "1000",
         "lines-0-powder_price_per_kg": "9999999999,99", "lines-0-coats": "3"},
        {"lines-0-kind": "item", "lines-0-quantity": "10000", "lines-0-unit_price": "9999999,99",
         "discount_percent": "99"},
        {"lines-0-curing_celsius": "32767"},
        {"customer": "9" * 5000},
    ],
)  # fmt: skip
def test_figures_that_no_quote_can_hold_are_said(
    owner_client: Client, workshop: Workshop, huge: dict[str, str]
) -> None:
    answer = owner_client.post(f"{BASE}nouveau/", typed(workshop, **huge))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert owner_client.post(f"{BASE}apercu/", typed(workshop, **huge)).status_code == 200
    with workshop_scope(workshop.pk):
        assert not Quote.objects.exists()


@pytest.mark.parametrize("shown", ["100", "101", "1000000"])
def test_no_line_is_added_beyond_the_last(owner_client: Client, workshop: Workshop, shown: str) -> None:
    answer = owner_client.post(f"{BASE}ligne/", typed(workshop, **{"lines-TOTAL_FORMS": shown}))
    page = answer.content.decode()
    assert (answer.status_code, "100" in page, "lines-TOTAL_FORMS" in page) == (200, True, False)


def test_no_more_lines_are_drawn_than_a_quote_may_have(owner_client: Client, workshop: Workshop) -> None:
    answer = owner_client.post(f"{BASE}nouveau/", typed(workshop, **{"lines-TOTAL_FORMS": "9" * 30}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="lines-{DRAFT_LINES_MOST}-designation"' in page
    assert f'name="lines-{DRAFT_LINES_MOST + 1}-designation"' not in page


@pytest.mark.spec("POW-07", "QUO-05")
def test_a_past_quote_keeps_its_cost_whatever_becomes_of_its_powder(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        quote = factories.quote(workshop)
        line = quote.lines.get()
        before = kept_estimate(quote, list_lines(quote), partial(get_settings, workshop))
        Powder.objects.filter(pk=line.powder_id).update(consumption_g_per_m2=Decimal(1000))
        after = kept_estimate(quote, list_lines(quote), partial(get_settings, workshop))
        assert before is not None
        assert after == before
        assert before.cost == Decimal("57.00")  # 0.6 kg at 20 € and an hour at 45 €
        Powder.objects.filter(pk=line.powder_id).update(consumption_g_per_m2=None)
    page = owner_client.get(f"{BASE}{quote.pk}/")
    assert page.status_code == 200
    assert "57,00" in page.content.decode()


def test_a_quote_of_before_costs_were_kept_still_opens(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        quote = factories.quote(workshop)
        QuoteLine.objects.update(costs={})
        assert kept_estimate(quote, list_lines(quote), partial(QuoteSettings, workshop=workshop)) is not None
        Powder.objects.update(consumption_g_per_m2=None)
    page = owner_client.get(f"{BASE}{quote.pk}/")
    assert page.status_code == 200
    assert "ne peut pas être calculé" in page.content.decode() or "cannot be computed" in page.content.decode()


@pytest.mark.spec("QUO-12")
def test_what_can_no_longer_be_signed_is_not_sent_again(in_scope: Workshop, actor: Actor, sent: Quote) -> None:
    Quote.objects.filter(pk=sent.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(RuleError):
        resend_quote(workshop=in_scope, actor=actor, quote=sent)
    Quote.objects.filter(pk=sent.pk).update(valid_until=timezone.localdate())
    newer = new_version(workshop=in_scope, actor=actor, quote=sent)
    resend_quote(workshop=in_scope, actor=actor, quote=sent)  # the newer one is still a draft
    send_quote(workshop=in_scope, actor=actor, quote=newer)
    with pytest.raises(RuleError):
        resend_quote(workshop=in_scope, actor=actor, quote=sent)


@pytest.mark.spec("QUO-12")
def test_two_clicks_on_one_page_send_a_quote_again_once(owner_client: Client, workshop: Workshop, actor: Actor) -> None:
    with workshop_scope(workshop.pk):
        quote = send_quote(workshop=workshop, actor=actor, quote=factories.quote(workshop))

    def times_sent() -> int:
        with workshop_scope(workshop.pk):
            return AuditEntry.objects.filter(action="quote.resent").count()

    for page in range(1, 3):
        shown = owner_client.get(f"{BASE}{quote.pk}/").content.decode()
        assert f'name="sendings" value="{page}"' in shown
        for _click in range(2):
            assert owner_client.post(f"{BASE}{quote.pk}/renvoyer/", {"sendings": page}).status_code == 302
            assert times_sent() == page


@pytest.mark.spec("QUO-10")
def test_a_quote_is_not_sent_again_to_an_address_that_was_taken_away(
    in_scope: Workshop, actor: Actor, sent: Quote
) -> None:
    sent.customer.email = ""
    sent.customer.save()
    with pytest.raises(RuleError):
        resend_quote(workshop=in_scope, actor=actor, quote=sent)
    assert WorkshopEmail.objects.filter(subject_pk=sent.pk, subject_kind="quote").count() == 1


@pytest.mark.spec("CRM-19")
def test_an_erased_customer_s_address_leaves_their_quotes(in_scope: Workshop, actor: Actor, sent: Quote) -> None:
    Quote.objects.filter(pk=sent.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    erase_customer(workshop=in_scope, actor=actor, customer=sent.customer)
    sent.refresh_from_db()
    assert (sent.sent_to, sent.number is not None) == ("", True)


@pytest.mark.spec("CRM-19", "PRV-05", "SIG-08")
@pytest.mark.parametrize("signed", [False, True])
def test_the_document_of_an_unsigned_quote_goes_with_the_person_and_a_signed_one_stays(
    in_scope: Workshop, actor: Actor, sent: Quote, signed: bool
) -> None:
    """The law keeps a contract ten years; it asks for no offer that nobody took."""
    changes = {"accepted_at": timezone.now(), "status": "accepté"} if signed else {"status": "refusé"}
    Quote.objects.filter(pk=sent.pk).update(**changes)
    document = StoredFile.objects.get(public_id=sent.pdf_file_id)
    used = get_quota(in_scope, Dimension.STORAGE).used
    erase_customer(workshop=in_scope, actor=actor, customer=sent.customer)
    sent.refresh_from_db()
    assert StoredFile.objects.filter(pk=document.pk).exists() == signed
    assert (sent.pdf_file_id is not None, bool(sent.pdf_sha256)) == (signed, signed)
    assert used - get_quota(in_scope, Dimension.STORAGE).used == (0 if signed else document.size)


@pytest.mark.spec("CRM-19", "PRV-05")
def test_a_sending_that_was_lost_makes_nothing_for_a_person_erased_since(workshop: Workshop, actor: Actor) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    with workshop_scope(workshop.pk):
        sent = send_quote(workshop=workshop, actor=actor, quote=factories.quote(workshop))
        Quote.objects.update(sent_at=long_ago, valid_until=long_ago.date())
        WorkshopEmail.objects.all().delete()
    assert list_lost_sendings(timedelta(minutes=5)) == [(workshop.pk, sent.pk)]
    with workshop_scope(workshop.pk):
        erase_customer(workshop=workshop, actor=actor, customer=sent.customer)
        finish_sending(workshop=workshop, quote_pk=sent.pk)
        sent.refresh_from_db()
        assert (sent.pdf_file_id, sent.mailed_at) == (None, None)
        assert list(WorkshopEmail.objects.values_list("kind", flat=True)) == ["person_erased"]
    assert list_lost_sendings(timedelta(minutes=5)) == []


@pytest.mark.spec("QUO-07", "UXR-04")
def test_a_reason_that_is_too_long_is_kept_on_screen(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        quote = send_quote(workshop=workshop, actor=factories.ACTOR, quote=factories.quote(workshop))
        entries = AuditEntry.objects.count()
    reason = "Trop cher. " * 30
    answer = owner_client.post(f"{BASE}{quote.pk}/refuser/", {"reason": reason})
    page = answer.content.decode()
    assert (answer.status_code, reason.strip() in page, "data-open-on-load" in page) == (422, True, True)
    with workshop_scope(workshop.pk):
        assert Quote.objects.get().status == "envoyé"
        assert AuditEntry.objects.count() == entries


@pytest.mark.spec("TPL-07", "QUO-15")
@pytest.mark.parametrize(
    ("total", "quantity", "printed"),
    [("123.17", "2", "61,585 €"), ("100", "3", "33,333 €"), ("69.60", "2", "34,80 €"), ("100000.01", "7777.77", "12,857157 €"),
     ("0", "3", "0,00 €")],
)  # fmt: skip
def test_the_printed_price_of_one_gives_the_total_again(total: str, quantity: str, printed: str) -> None:
    line = QuoteLine(total_excl_tax=Decimal(total), quantity=Decimal(quantity))
    assert unit_price(line.unit_price_shown) == printed.replace(" ", "\u00a0")
    again = (line.unit_price_shown * line.quantity).quantize(Decimal("0.01"))
    assert again == Decimal(total).quantize(Decimal("0.01"))


@pytest.mark.spec("QUO-14")
def test_deposit_and_balance_are_the_total_to_the_cent(in_scope: Workshop) -> None:
    draft = new_draft(in_scope, factories.customer(in_scope))
    draft.title, draft.deposit_percent = "Portail", Decimal("33.33")
    line = QuoteLine(
        kind="item", designation="Pose", quantity=Decimal(1), unit_price=Decimal("83.33"), vat_rate=Decimal(20)
    )
    quote = save_draft(workshop=in_scope, actor=factories.ACTOR, quote=draft, lines=[line])
    terms = document_context(in_scope, quote, list_lines(quote))["terms"]
    assert (terms.deposit, terms.balance) == (Decimal("33.33"), Decimal("66.67"))


@pytest.mark.spec("QUO-11")
def test_the_list_gives_the_document_and_leads_to_sending_copying_and_deleting(
    owner_client: Client, viewer_client: Client, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        draft = factories.quote(workshop)
        sent = send_quote(workshop=workshop, actor=factories.ACTOR, quote=factories.quote(workshop))
        finish_sending(workshop=workshop, quote_pk=sent.pk)
        sent.refresh_from_db()
    page = owner_client.get(BASE).content.decode()
    assert f'formaction="{BASE}{draft.pk}/copier/"' in page
    assert f'href="{BASE}{draft.pk}/?ouvrir=send"' in page
    assert f'href="{BASE}{draft.pk}/?ouvrir=delete"' in page
    assert f"{BASE}{sent.pk}/?ouvrir" not in page
    assert str(sent.pdf_file_id) in page
    read = viewer_client.get(BASE).content.decode()
    assert (str(sent.pdf_file_id) in read, "formaction" in read, "ouvrir=" in read) == (True, False, False)
    for name in ("send", "delete"):
        opened = owner_client.get(f"{BASE}{draft.pk}/?ouvrir={name}").content.decode()
        assert opened.count("data-open-on-load") == 1
    assert "data-open-on-load" not in owner_client.get(f"{BASE}{draft.pk}/?ouvrir=refuse").content.decode()


@pytest.mark.spec("SIG-05", "SIG-08")
def test_the_signature_of_another_document_accepts_nothing(in_scope: Workshop, actor: Actor, sent: Quote) -> None:
    assert sent.pdf_file_id
    other = sign_document(
        workshop=in_scope, actor=actor, subject=sent, file_id=sent.pdf_file_id, sha256="0" * 64, data=data()
    )
    with pytest.raises(RuleError):
        accept_quote(workshop=in_scope, actor=actor, quote=sent, signature=other)
    sent.refresh_from_db()
    assert (sent.status, sent.accepted_at) == ("envoyé", None)


@pytest.mark.spec("SIG-10")
def test_a_second_signature_is_told_that_the_quote_is_signed(in_scope: Workshop, actor: Actor, sent: Quote) -> None:
    sign_quote(workshop=in_scope, actor=actor, quote=sent, data=data())
    sent.refresh_from_db()
    with pytest.raises(RuleError) as refusal:
        require_signable(sent)
    refused = Quote(status="refusé")
    with pytest.raises(RuleError) as other:
        require_signable(refused)
    assert str(refusal.value) != str(other.value)
    assert Signature.objects.count() == 1


@pytest.mark.spec("ACC-01", "SIG-05")
def test_the_longest_names_go_from_the_quote_to_the_signed_document(workshop: Workshop, actor: Actor) -> None:
    local = f"{'l' * 60}@{'.'.join(['d' * 60] * 3)}.fr"
    longest = CustomerData(
        company="C" * 160, first_name="P" * 80, last_name="N" * 80, email=local, street="R" * 200, postcode="9" * 12,
        city="V" * 100,
    )  # fmt: skip
    for data_typed in (longest, replace(longest, company=""), CustomerData(email=local)):
        with workshop_scope(workshop.pk):
            customer = create_customer(workshop=workshop, actor=actor, data=data_typed)
            draft = factories.quote(workshop, customer=customer, title="T" * 160, lead_time="D" * 120)
            quote = send_quote(workshop=workshop, actor=actor, quote=draft)
            finish_sending(workshop=workshop, quote_pk=quote.pk)
            [link] = [mail.text for mail in WorkshopEmail.objects.filter(subject_pk=quote.pk, subject_kind="quote")]
        address = re.search(r"https?://testserver(/espace/\S+/ouvrir/\S+)", link)
        assert address
        client = Client()
        page = client.post(address[1]).headers["Location"]
        assert client.post(f"{page}signer/", {"method": "typed", "name": "N" * 80, "consent": "on"}).status_code == 302
        with workshop_scope(workshop.pk):
            signature = Signature.objects.get(subject_pk=quote.pk)
            finish_signature(workshop=workshop, quote_pk=quote.pk, signature=signature)
            quote.refresh_from_db()
            assert (quote.status, quote.signed_file_id is not None) == ("accepté", True)


@pytest.mark.spec("QUO-08")
def test_a_format_that_writes_what_a_former_one_wrote_repeats_no_number(in_scope: Workshop, actor: Actor) -> None:
    year = timezone.localdate().year

    def next_two() -> list[str | None]:
        quote = send_quote(workshop=in_scope, actor=actor, quote=factories.quote(in_scope))
        return [quote.number, factories.project(in_scope).number]

    given = []
    for pattern in (f"N-{year}-{{number:4}}", "N-{year}-{number:4}", f"N-{year}-{{number:4}}"):
        for series in ("quote", "project"):
            set_pattern(workshop=in_scope, actor=actor, series=series, pattern=pattern)
        given += [next_two(), next_two()]
    assert given == [[f"N-{year}-{rank:04}"] * 2 for rank in range(1, 7)]
