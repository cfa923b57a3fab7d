"""Reads of imports and exports; every queryset wants a workshop's scope."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from app.tenancy.scope import platform_scope

from .constants import SHOWN_REFUSALS, SWEPT_MOST, ExportState, Outcome
from .models import UNFINISHED, CustomerExport, CustomerImport, ImportLine


def list_imports() -> "QuerySet[CustomerImport]":
    """Imports, the newest first."""
    return CustomerImport.objects.order_by("-created_at", "-pk")


def get_import(import_pk: int) -> CustomerImport:
    """One import; CustomerImport.DoesNotExist when it is not in this workshop."""
    return CustomerImport.objects.get(pk=import_pk)


def get_export(export_pk: int) -> CustomerExport:
    """One export; CustomerExport.DoesNotExist when it is not in this workshop."""
    return CustomerExport.objects.get(pk=export_pk)


def lines_of(held: CustomerImport, customer_pks: Sequence[int]) -> dict[int, int]:
    """The first line of this file that made or changed each of these customers."""
    wrote = (Outcome.CREATED, Outcome.UPDATED)
    lines = ImportLine.objects.filter(source=held, customer_id__in=customer_pks, outcome__in=wrote)
    return dict(lines.order_by("-line").values_list("customer_id", "line"))


def has_written(held: CustomerImport) -> bool:
    """Whether a line of this file has made or changed a customer."""
    wrote = (Outcome.CREATED, Outcome.UPDATED)
    return ImportLine.objects.filter(source=held, outcome__in=wrote).exists()


def first_lines(held: CustomerImport, outcome: str) -> list[ImportLine]:
    """The first lines of the file with this outcome, in order."""
    lines = ImportLine.objects.filter(source=held, outcome=outcome).select_related("customer")
    return list(lines.order_by("line")[:SHOWN_REFUSALS])


def reasons(held: CustomerImport, outcome: str) -> list[dict[str, Any]]:
    """Every line with this outcome and why, in order."""
    lines = ImportLine.objects.filter(source=held, outcome=outcome).order_by("line")
    return [{"line": line, "reason": reason} for line, reason in lines.values_list("line", "reason")]


def refused_lines(held: CustomerImport) -> "QuerySet[ImportLine]":
    """Every refused line, in order."""
    return ImportLine.objects.filter(source=held, outcome=Outcome.REFUSED).order_by("line")


def lines_to_invite(held: CustomerImport) -> "QuerySet[ImportLine]":
    """Lines whose customer has an address and has never been invited to their space."""
    wrote = (Outcome.CREATED, Outcome.UPDATED)
    lines = ImportLine.objects.filter(source=held, outcome__in=wrote, customer__portal_invited_at=None)
    return lines.exclude(customer=None).exclude(customer__email="").filter(customer__erased_at=None).order_by("line")


def list_stalled_imports(older_than: timedelta) -> list[CustomerImport]:
    """Imports of every workshop that a worker should be working on and that have not moved for some time."""
    with platform_scope():
        stalled = CustomerImport.objects.filter(UNFINISHED, moved_at__lt=timezone.now() - older_than)
        return list(stalled.order_by("pk")[:SWEPT_MOST])


def list_stalled_exports(older_than: timedelta) -> list[CustomerExport]:
    """Exports of every workshop that wait for a worker since some time."""
    with platform_scope():
        stalled = CustomerExport.objects.filter(state=ExportState.WAITING, moved_at__lt=timezone.now() - older_than)
        return list(stalled.order_by("pk")[:SWEPT_MOST])


def list_old_imports(older_than: timedelta) -> "QuerySet[CustomerImport]":
    """Imports whose file or lines still hold personal data after some time."""
    return (
        CustomerImport.objects.filter(created_at__lt=timezone.now() - older_than)
        .exclude(file_id=None, lines__isnull=True)
        .distinct()
    )


def list_old_exports(older_than: timedelta) -> "QuerySet[CustomerExport]":
    """Exports whose file is still there after some time."""
    return CustomerExport.objects.filter(created_at__lt=timezone.now() - older_than, file_id__isnull=False)
