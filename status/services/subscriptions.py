"""Subscribing to the notices: nothing is kept until the address has confirmed; one click ends it."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from ..constants import Component
from ..models import Subscriber

CONFIRM, LEAVE = "status.confirm", "status.leave"
CONFIRM_WITHIN = 3 * 24 * 3600  # seconds


def ask_confirmation(*, email: str, components: Sequence[str], link: str) -> None:
    """Mail the link that confirms; `link` holds `{token}`. The same request within the hour sends nothing new."""
    token = signing.dumps({"e": email, "c": sorted(components)}, salt=CONFIRM, compress=True)
    asked = f"{email.lower()} {sorted(components)} {timezone.now():%Y%m%d%H}"
    import_string(settings.PLATFORM_EMAIL)(
        kind="status_confirm",
        to=email,
        context={"elements": components_in_words(components), "lien": link.format(token=token)},
        dedupe_key=f"status-confirm:{hashlib.sha256(asked.encode()).hexdigest()[:32]}",
    )


def read_confirmation(*, token: str) -> dict[str, Any] | None:
    """What a confirmation link asks for: `e` the address, `c` the components; None for a wrong or old one."""
    try:
        found = signing.loads(token, salt=CONFIRM, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    return found if isinstance(found, dict) else None


def confirm(*, token: str) -> Subscriber | None:
    """Subscribe the address of a link, or change what it wants; None for a wrong or old link. Twice is once."""
    asked = read_confirmation(token=token)
    if asked is None:
        return None
    components = [name for name in asked["c"] if name in Component.values]
    with transaction.atomic():
        held = _held(asked["e"])
        if held is None:
            row = Subscriber(email=asked["e"], components=components)
            Subscriber.objects.bulk_create([row], ignore_conflicts=True)
            return _held(asked["e"])
        held.components = components
        held.save(update_fields=["components"])
        return held


def leave(*, token: str) -> bool:
    """End the subscription of a link, for good: its row goes. False for a wrong link; twice is once."""
    try:
        email = signing.loads(token, salt=LEAVE)
    except signing.BadSignature:
        return False
    held = _held(str(email))
    if held is not None:
        held.delete()
    return True


def leaving_token(email: str) -> str:
    """What the link that ends a subscription holds."""
    return signing.dumps(email.lower(), salt=LEAVE)


def components_in_words(components: Sequence[str]) -> str:
    """The names of the components; none: everything."""
    return ", ".join(str(Component(name).label) for name in components) or _("every element")


def _held(email: str) -> Subscriber | None:
    return Subscriber.objects.annotate(address=Lower("email")).filter(address=email.lower()).first()
