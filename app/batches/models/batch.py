"""Batches: parts that are powdered and cured together, because all that matters is the same.

Triggers of the first migration hold the rule whatever writes: a part that differs does not enter, and what was
compared does not change while the batch is open or launched.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.powders.models import Powder
from app.projects.models import Part
from app.tenancy.base import TenantModel
from app.tenancy.models import Site

from ..constants import HOLDING, BatchState, Posting


class BatchSettings(TenantModel):
    """What a workshop decides about its batches; the defaults hold without a row."""

    tolerance_minutes = models.PositiveSmallIntegerField(
        _("difference of curing time that is accepted, in minutes"),
        default=0,
        validators=[MaxValueValidator(60)],
        help_text=_("0: the curing times must be equal. The temperature always must."),
    )
    same_lot = models.BooleanField(
        _("one lot of powder for each batch"),
        default=False,
        help_text=_("The lot is asked for at launch, and a part that is laid again takes the lot it had."),
    )
    posting = models.CharField(_("the powder leaves the stock"), max_length=8, choices=Posting, default=Posting.CLOSING)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_batch_settings")]

    def __str__(self) -> str:
        return self.get_posting_display()


class Batch(TenantModel):
    """Parts to powder together: one powder, as many coats, the same options, a curing that suits them all.

    `tolerance_minutes` and `same_lot` are the workshop's when the batch was opened.
    """

    number = models.CharField(_("number"), max_length=40)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+", verbose_name=_("site"))
    powder = models.ForeignKey(Powder, on_delete=models.PROTECT, related_name="+", verbose_name=_("powder"))
    coats = models.PositiveSmallIntegerField(_("coats"), default=1)
    primer = models.BooleanField(_("primer"), default=False)
    varnish = models.BooleanField(_("varnish"), default=False)
    celsius = models.PositiveSmallIntegerField(_("curing temperature"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("curing time"), null=True, blank=True)
    tolerance_minutes = models.PositiveSmallIntegerField(default=0)
    same_lot = models.BooleanField(default=False)
    lot = models.CharField(_("lot of powder"), max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.OPEN)
    note = models.CharField(_("note"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_name = models.CharField(max_length=160, blank=True)
    launched_at = models.DateTimeField(null=True, blank=True)
    launched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    launched_by_name = models.CharField(max_length=160, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=160, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("batch")
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="batch_number_used_once")]
        indexes = [
            models.Index(fields=["workshop", "-created_at", "-id"], name="batches_newest_first"),
            models.Index(fields=["workshop", "state", "powder"], name="batches_by_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.state == BatchState.OPEN

    @property
    def is_launched(self) -> bool:
        return self.state == BatchState.LAUNCHED

    @property
    def is_holding(self) -> bool:
        """Whether its parts can be in no other batch."""
        return self.state in HOLDING


class BatchItem(TenantModel):
    """A part in a batch. `is_held`, `minutes` and `lot` are written by the database.

    `pass_number` counts how often powder is laid on the part: 2 after a non-conformity that sent it back.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items")
    part = models.ForeignKey(Part, on_delete=models.PROTECT, related_name="+")
    pass_number = models.PositiveSmallIntegerField(default=1)
    is_held = models.BooleanField(default=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    lot = models.CharField(max_length=60, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "part"], condition=models.Q(is_held=True), name="part_in_one_batch"
            ),
            models.UniqueConstraint(fields=["workshop", "batch", "part"], name="part_once_in_a_batch"),
        ]
        indexes = [models.Index(fields=["workshop", "part", "pass_number"], name="batches_of_a_part")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.part_id}"


class PowderShare(TenantModel):
    """The powder that one part took in one pass, posted to the theoretical stock under `key`; for costing.

    Once for a part and a pass, by the batch or by the project alone: a share that was taken back does not count.
    """

    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+")
    pass_number = models.PositiveSmallIntegerField(default=1)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="shares")
    powder = models.ForeignKey(Powder, on_delete=models.PROTECT, related_name="+")
    surface_m2 = models.DecimalField(max_digits=12, decimal_places=4)
    kg = models.DecimalField(max_digits=12, decimal_places=3)
    key = models.CharField(max_length=80)
    posted_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "part", "pass_number"],
                condition=models.Q(reversed_at=None),
                name="powder_of_a_part_posted_once",
            )
        ]
        indexes = [models.Index(fields=["workshop", "key"], name="shares_of_a_key")]

    def __str__(self) -> str:
        return f"{self.kg} kg"
