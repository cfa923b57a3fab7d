"""Which version of which text a person has agreed to, and which one they are asked about.

The texts live on the site, which the application asks by name (`settings.LEGAL_TEXTS`): neither side imports the other.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from .constants import SUPPLIED_VERSION, Document
from .models import Consent


def published_texts() -> list[Any]:
    """Every version of every text, in the order of publication: `document`, `version`, `title`, `path`,
    `effective_on`, `is_substantive`, `changes`."""
    return list(import_string(settings.LEGAL_TEXTS)())


def version_in_force(document: str, texts: Sequence[Any], day: date) -> str:
    """The version of a document that applies that day: the latest one published that has taken effect."""
    effective = [text.version for text in texts if text.document == document and text.effective_on <= day]
    return effective[-1] if effective else SUPPLIED_VERSION


def texts_to_accept(texts: Sequence[Any], accepted: set[tuple[str, str]]) -> list[Any]:
    """The latest version of each document of which a substantive change is newer than what was accepted.

    `accepted` holds (document, version). Somebody who has accepted a later version has accepted what came before it.
    """
    asked = []
    for document in Document.values:
        versions = [text for text in texts if text.document == document]
        known = [rank for rank, text in enumerate(versions) if (document, text.version) in accepted]
        newer = versions[known[-1] + 1 :] if known else versions
        if any(text.is_substantive for text in newer):
            asked.append(versions[-1])
    return asked


def pending_texts(user_pk: int) -> list[Any]:
    """What this person is asked to accept today; two queries."""
    texts = published_texts()
    if not any(text.is_substantive for text in texts):
        return []
    accepted = set(Consent.objects.filter(user_id=user_pk).values_list("document", "version"))
    return texts_to_accept(texts, accepted)


def keep_consents(*, user_pk: int, versions: dict[str, str], ip: str | None) -> None:
    """Keep that a person agrees to these versions, document by document; what is already kept stays as it is."""
    rows = [
        Consent(user_id=user_pk, document=document, version=version, ip=ip) for document, version in versions.items()
    ]
    Consent.objects.bulk_create(rows, ignore_conflicts=True)


def versions_of_today(documents: Sequence[str]) -> dict[str, str]:
    """The version of each of these documents that a person who signs up today agrees to."""
    texts, today = published_texts(), timezone.localdate()
    return {document: version_in_force(document, texts, today) for document in documents}
