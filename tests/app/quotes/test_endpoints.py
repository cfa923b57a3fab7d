"""The screens of quotes: who may, what is refused, what stays as it was."""

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.utils import timezone, translation

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.audit.selectors import list_history
from app.quotes.models import Quote
from app.quotes.pdf import quote_pdf
from app.quotes.selectors import awaiting_signature
from app.quotes.services.drafting import new_version
from app.quotes.services.sending import send_quote
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.queries import at_most

BASE = "/app/atelier-vulcain/devis/"


@pytest.fixture
def quote(workshop: Workshop) -> Quote:
    with workshop_scope(workshop.pk):
        return factories.quote(workshop)


def typed(workshop: Workshop, **changes: Any) -> dict[str, Any]:
    """What a browser posts for a quote of one coating."""
    with workshop_scope(workshop.pk):
        customer, powder = factories.customer(workshop), factories.powder(workshop)
    data = {
        "customer": customer.pk, "title": "Garde-corps", "lead_time": "", "discount_percent": "0",
        "deposit_percent": "30", "powder_margin_percent": "30", "labour_margin_percent": "20", "fixed_margin": "0",
        "transfer_loss_percent": "30", "payment_terms": "", "conditions": "", "note": "",
        "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-MIN_NUM_FORMS": "0", "lines-MAX_NUM_FORMS": "100",
        "lines-0-kind": "job", "lines-0-designation": "Barreaux", "lines-0-quantity": "2", "lines-0-shape": "surface",
        "lines-0-surface_m2": "3,00", "lines-0-powder": powder.pk, "lines-0-coats": "1", "lines-0-labour_minutes": "60",
        "lines-0-hourly_rate": "45,00", "lines-0-consumables": "0", "lines-0-energy": "0", "lines-0-vat_rate": "20",
        "lines-0-discount_percent": "0",
    }  # fmt: skip
    return {**data, **changes}


def test_the_owner_reads_the_list_and_the_page(owner_client: Client, quote: Quote) -> None:
    assert b"Portail coulissant" in owner_client.get(BASE).content
    assert "83,52" in owner_client.get(f"{BASE}{quote.pk}/").content.decode()
    assert owner_client.get(f"{BASE}{quote.pk}/document/").status_code == 200


@pytest.mark.spec("QUO-01", "QUO-02", "QUO-04", "QUO-05")
def test_a_quote_is_typed_with_french_decimals_and_saved(owner_client: Client, workshop: Workshop) -> None:
    answer = owner_client.post(f"{BASE}nouveau/", typed(workshop))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    with workshop_scope(workshop.pk):
        quote = Quote.objects.get()
        assert (str(quote.total_incl_tax), quote.lines.get().surface_m2) == ("83.52", 3)


@pytest.mark.spec("QUO-01")
def test_a_new_quote_posted_twice_from_its_page_is_one_quote(owner_client: Client, workshop: Workshop) -> None:
    page = owner_client.get(f"{BASE}nouveau/")
    key = str(page.context["form"]["key"].value())
    assert f'name="key" value="{key}"' in page.content.decode()
    data = typed(workshop, key=key)
    first = owner_client.post(f"{BASE}nouveau/", {**data, "csrfmiddlewaretoken": "a"})
    second = owner_client.post(f"{BASE}nouveau/", {**data, "csrfmiddlewaretoken": "b"})
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == first["Location"]
    with workshop_scope(workshop.pk):
        quote = Quote.objects.get()
        assert first["Location"] == f"{BASE}{quote.pk}/"
        assert [entry.action for entry in list_history(quote)] == ["quote.created"]


