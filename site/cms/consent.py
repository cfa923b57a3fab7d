"""What a visitor accepts and refuses of the tools that the publisher has chosen, and its proof.

Law: art. 82 of the law of 6 January 1978; CNIL guidelines and recommendation of 17 September 2020 (refusing as easy as
accepting, choice kept six months, proof of consent).
"""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from .models import ConsentProof, PublisherSettings
from .tools import CATEGORIES, NO, YES, Category

#: Proofs are kept as long as a claim can be made of them (Code civil, art. 2224).
PROOFS_KEPT = timedelta(days=5 * 365)


def configured_categories(publisher: PublisherSettings | None) -> list[Category]:
    """The categories that have a tool today; none: no banner, since nothing needs a consent."""
    if publisher is None:
        return []
    used = {"audience": publisher.analytics_id, "chat": publisher.chat_id, "video": publisher.shows_videos}
    return [category for category in CATEGORIES if used[category.key]]


def read_choice(sent: Any) -> dict[str, bool]:
    """What the banner sends: `{"audience": true, …}`. ValueError for anything else."""
    known = {category.key for category in CATEGORIES}
    if not (isinstance(sent, dict) and sent and set(sent) <= known):
        raise ValueError("unknown category")
    if not all(isinstance(value, bool) for value in sent.values()):
        raise ValueError("neither accepted nor refused")
    return sent


def keep_choice(*, choice: dict[str, bool]) -> str:
    """Write the proof, which names nobody, and return the value of the cookie: `<proof>.audience-1.video-0`."""
    proof = ConsentProof.objects.create(key=uuid4(), choice=choice)
    return ".".join([proof.key.hex, *(f"{key}-{YES if choice[key] else NO}" for key in sorted(choice))])


def forget_old_proofs() -> int:
    """Delete the proofs that no claim can need any more; how many."""
    return ConsentProof.objects.filter(at__lt=timezone.now() - PROOFS_KEPT).delete()[0]
