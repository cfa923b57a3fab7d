"""Planning maintenance by the rules of the guarantee. Refusals are ValidationError."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..constants import ANNOUNCED_BEFORE, Phase
from ..models import Maintenance, Notice
from ..snapshot import refresh_on_commit
from ..windows import in_time, in_window


def plan_maintenance(
    *, by: str, title: str, text: str, components: Sequence[str], starts_at: datetime, ends_at: datetime
) -> Maintenance:
    """Announce maintenance now, on the page and by mail.

    ValidationError when it is not announced 48 hours ahead, or not wholly inside a window of the settings.
    """
    now = timezone.now()
    if ends_at <= starts_at:
        raise ValidationError({"ends_at": _("The end comes after the beginning.")})
    if not in_time(starts_at, announced_at=now, before=ANNOUNCED_BEFORE):
        raise ValidationError({"starts_at": _("Maintenance is announced at least 48 hours before it begins.")})
    windows, zone = settings.STATUS_MAINTENANCE_WINDOWS, settings.STATUS_MAINTENANCE_ZONE
    if not in_window(starts_at, ends_at, windows=windows, zone=zone):
        raise ValidationError({"starts_at": _("Maintenance is planned inside a window only: %s.") % windows_in_words()})
    with transaction.atomic():
        planned = Maintenance.objects.create(
            title=title, text=text, components=sorted(components), starts_at=starts_at, ends_at=ends_at,
            announced_at=now, announced_by=by[:160],
        )  # fmt: skip
        Notice.objects.create(phase=Phase.ANNOUNCED, maintenance=planned)
        refresh_on_commit()
    return planned


def cancel_maintenance(*, by: str, maintenance_pk: int) -> None:
    """Cancel and tell it. ValidationError once it has begun: what was announced then stands."""
    now = timezone.now()
    held = Maintenance.objects.filter(pk=maintenance_pk, cancelled_at=None, starts_at__gt=now)
    with transaction.atomic():
        if not held.update(cancelled_at=now, cancelled_by=by[:160]):
            raise ValidationError(_("This maintenance has begun, or was cancelled."))
        Notice.objects.create(phase=Phase.CANCELLED, maintenance_id=maintenance_pk)
        refresh_on_commit()


def windows_in_words() -> str:
    """The windows, for a person: "Sunday 02:00–06:00"."""
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    return ", ".join(
        f"{names[window['weekday']]} {window['from']:02}:00–{window['to']:02}:00"
        for window in settings.STATUS_MAINTENANCE_WINDOWS
    )