@pytest.mark.spec("QUO-01")
def test_a_page_changed_after_a_step_back_and_another_page_are_other_quotes(
    owner_client: Client, workshop: Workshop
) -> None:
    data = typed(workshop)
    pages = [str(owner_client.get(f"{BASE}nouveau/").context["form"]["key"].value()) for _page in range(2)]
    for key, title in ((pages[0], "Garde-corps"), (pages[0], "Portail"), (pages[1], "Garde-corps")):
        assert owner_client.post(f"{BASE}nouveau/", {**data, "key": key, "title": title}).status_code == 302
    with workshop_scope(workshop.pk):
        assert sorted(quote.title for quote in Quote.objects.all()) == ["Garde-corps", "Garde-corps", "Portail"]


def test_a_refused_entry_keeps_the_key_of_its_page_and_a_wrong_key_makes_nothing(
    owner_client: Client, workshop: Workshop
) -> None:
    key = "7a1f1c52-8d3f-4a0c-9a51-3c1de52f7b10"
    answer = owner_client.post(f"{BASE}nouveau/", typed(workshop, key=key, title=""))
    assert answer.status_code == 422
    assert f'name="key" value="{key}"' in answer.content.decode()
    assert owner_client.post(f"{BASE}nouveau/", typed(workshop, key="x")).status_code == 422
    with workshop_scope(workshop.pk):
        assert not Quote.objects.exists()


@pytest.mark.spec("QUO-01", "QUO-15")
def test_the_price_follows_the_typing_and_saves_nothing(owner_client: Client, workshop: Workshop) -> None:
    answer = owner_client.post(f"{BASE}apercu/", typed(workshop), headers={"HX-Request": "true"})
    assert "83,52" in answer.content.decode()
    incomplete = typed(workshop, **{"lines-0-surface_m2": ""})
    assert owner_client.post(f"{BASE}apercu/", incomplete, headers={"HX-Request": "true"}).status_code == 200
    with workshop_scope(workshop.pk):
        assert not Quote.objects.exists()


@pytest.mark.spec("QUO-01")
@pytest.mark.parametrize(
    ("field", "value", "label"),
    [
        ("discount_percent", "150", "remise"),
        ("powder_margin_percent", "abc", "marge sur la poudre"),
        ("transfer_loss_percent", "96", "poudre perdue au poudrage"),
        ("fixed_margin", "", "montant fixe"),
    ],
)
def test_what_the_live_price_cannot_count_is_named(
    owner_client: Client, workshop: Workshop, field: str, value: str, label: str
) -> None:
    asked = {"HX-Request": "true", "Accept-Language": "fr"}
    right = owner_client.post(f"{BASE}apercu/", typed(workshop), headers=asked).content.decode()
    wrong = owner_client.post(f"{BASE}apercu/", typed(workshop, **{field: value}), headers=asked).content.decode()
    assert "field-error" not in right
    assert label in wrong[wrong.index("field-error") :].split("</p>")[0].lower()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer", ""),
        ("customer", "999999"),
        ("title", ""),
        ("lines-0-surface_m2", "-3"),
        ("lines-0-surface_m2", "0"),
        ("lines-0-coats", "4"),
        ("lines-0-powder", "999999"),
        ("lines-0-quantity", "0"),
        ("discount_percent", "101"),
        ("transfer_loss_percent", "99"),
        ("valid_until", "2020-01-01"),
        ("lines-0-shape", "box"),
        ("lines-TOTAL_FORMS", "0"),
        ("lines-TOTAL_FORMS", "abc"),
    ],
)
def test_a_wrong_value_is_said_and_nothing_is_saved(
    owner_client: Client, workshop: Workshop, field: str, value: str
) -> None:
    answer = owner_client.post(f"{BASE}nouveau/", typed(workshop, **{field: value}))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    with workshop_scope(workshop.pk):
        assert not Quote.objects.exists()


@pytest.mark.spec("ROL-03", "ROL-09")
@pytest.mark.parametrize("path", ["", "nouveau/", "prix/"])
def test_an_operator_sees_no_quote(operator_client: Client, path: str) -> None:
    assert operator_client.get(BASE + path).status_code == 403


