"""Imports of customers: limits, states, what to do with duplicates, what each line becomes."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

MEGABYTE = 1024 * 1024
IMPORT_MAX_BYTES = 20 * MEGABYTE
IMPORT_MAX_ROWS = 100_000
CHUNK = 500
PREVIEW_ROWS = 10
SHOWN_REFUSALS = 50
SWEPT_MOST = 500
#: No sign of life for this long: the task was lost or its worker killed, and it is sent again.
LOST_AFTER = timedelta(minutes=2)
#: Files and refused lines hold personal data: they go after this long.
KEPT_FOR = timedelta(days=30)

WORK_TASK = "dataio.work_on_import"
INVITE_TASK = "dataio.invite_imported"
EXPORT_TASK = "dataio.make_customer_export"
DIRECT_EXPORT_ROWS = 5_000


class ImportState(models.TextChoices):
    MAPPING = "mapping", _("To prepare")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("To confirm")
    RUNNING = "running", _("In progress")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Stopped")


#: A worker has something to do in these states.
WORKING = (ImportState.CHECKING, ImportState.RUNNING)


class Decision(models.TextChoices):
    SKIP = "skip", _("Leave the existing record as it is")
    UPDATE = "update", _("Complete and update the existing record")
    CREATE = "create", _("Create another record (identical lines are left out)")


class Outcome(models.TextChoices):
    CREATED = "created", _("New customer")
    UPDATED = "updated", _("Record updated")
    DUPLICATE = "duplicate", _("Duplicate")
    REFUSED = "refused", _("Refused line")


class ExportState(models.TextChoices):
    WAITING = "waiting", _("In progress")
    DONE = "done", _("Ready")
