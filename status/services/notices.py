"""Mails of the status page: each notice is told once to each person, whoever takes it and however often."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

import structlog
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from ..constants import Phase, Severity
from ..models import Maintenance, Notice, Subscriber
from .subscriptions import components_in_words, leaving_token

log = structlog.get_logger(__name__)
#: Notices taken in one turn; the next ones wait twenty seconds.
MOST = 100


def tell_notices() -> int:
    """Queue the mails of every notice that waits; how many notices. One that fails does not hold the others back."""
    _note_phases(timezone.now())
    waiting = list(Notice.objects.filter(told_at=None).order_by("pk").values_list("pk", flat=True)[:MOST])
    for notice_pk in waiting:
        try:
            tell(notice_pk=notice_pk)
        except Exception:
            log.exception("notice_not_told", notice=notice_pk)
    return len(waiting)


def _note_phases(now: datetime) -> None:
    """Write the notices of the maintenances that have begun or ended."""
    begun = Maintenance.objects.filter(cancelled_at=None, starts_at__lte=now)
    found = [(row, Phase.STARTED) for row in begun.exclude(notice__phase=Phase.STARTED)]
    found += [(row, Phase.ENDED) for row in begun.filter(ends_at__lte=now).exclude(notice__phase=Phase.ENDED)]
    notices = [Notice(maintenance=row, phase=phase) for row, phase in found]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def tell(*, notice_pk: int) -> None:
    """Queue the mails of one notice. Two workers at once queue each mail once: the outbox refuses the second."""
    with transaction.atomic():
        notice = Notice.objects.select_related("draft", "update__incident", "maintenance").get(pk=notice_pk)
        if notice.told_at is not None:
            return
        with translation.override("fr"):
            if notice.draft is not None:
                _tell_publisher(notice)
            elif notice.update is not None:
                _tell_incident(notice)
            elif notice.maintenance is not None:
                _tell_maintenance(notice)
        Notice.objects.filter(pk=notice_pk).update(told_at=timezone.now())


def _tell_publisher(notice: Notice) -> None:
    draft = notice.draft
    assert draft is not None  # the caller looked
    context = {
        "element": str(draft.get_component_display()),
        "date": _written(draft.detected_at),
        "cause": draft.fault or "—",
        "lien": f"{settings.BASE_URL}{reverse('backoffice:incident_list')}",
    }
    for address in get_user_model().objects.filter(is_superuser=True, is_active=True).values_list("email", flat=True):
        _queue("status_failure", address, context, notice)


def _tell_incident(notice: Notice) -> None:
    update = notice.update
    assert update is not None  # the caller looked
    incident = update.incident
    context = {
        "titre": incident.title,
        "gravite": str(update.get_severity_display()),
        "etat": str(update.get_step_display()),
        "elements": components_in_words(incident.components),
        "texte": update.text,
        "lien": f"{page_address()}incidents/{incident.pk}/",
    }
    if not incident.workshops:
        _tell_subscribers("status_incident", context, notice, incident.components)
    if update.severity == Severity.CRITICAL or incident.workshops:
        for address in import_string(settings.STATUS_RESPONSIBLES)(incident.workshops):
            _queue("status_critical", address, context, notice)


def _tell_maintenance(notice: Notice) -> None:
    planned = notice.maintenance
    assert planned is not None  # the caller looked
    sentences = {
        Phase.ANNOUNCED: _("Maintenance is planned."),
        Phase.STARTED: _("The announced maintenance begins."),
        Phase.ENDED: _("The announced maintenance is over."),
        Phase.CANCELLED: _("The announced maintenance is cancelled."),
    }
    context = {
        "annonce": sentences[Phase(notice.phase)],
        "titre": planned.title,
        "elements": components_in_words(planned.components),
        "debut": _written(planned.starts_at),
        "fin": _written(planned.ends_at),
        "texte": planned.text,
        "lien": f"{page_address()}#maintenance-{planned.pk}",
    }
    told = _tell_subscribers("status_maintenance", context, notice, planned.components)
    if notice.phase in (Phase.ANNOUNCED, Phase.CANCELLED):
        for address in import_string(settings.STATUS_RESPONSIBLES)([]):
            if address.lower() not in told:
                _queue("status_planned", address, context, notice)


def _tell_subscribers(kind: str, context: dict[str, str], notice: Notice, components: Iterable[str]) -> set[str]:
    """Queue a mail to each subscriber whom these components interest; the addresses, in lower case."""
    named, told = set(components), set()
    for subscriber in Subscriber.objects.order_by("pk"):
        if not named or not subscriber.components or named & set(subscriber.components):
            leaving = f"{page_address()}abonnement/arreter/{leaving_token(subscriber.email)}/"
            _queue(kind, subscriber.email, {**context, "arreter": leaving}, notice)
            told.add(subscriber.email.lower())
    return told


def _queue(kind: str, to: str, context: dict[str, str], notice: Notice) -> None:
    address = hashlib.sha256(to.lower().encode()).hexdigest()[:32]  # an address may be longer than a key
    key = f"status:{notice.pk}:{address}"
    import_string(settings.PLATFORM_EMAIL)(kind=kind, to=to, context=context, dedupe_key=key)


def page_address() -> str:
    """The public address of the page, with its last slash."""
    if settings.STATUS_HOST:
        return f"https://{settings.STATUS_HOST}/"
    return f"{settings.BASE_URL}{reverse('status_page:status')}"


def _written(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment, timezone.get_default_timezone()), "j F Y, H:i")
