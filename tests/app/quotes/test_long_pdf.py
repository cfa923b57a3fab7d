"""The document of a quote whose words are longer than their place."""

from decimal import Decimal

import pypdfium2
import pytest

from app.quotes.models import QuoteLine
from app.quotes.pdf import quote_pdf
from app.quotes.services.drafting import new_draft, save_draft
from app.quotes.services.sending import send_quote
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories

WORD = "Établissementsdesferronneriesdelatroisièmegénération" * 3


@pytest.mark.spec("TPL-07")
def test_no_word_pushes_a_price_off_the_page_and_the_least_surface_is_written(in_scope: Workshop, actor: Actor) -> None:
    customer = factories.customer(in_scope, company=WORD, type="pro", street=WORD[:150], city=WORD[:90])
    in_scope.name = f"Atelier {WORD[:100]}"
    draft = new_draft(in_scope, customer)
    draft.title, draft.note, draft.payment_terms, draft.conditions = WORD, f"https://exemple.fr/{'a' * 200}", WORD, WORD
    powder = factories.powder(in_scope, colour_name=WORD[:60], reference="R" * 50)
    lines = [
        QuoteLine(designation=WORD, quantity=Decimal(7), surface_m2=Decimal("0.0010"), powder=powder, hourly_rate=45),
        QuoteLine(kind="item", designation="x", unit_price=Decimal("9999999.99"), quantity=Decimal(12)),
    ]
    quote = save_draft(workshop=in_scope, actor=actor, quote=draft, lines=lines)
    quote = send_quote(workshop=in_scope, actor=actor, quote=quote)
    page = pypdfium2.PdfDocument(quote_pdf(in_scope, quote))[0]
    written = page.get_textpage()
    edges = [written.get_charbox(rank)[2] for rank in range(written.count_chars())]
    assert max(edges) <= page.get_width()
    assert "0,001 m²" in written.get_text_bounded()
