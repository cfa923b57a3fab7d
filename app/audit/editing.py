"""Two people with the same page open: the second one to save is told, and replaces nothing without knowing it.

A page carries the `seen` of what it shows; the service that saves compares it, once the row is held.
"""

from django.db import models
from django.utils.translation import gettext as _

from app.kernel.errors import RuleError

from .models import AuditEntry


class ChangedMeanwhileError(RuleError):
    """Somebody saved since the page was opened; `seen` is what the page shows when it is asked again."""

    def __init__(self, message: str, seen: str) -> None:
        super().__init__(message)
        self.seen = seen


def seen_of(subject: models.Model, action: str) -> str:
    """Which saving of a row, told by `action` in the trail, a page shows; empty for a new row, or never saved again."""
    latest = _latest(subject, action) if subject.pk else None
    return str(latest.pk) if latest else ""


def require_seen(subject: models.Model, action: str, seen: str | None) -> None:
    """ChangedMeanwhileError, which names who saved, unless `seen` is still the latest; None asks for nothing."""
    latest = _latest(subject, action)
    if seen is None or latest is None or seen == str(latest.pk):
        return
    raise ChangedMeanwhileError(
        _("%(who)s saved a change while you were typing. Nothing of yours is saved yet: save again to replace it.")
        % {"who": latest.actor},
        str(latest.pk),
    )


def _latest(subject: models.Model, action: str) -> AuditEntry | None:
    entries = AuditEntry.objects.filter(
        subject_kind=subject._meta.model_name or "", subject_pk=subject.pk, action=action
    )
    return entries.order_by("-at", "-pk").first()