@pytest.mark.spec("ROL-06", "ROL-09")
@pytest.mark.spec("QUO-11")
@pytest.mark.parametrize("page", [BASE, BASE + "{}/"])
def test_two_clicks_on_copy_make_one_copy(owner_client: Client, workshop: Workshop, quote: Quote, page: str) -> None:
    """From the list, whose one form copies any row, and from the page of the quote."""
    with workshop_scope(workshop.pk):
        other = factories.quote(workshop)
    shown = owner_client.get(page.format(quote.pk))
    key = str(shown.context["copy_key"])
    assert f'name="key" value="{key}"' in shown.content.decode()
    led = [
        owner_client.post(f"{BASE}{row.pk}/copier/", {"key": key}).headers["Location"] for row in (quote, quote, other)
    ]
    assert (led[0] == led[1], led[0] == led[2]) == (True, False)
    with workshop_scope(workshop.pk):
        assert Quote.objects.count() == 4
        assert AuditEntry.objects.filter(action="quote.duplicated").count() == 2
    again = str(owner_client.get(page.format(quote.pk)).context["copy_key"])
    assert owner_client.post(f"{BASE}{quote.pk}/copier/", {"key": again}).headers["Location"] not in led
    assert owner_client.post(f"{BASE}{quote.pk}/copier/", {"key": "x"}).status_code == 302


@pytest.mark.parametrize("action", ["envoyer", "copier", "supprimer", "refuser", "nouvelle-version", "renvoyer"])
def test_a_viewer_changes_nothing(viewer_client: Client, quote: Quote, workshop: Workshop, action: str) -> None:
    assert viewer_client.get(f"{BASE}{quote.pk}/").status_code == 200
    assert viewer_client.post(f"{BASE}{quote.pk}/{action}/", {"reason": "non"}).status_code == 403
    with workshop_scope(workshop.pk):
        assert Quote.objects.get().status == "brouillon"


@pytest.mark.spec("ROL-04")
def test_accounting_handles_quotes_but_not_their_prices_settings(accountant_client: Client, quote: Quote) -> None:
    assert accountant_client.get(f"{BASE}{quote.pk}/modifier/").status_code == 200
    assert accountant_client.get(f"{BASE}prix/").status_code == 403


@pytest.mark.spec("TEN-04")
@pytest.mark.parametrize("action", ["", "modifier/", "document/"])
def test_a_stranger_finds_nothing(
    stranger_client: Client, stranger: Membership, quote: Quote, other_workshop: Workshop, action: str
) -> None:
    assert stranger_client.get(f"{BASE}{quote.pk}/{action}").status_code == 404
    assert stranger_client.get(f"/app/{other_workshop.slug}/devis/{quote.pk}/{action}").status_code == 404


def test_a_missing_quote_and_a_wrong_method(owner_client: Client, quote: Quote) -> None:
    assert owner_client.get(f"{BASE}999999/").status_code == 404
    assert owner_client.get(f"{BASE}{quote.pk}/envoyer/").status_code == 405


@pytest.mark.spec("QUO-07")
def test_a_sent_quote_cannot_be_edited_on_screen(owner_client: Client, quote: Quote, workshop: Workshop) -> None:
    owner_client.post(f"{BASE}{quote.pk}/envoyer/")
    assert owner_client.get(f"{BASE}{quote.pk}/modifier/").status_code == 302
    assert owner_client.post(f"{BASE}{quote.pk}/modifier/", typed(workshop)).status_code == 302
    with workshop_scope(workshop.pk):
        assert Quote.objects.get(pk=quote.pk).title == "Portail coulissant"


@pytest.mark.spec("ONB-10")
def test_a_workshop_whose_trial_has_ended_reads_but_does_not_write(
    owner_client: Client, quote: Quote, workshop: Workshop
) -> None:
    with workshop_scope(workshop.pk):
        Workshop.objects.filter(pk=workshop.pk).update(writable_until="2020-01-01T00:00Z")
    assert owner_client.get(f"{BASE}{quote.pk}/").status_code == 200
    assert owner_client.post(f"{BASE}{quote.pk}/envoyer/").status_code == 403
    with workshop_scope(workshop.pk):
        assert Quote.objects.get().status == "brouillon"


