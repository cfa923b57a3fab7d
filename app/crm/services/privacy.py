"""Rights of the person: their data given, erased or deleted (GDPR, art. 15, 17 and 20).

Erasure keeps the row, without anything about the person: commercial documents must stay readable for ten years
(Code de commerce, art. L123-22) and refer to it.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model, ProtectedError, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.documents.models import Signature
from app.documents.selectors import list_signature_keys
from app.entitlements.constants import Dimension
from app.entitlements.services import release
from app.files.models import StoredFile
from app.kernel.errors import RuleError
from app.kernel.text import tokens
from app.notify.services.forgetting import forget_person
from app.search.models import SearchToken
from app.search.services import forget
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..emails import confirm_erasure
from ..followers import erase_elsewhere
from ..guards import require_free
from ..identity import CustomerData, data_of, search_texts
from ..locks import lock_customers
from ..models import Customer, CustomerLink, Interaction
from ..related import references, rows_of
from ..selectors import SEARCH_KIND, TAG_KIND
from .customers import fill

FILE_KEY = "_file_id"


def erase_customer(*, workshop: Workshop, actor: Actor, customer: Customer) -> Customer:
    """Forget the person: fields, notes, interactions, links, search words, messages, photos; they are told by mail.

    The trail keeps who did what and when for the two years of its own retention, and loses their name with the rest
    (docs/adr/0008). RuleError while work is in progress.
    """
    with transaction.atomic():
        held = lock_customers([customer.pk])[0]
        if held.erased_at:
            raise RuleError(_("This customer has already been erased."))
        require_free(held)
        words = {word for text in search_texts(data_of(held)) for word in tokens(text)}
        linked = {key.model: [row.pk for row in rows_of(key, held)] for key in references()}
        for model, pks in linked.items():
            _forget_words(model, pks, words)
        address, name, language = held.email, str(held), held.language
        others = _documents_of_homonyms(held)
        subjects = {model._meta.model_name or "": pks for model, pks in linked.items()}
        _forget_messages(held, subjects, others)
        Interaction.objects.filter(customer=held).delete()
        CustomerLink.objects.filter(customer=held).delete()
        for kind in (SEARCH_KIND, TAG_KIND):
            forget(kind=kind, object_pk=held.pk)
        fill(held, CustomerData(type=held.type))
        held.erased_at = timezone.now()
        held.marketing_consent_at = None
        held.save()
        release(workshop=workshop, dimension=Dimension.CONTACTS, actor=actor)
        record(workshop=workshop, actor=actor, action="customer.erased", subject=held)
        _forget_in_trail(held.pk, subjects, name, others)
        erase_elsewhere(workshop=workshop, actor=actor, customer=held)
        if address:
            confirm_erasure(workshop=workshop, address=address, language=language)
    return held


def delete_customer(*, workshop: Workshop, actor: Actor, customer: Customer) -> bool:
    """Remove a customer; True when the row is gone, False when documents that the law keeps made it an erasure.

    RuleError while a project is open, a quote can be signed.
    """
    with transaction.atomic():
        held = lock_customers([customer.pk])[0]
        require_free(held)
        pk = held.pk
        try:
            with transaction.atomic():
                record(workshop=workshop, actor=actor, action="customer.deleted", subject=held)
                _forget_messages(held, {}, _documents_of_homonyms(held))
                held.delete()
        except ProtectedError:
            erase_customer(workshop=workshop, actor=actor, customer=held)
            return False
        if held.erased_at is None:
            release(workshop=workshop, dimension=Dimension.CONTACTS, actor=actor)
        for kind in (SEARCH_KIND, TAG_KIND):
            forget(kind=kind, object_pk=pk)
    return True


def export_customer_data(*, workshop: Workshop, actor: Actor, customer: Customer) -> dict[str, Any]:
    """All that the workshop holds about a person, ready for JSON, with the list of their documents.

    How the workshop prices is not about the person: margins stay out.
    """
    linked = {key.model._meta.model_name: list(rows_of(key, customer)) for key in references()}
    record(workshop=workshop, actor=actor, action="customer.data_exported", subject=customer)
    return {
        "workshop": workshop.name,
        "exported_at": timezone.now().isoformat(),
        "customer": asdict(data_of(customer))
        | {
            name: _plain(getattr(customer, name))
            for name in ("created_at", "portal_invited_at", "marketing_consent_at")
        },
        "linked": {name: [_values(row) for row in rows] for name, rows in linked.items()},
        "documents": list(_documents([row for rows in linked.values() for row in rows])),
    }


def _forget_messages(held: Customer, subjects: Mapping[str, Collection[int]], others: Sequence[Model]) -> None:
    """Empty what was mailed to the person or about their rows; `subjects` maps a kind to its keys."""
    own = {Customer._meta.model_name or "": [held.pk]}
    numbers = {number for row in others if (number := getattr(row, "number", None))}
    forget_person(address=held.email, name=str(held), subjects={**subjects, **own}, others=numbers)


def _documents_of_homonyms(held: Customer) -> list[Model]:
    """What refers to other customers who bear the same name, or are of the same company."""
    alike = Customer.objects.filter(erased_at=None, sort_key=held.sort_key).exclude(pk=held.pk)
    homonyms = [other for other in alike if str(other) == str(held)]
    return [row for other in homonyms for key in references() for row in rows_of(key, other)]


def _forget_in_trail(pk: int, subjects: Mapping[str, Collection[int]], name: str, others: Sequence[Model]) -> None:
    """Take the person out of the trail, by the one function that may change it (migration 0006).

    The database refuses for a customer who has not been erased.
    """
    linked = {kind: list(pks) for kind, pks in subjects.items()}
    linked[Signature._meta.model_name or ""] = list_signature_keys(subjects)
    kept: defaultdict[str, list[int]] = defaultdict(list)
    for row in others:
        kept[row._meta.model_name or ""].append(row.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT forget_customer_in_trail(%s, %s::jsonb, %s, %s::jsonb)",
            [pk, json.dumps(linked), name, json.dumps(kept)],
        )


def _forget_words(model: type[Model], pks: list[int], words: set[str]) -> None:
    """The rows that refer to the person are no longer found by their name."""
    SearchToken.objects.filter(kind=model._meta.model_name, object_pk__in=pks, token__in=words).delete()


def _values(row: Model) -> dict[str, Any]:
    skipped = ("workshop", "customer", "created_by", *getattr(row, "workshop_only", ()))
    return {
        field.name: _plain(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if field.name not in skipped
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _documents(rows: list[Model]) -> Iterator[dict[str, Any]]:
    keys: set[UUID] = set()
    for row in rows:
        fields = [field for field in row._meta.concrete_fields if isinstance(field, UUIDField)]
        keys |= {field.value_from_object(row) for field in fields if field.name.endswith(FILE_KEY)}
    for stored in StoredFile.objects.filter(public_id__in=keys - {None}).order_by("pk"):
        yield {
            "name": stored.name,
            "type": stored.content_type,
            "size": stored.size,
            "added_at": _plain(stored.created_at),
        }
