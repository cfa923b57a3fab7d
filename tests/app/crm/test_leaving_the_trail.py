"""An erased person leaves the trail; who did what and when stays, and nobody may use that way for anything else."""

import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from app.audit.models import AuditEntry
from app.audit.services import record
from app.crm.models import Customer
from app.crm.services.merging import merge_customers
from app.crm.services.privacy import erase_customer
from app.notify.constants import EmailState
from app.notify.models import WorkshopEmail
from app.notify.services import queue_email
from app.quotes.services.drafting import delete_draft
from app.tenancy.actor import Actor, Origin
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.factories import ACTOR

pytestmark = [pytest.mark.django_db, pytest.mark.spec("AUD-04", "PRV-05", "CRM-19")]
PERSONAL = ("zoé", "zoe", "lefèvre", "lefevre", "203.0.113.9")
HERSELF = Actor(label="Zoé Lefèvre", origin=Origin.PORTAL, ip="203.0.113.9")


@pytest.fixture
def zoe(in_scope: Workshop) -> Customer:
    return _zoe(in_scope)


def _zoe(workshop: Workshop, **changes: str) -> Customer:
    person = {"first_name": "Zoé", "last_name": "Lefèvre", "email": "zoe@client.test"} | changes
    customer = factories.customer(workshop, **person)
    record(workshop=workshop, actor=ACTOR, action="customer.created", subject=customer)
    return customer


def _trail() -> list[dict[str, Any]]:
    return list(AuditEntry.objects.order_by("pk").values())


def _names_in(rows: Any) -> list[str]:
    text = json.dumps(rows, default=str, ensure_ascii=False).lower()
    return [name for name in PERSONAL if name in text]


def test_the_name_goes_and_who_did_what_stays(in_scope: Workshop, zoe: Customer) -> None:
    quote = factories.quote(in_scope, customer=zoe)
    changes = {"city": ["Lyon", "Grenoble"], "email": ["zoe@client.test", ""]}
    record(workshop=in_scope, actor=ACTOR, action="customer.updated", subject=zoe, changes=changes)
    signed = {"status": ["envoyé", "accepté"], "signed_by": "Zoé Lefèvre"}
    record(workshop=in_scope, actor=HERSELF, action="quote.signed", subject=quote, changes=signed)
    before = _trail()
    assert _names_in(before) == ["zoé", "zoe", "lefèvre", "203.0.113.9"]
    erase_customer(workshop=in_scope, actor=ACTOR, customer=zoe)
    after = _trail()
    assert _names_in(after) == []
    kept = ("id", "at", "user_id", "origin", "action", "subject_kind", "subject_pk")
    assert [[row[name] for name in kept] for row in after[:-1]] == [[row[name] for name in kept] for row in before]
    updated = next(row for row in after if row["action"] == "customer.updated")
    assert (updated["actor"], updated["changes"]) == (ACTOR.label, {"city": None, "email": None})
    [sign] = [row for row in after if row["action"] == "quote.signed"]
    assert sign["changes"] == {"status": ["envoyé", "accepté"], "signed_by": None}
    assert (sign["actor"], sign["ip"]) == ("", None)
    assert after[-1]["action"] == "customer.erased" and after[-1]["actor"] == ACTOR.label


def test_other_customers_keep_theirs(in_scope: Workshop, zoe: Customer) -> None:
    other = _zoe(in_scope, first_name="Anne", last_name="Martin", email="anne@client.test")
    quote = factories.quote(in_scope, customer=other)
    record(workshop=in_scope, actor=ACTOR, action="quote.updated", subject=quote, changes={"customer": str(other)})
    before = {row["id"]: row for row in _trail() if row["subject_pk"] != zoe.pk or row["subject_kind"] != "customer"}
    erase_customer(workshop=in_scope, actor=ACTOR, customer=zoe)
    assert {row["id"]: row for row in _trail() if row["id"] in before} == before


def test_a_record_merged_before_was_the_same_person(in_scope: Workshop, zoe: Customer) -> None:
    first, second = _zoe(in_scope, last_name="Lefevre"), _zoe(in_scope, first_name="Zoe")
    merge_customers(workshop=in_scope, actor=ACTOR, kept=second, merged=first)
    merge_customers(workshop=in_scope, actor=ACTOR, kept=zoe, merged=second)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=zoe)
    assert _names_in(_trail()) == []


def test_a_quote_deleted_since_bears_the_name_no_more(in_scope: Workshop, zoe: Customer) -> None:
    delete_draft(workshop=in_scope, actor=ACTOR, quote=factories.quote(in_scope, customer=zoe))
    assert "lefèvre" in _names_in(_trail())
    erase_customer(workshop=in_scope, actor=ACTOR, customer=zoe)
    assert _names_in(_trail()) == []


def test_the_documents_of_a_namesake_keep_their_name(in_scope: Workshop) -> None:
    zoe, namesake = (_zoe(in_scope, email=f"{name}@client.test", sort_key="lefevre zoe") for name in ("zoe", "autre"))
    factories.quote(in_scope, customer=namesake)
    mine = factories.quote(in_scope, customer=zoe)
    delete_draft(workshop=in_scope, actor=ACTOR, quote=mine)
    theirs = AuditEntry.objects.filter(subject_kind="quote").exclude(subject_pk=mine.pk)
    before = list(theirs.order_by("pk").values())
    assert _names_in(before)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=zoe)
    assert list(theirs.order_by("pk").values()) == before
    assert not _names_in(list(AuditEntry.objects.filter(subject_kind="quote", subject_pk=mine.pk).values()))


def test_a_message_that_they_caused_does_not_say_who(in_scope: Workshop, zoe: Customer) -> None:
    words = {"nom_client": "Zoé Lefèvre", "lien": "http://testserver/x", "duree": "7 jours"}
    queue_email(workshop=in_scope, actor=HERSELF, kind="portal_link", to=in_scope.email, subject_ref=zoe, context=words)
    WorkshopEmail.objects.update(state=EmailState.SENT)
    erase_customer(workshop=in_scope, actor=ACTOR, customer=zoe)
    assert _names_in(list(WorkshopEmail.objects.filter(kind="portal_link").values())) == []


def _call(pk: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT forget_customer_in_trail(%s, '{}', 'Zoé Lefèvre', '{}')", [pk])


def test_the_database_refuses_for_a_customer_who_is_still_there(in_scope: Workshop, zoe: Customer) -> None:
    before = _trail()
    with pytest.raises(ProgrammingError, match="erased customers only"):
        _call(zoe.pk)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AuditEntry.objects.update(subject_label="")
    assert _trail() == before


def test_the_function_stays_in_the_workshop_in_scope(workshop: Workshop, other_workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        zoe = _zoe(workshop)
        Customer.objects.filter(pk=zoe.pk).update(erased_at=timezone.now())
        before = _trail()
    with workshop_scope(other_workshop.pk), pytest.raises(ProgrammingError, match="erased customers only"):
        _call(zoe.pk)
    with pytest.raises(ProgrammingError, match="erased customers only"):
        _call(zoe.pk)  # outside any scope
    with workshop_scope(workshop.pk):
        assert _trail() == before


def test_nobody_may_put_another_function_beside_it(in_scope: Workshop) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_schema_privilege(role, 'public', 'CREATE') "
            "FROM unnest(ARRAY['thermo_app', 'thermo_platform']) role"
        )
        assert cursor.fetchall() == [(False,), (False,)]
        cursor.execute(
            "SELECT has_function_privilege('public', 'forget_customer_in_trail(bigint, jsonb, text, jsonb)', 'EXECUTE')"
        )
        assert cursor.fetchall() == [(False,)]
