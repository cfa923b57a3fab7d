"""The mail of the month: what the releases of last month brought, to those who asked for it, once each."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.module_loading import import_string

from changelog.constants import MailState
from changelog.models import MonthlyMail, ReleasePage
from changelog.selectors import active_subscribers, find_changelog, list_month_releases

from .subscribing import stop_link

BATCH = 200


def send_monthly(*, today: date | None = None) -> MonthlyMail:
    """Queue the mail of last month for whoever has not got it yet.

    Run again it goes on from where it stopped; each message also has a key of its own, so a stop between the message
    and the mark sends nothing twice. A month without a release sends nothing.
    """
    month = last_month(today or timezone.localdate())
    mail, _made = MonthlyMail.objects.get_or_create(month=month)
    if mail.state != MailState.RUNNING:
        return mail
    releases = list_month_releases(month)
    if not releases:
        return _finish(mail, MailState.EMPTY)
    MonthlyMail.objects.filter(pk=mail.pk).update(releases=len(releases))
    while _queue_batch(mail, releases):
        pass
    return _finish(mail, MailState.DONE)


def last_month(today: date) -> date:
    """The first day of the month before."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def _queue_batch(mail: MonthlyMail, releases: list[ReleasePage]) -> int:
    """Queue the next messages and mark how far they go, in one transaction; how many there were."""
    with transaction.atomic():
        locked = MonthlyMail.objects.select_for_update().get(pk=mail.pk)
        batch = list(active_subscribers().filter(pk__gt=locked.last_subscriber).order_by("pk")[:BATCH])
        if not batch:
            return 0
        values = _values(locked.month, releases)
        for subscriber in batch:
            import_string(settings.PLATFORM_EMAIL)(
                kind="news_monthly",
                to=subscriber.email,
                context={**values, "arreter": stop_link(subscriber.email)},
                dedupe_key=f"news:{locked.month:%Y-%m}:{subscriber.pk}",
            )
        MonthlyMail.objects.filter(pk=mail.pk).update(last_subscriber=batch[-1].pk, queued=F("queued") + len(batch))
        return len(batch)


def _values(month: date, releases: list[ReleasePage]) -> dict[str, str]:
    """The month in words, and one line for each change."""
    page = find_changelog()
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_lines(release) for release in releases]
        return {
            "mois": format_date(month, "F Y"),
            "nouveautes": "\n".join(lines),
            "lien": page.canonical_url if page else settings.BASE_URL,
        }


def _lines(release: ReleasePage) -> str:
    changes = [f"• {kind.label} – {change.title}" for kind, held in release.grouped_changes for change in held]
    return "\n".join([f"{release.version}", *changes])


def _finish(mail: MonthlyMail, state: MailState) -> MonthlyMail:
    MonthlyMail.objects.filter(pk=mail.pk).update(state=state, finished_at=timezone.now())
    mail.refresh_from_db()
    return mail
