"""Reads of the audit trail."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from app.tenancy.actor import Actor, Origin
from app.tenancy.questions import written_once

from .models import AuditEntry

HISTORY_SIZE = 50


def list_entries(
    *,
    user_pk: int | None = None,
    action: str = "",
    subject_kind: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
) -> "QuerySet[AuditEntry]":
    """Entries of the workshop in scope, the newest first, filtered; both days are included."""
    entries = AuditEntry.objects.select_related("user").order_by("-at", "-pk")
    if user_pk:
        entries = entries.filter(user_id=user_pk)
    if action:
        entries = entries.filter(action=action)
    if subject_kind:
        entries = entries.filter(subject_kind=subject_kind)
    if first_day:
        entries = entries.filter(at__gte=_midnight(first_day))
    if last_day:
        entries = entries.filter(at__lt=_midnight(last_day + timedelta(days=1)))
    return entries


def list_history(subject: models.Model) -> "list[AuditEntry]":
    """The latest entries about one object, the newest first: what was done, when, by whom."""
    return _history(subject._meta.model_name or "", subject.pk)


@written_once
def _history(kind: str, pk: int) -> "QuerySet[AuditEntry]":
    entries = AuditEntry.objects.filter(subject_kind=kind, subject_pk=pk).only("action", "at", "actor")
    return entries.order_by("-at", "-pk")[:HISTORY_SIZE]


def find_author(subject: models.Model, actions: Collection[str]) -> Actor | None:
    """Who did the latest of these acts on an object, for the job that carries it out; None when nobody did."""
    entries = AuditEntry.objects.filter(
        subject_kind=subject._meta.model_name or "", subject_pk=subject.pk, action__in=actions
    )
    done = entries.order_by("-at", "-pk").first()
    return Actor(label=done.actor, origin=Origin.JOB, user_id=done.user_id) if done else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
