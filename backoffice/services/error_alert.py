"""Telling the publisher that errors come too fast: one mail for each episode."""

from collections import Counter, deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.urls import reverse
from django.utils import formats, timezone, translation

from app.notify.services.outbox import queue_platform_email
from app.tenancy.scope import platform_scope

from ..constants import LogLevel
from ..models import LogLine

MINUTE = timedelta(minutes=1)
#: Lines reach the database some seconds after they are written: as far as this is looked back.
LOOKED_AT = timedelta(minutes=3)
#: An episode is over after this long without a minute above the threshold.
QUIET_SECONDS = 15 * 60
EPISODE = "error_episode"


def warn_of_errors(now: datetime | None = None) -> int:
    """Look at the last minutes and mail the publisher when a minute was too full; how many errors it held.

    A critical line is enough by itself. Called again during the same episode, it sends nothing.
    """
    now = now or timezone.now()
    with platform_scope():
        lines = list(
            LogLine.objects.filter(at__gt=now - LOOKED_AT, level__in=[LogLevel.ERROR, LogLevel.CRITICAL])
            .order_by("at")
            .values_list("at", "level", "event")
        )
    most = busiest_minute(at for at, _level, _event in lines)
    is_critical = any(level == LogLevel.CRITICAL for _at, level, _event in lines)
    if most > settings.ERRORS_PER_MINUTE or is_critical:
        _tell(now, most, Counter(event for _at, _level, event in lines).most_common(1)[0][0])
    return most


def busiest_minute(moments: Iterable[datetime]) -> int:
    """The most moments, given in order, that any span of sixty seconds holds."""
    window: deque[datetime] = deque()
    most = 0
    for moment in moments:
        window.append(moment)
        while moment - window[0] >= MINUTE:
            window.popleft()
        most = max(most, len(window))
    return most


def _tell(now: datetime, count: int, event: str) -> None:
    """Queue the mail of the episode; its beginning is the key of the mail, so that trying again sends no second one."""
    began = cache.get_or_set(EPISODE, now.isoformat(), QUIET_SECONDS)
    cache.touch(EPISODE, QUIET_SECONDS)
    with translation.override("fr"):
        context = {
            "nombre": str(count),
            "date": formats.date_format(timezone.localtime(now), "j F Y, H:i"),
            "erreur": event,
            "lien": f"{settings.BASE_URL}{reverse('backoffice:log_list')}",
        }
    publishers = get_user_model().objects.filter(is_superuser=True, is_active=True)
    for pk, address in publishers.values_list("pk", "email"):
        queue_platform_email(
            kind="errors_above_threshold", to=address, context=context, dedupe_key=f"errors:{began}:{pk}"
        )
