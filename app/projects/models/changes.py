"""The changes of the work that waits."""

from uuid import uuid4

from django.db import models

from app.tenancy.base import TenantModel

from ..constants import Changed, Subject


class WorkChange(TenantModel):
    """Something has changed of the work that waits: what was worked out before is worked out again.

    Written by triggers (migrations 0018, 0023 and 0024 here, 0006 and 0008 of batches), whatever changes the work. Rows
    are only added, so that nobody who changes the work waits for somebody else who does; which ones a transaction sees
    says which state of the work it sees (`app.projects.remembering`).
    """

    app_rights = "SELECT, INSERT"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    what = models.CharField(max_length=4, choices=Changed, default=Changed.WORK)
    #: A key and no reference: what has gone since has changed too.
    about = models.CharField(max_length=7, choices=Subject)
    subject_pk = models.BigIntegerField()
    #: What tells the change from all others, whatever note says it (`fold_changes`).
    mark = models.BigIntegerField()
    #: Whether its powder may be named by no part any more, or be called otherwise.
    of_names = models.BooleanField(db_default=False)

    def __str__(self) -> str:
        return str(self.id)
