"""The subscription to the month's news: asked, confirmed by a mail, stopped by a click."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from changelog.constants import LEFT_KEPT
from changelog.models import Subscriber

CONFIRM_SALT, STOP_SALT = "changelog.confirm", "changelog.stop"
CONFIRMED_WITHIN = timedelta(days=7)


def subscribe(*, email: str) -> None:
    """Ask an address to confirm; one that already receives the news is told nothing, here or elsewhere."""
    email = email.strip().lower()
    now = timezone.now()
    with transaction.atomic():
        row, _made = Subscriber.objects.select_for_update().get_or_create(email=email, defaults={"requested_at": now})
        if row.confirmed_at and not row.stopped_at:
            return
        Subscriber.objects.filter(pk=row.pk).update(requested_at=now)
        import_string(settings.PLATFORM_EMAIL)(
            kind="news_confirm",
            to=email,
            context={"lien": f"{settings.BASE_URL}{reverse('changelog:confirm', args=[_token(email, CONFIRM_SALT)])}"},
            dedupe_key=f"news-confirm:{row.pk}:{now:%Y%m%d%H}",  # one an hour at most, however often it is asked
        )


def subscribe_account(*, email: str) -> None:
    """A signed-in person's own address, which is verified already: no mail to confirm."""
    now = timezone.now()
    values = {"confirmed_at": now, "stopped_at": None}
    Subscriber.objects.update_or_create(
        email=email.strip().lower(), defaults=values, create_defaults={**values, "requested_at": now}
    )


def switch_account(*, email: str, wanted: bool) -> None:
    """What a signed-in person wants from now on: the month's news at their own address, or nothing."""
    if wanted:
        subscribe_account(email=email)
    else:
        Subscriber.objects.filter(email=email.strip().lower(), stopped_at=None).update(stopped_at=timezone.now())


def forget_left() -> int:
    """Delete the addresses that never confirmed or that stopped, after a month; how many."""
    before = timezone.now() - LEFT_KEPT
    left = Q(confirmed_at=None, requested_at__lt=before) | Q(stopped_at__lt=before)
    return Subscriber.objects.filter(left).delete()[0]


def confirm(*, token: str) -> bool:
    """Confirm the address of a link; False when the link is not ours or is too old."""
    try:
        email = signing.loads(token, salt=CONFIRM_SALT, max_age=CONFIRMED_WITHIN)
    except signing.BadSignature:
        return False
    return bool(Subscriber.objects.filter(email=email).update(confirmed_at=timezone.now(), stopped_at=None))


def stop(*, token: str) -> bool:
    """Stop the mails to the address of a link, which never expires; False when it is not one of ours."""
    try:
        email = signing.loads(token, salt=STOP_SALT)
    except signing.BadSignature:
        return False
    Subscriber.objects.filter(email=email, stopped_at=None).update(stopped_at=timezone.now())
    return True


def stop_link(email: str) -> str:
    """The address that stops the mails to somebody; it opens nothing else (also the List-Unsubscribe header)."""
    return f"{settings.BASE_URL}{reverse('changelog:stop', args=[_token(email, STOP_SALT)])}"


def _token(email: str, salt: str) -> str:
    return signing.dumps(email, salt=salt)