@pytest.mark.spec("PRF-02", "PRF-03")
def test_the_list_costs_the_same_whatever_its_length(owner_client: Client, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        customer = factories.customer(workshop)
        for _ in range(30):
            factories.quote(workshop, customer=customer)
    with at_most(6):
        page = owner_client.get(BASE)
    assert page.content.decode().count("row-link") == 25


@pytest.mark.spec("UXR-03", "SCR-05")
def test_an_empty_list_says_what_comes_next(owner_client: Client, viewer_client: Client) -> None:
    assert f"{BASE}nouveau/" in owner_client.get(BASE).content.decode()
    assert f"{BASE}nouveau/" not in viewer_client.get(BASE).content.decode()


@pytest.mark.spec("QUO-07", "QUO-18")
def test_a_version_that_was_replaced_says_so_in_the_list_and_is_counted_nowhere(
    owner_client: Client, workshop: Workshop, quote: Quote
) -> None:
    with workshop_scope(workshop.pk):
        sent = send_quote(workshop=workshop, actor=factories.ACTOR, quote=quote)
        version = new_version(workshop=workshop, actor=factories.ACTOR, quote=sent)
    # While the newer one is a draft, the customer can still sign this one.
    assert _found(owner_client, "envoyé") == [sent.pk] and _found(owner_client, "remplacé") == []
    assert _awaiting(workshop) == 1
    with workshop_scope(workshop.pk):
        send_quote(workshop=workshop, actor=factories.ACTOR, quote=version)
    assert _found(owner_client, "envoyé") == [version.pk] and _found(owner_client, "remplacé") == [sent.pk]
    assert _awaiting(workshop) == 1
    for address in (BASE, f"{BASE}{sent.pk}/"):
        assert owner_client.get(address).content.decode().count('pill-neutral">Remplacé') == 1, address
    with workshop_scope(workshop.pk):
        Quote.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert _found(owner_client, "expiré") == [version.pk]


def _found(client: Client, status: str) -> list[int]:
    return [row.pk for row in client.get(BASE, {"statut": status}).context["page"].rows]


def _awaiting(workshop: Workshop) -> int:
    with workshop_scope(workshop.pk):
        return awaiting_signature(timezone.localdate()).count


@pytest.mark.spec("LNG-01")
def test_the_preview_is_in_the_language_of_the_document_for_every_reader(
    owner_client: Client, owner: Membership, quote: Quote
) -> None:
    User.objects.filter(pk=owner.user_id).update(language="en")
    page = owner_client.get(f"{BASE}{quote.pk}/document/").content.decode()
    assert "What the customer will see" in page
    paper = page[page.index('<div lang="fr">') : page.index("</article>")]
    assert "Total TTC" in paper and "83,52" in paper and "Total incl. tax" not in paper


@pytest.mark.spec("LNG-01", "TPL-07")
def test_the_document_is_in_its_language_whoever_has_it_made(workshop: Workshop, quote: Quote) -> None:
    with workshop_scope(workshop.pk), translation.override("en"):
        document = pypdfium2.PdfDocument(quote_pdf(workshop, quote))
    assert "DESTINATAIRE" in document[0].get_textpage().get_text_bounded()


@pytest.mark.spec("LNG-01")
def test_the_screen_speaks_the_person_s_language(owner_client: Client, owner: Membership, quote: Quote) -> None:
    french = owner_client.get(f"{BASE}{quote.pk}/").content.decode()
    assert ("Total TTC" in french, "83,52" in french) == (True, True)
    User.objects.filter(pk=owner.user_id).update(language="en")
    english = owner_client.get(f"{BASE}{quote.pk}/").content.decode()
    assert ("Total incl. tax" in english, "€83.52" in english) == (True, True)
