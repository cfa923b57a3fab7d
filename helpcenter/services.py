"""Keeping what readers make of the help, without keeping who they are."""

import hashlib
import re
import secrets

from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from .constants import LONGEST_QUERY, LONGEST_REMARK
from .models import ArticleDay, MissedSearch, Remark

DAY = 24 * 3600
#: What looks like an address, a number of somebody or of something: no search of the help needs it.
PERSONAL = re.compile(r"\S*@\S*|\+?\d[\d\s.\-/]{4,}\d")


def count_view(*, path: str) -> None:
    """One more reading of this article today."""
    _count(path, "views")


def judge(*, path: str, is_useful: bool, visitor: str, remark: str = "") -> bool:
    """Keep a reader's judgement; False when this visitor has judged this article today.

    `visitor` tells visitors apart within a day: it is hashed with a secret that is forgotten after the day.
    """
    if not cache.add(f"help:judged:{_veiled(visitor, path)}", True, DAY):
        return False
    _count(path, "useful" if is_useful else "useless")
    if remark := remark.strip()[:LONGEST_REMARK]:
        Remark.objects.create(path=path, text=remark)
    return True


def keep_missed_search(*, text: str) -> None:
    """Count words that found nothing; what could name a person is taken out of them first."""
    kept = " ".join(PERSONAL.sub(" ", text.replace("\x00", "").casefold()).split())[:LONGEST_QUERY]
    if len(kept) < 3:
        return
    MissedSearch.objects.bulk_create([MissedSearch(text=kept, times=0)], ignore_conflicts=True)
    MissedSearch.objects.filter(text=kept).update(times=F("times") + 1, last_at=timezone.now())


def _count(path: str, figure: str) -> None:
    today = timezone.localdate()
    ArticleDay.objects.bulk_create([ArticleDay(path=path, on=today)], ignore_conflicts=True)
    ArticleDay.objects.filter(path=path, on=today).update(**{figure: F(figure) + 1})


def _veiled(visitor: str, path: str) -> str:
    salt = cache.get_or_set("help:salt", lambda: secrets.token_hex(16), DAY)
    return hashlib.sha256(f"{salt}|{visitor}|{path}".encode()).hexdigest()
