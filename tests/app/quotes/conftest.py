"""Quotes on their way."""

import pytest

from app.quotes.models import Quote
from app.quotes.services.sending import finish_sending, send_quote
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from tests import factories


@pytest.fixture
def sent(in_scope: Workshop, actor: Actor) -> Quote:
    quote = send_quote(workshop=in_scope, actor=actor, quote=factories.quote(in_scope))
    finish_sending(workshop=in_scope, quote_pk=quote.pk)
    quote.refresh_from_db()
    return quote
