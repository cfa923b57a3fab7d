"""Items, their cartons, and the movements whose sum is the level (docs/algorithms/stock.md)."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.powders.models import Powder, PowderFormat
from app.tenancy.models import Site, TenantModel

from ..constants import HEAVIEST_KG, SCALE_TOLERANCE_KG, ZERO, Source

POSITIVE = MinValueValidator(Decimal("0.001"))
NOT_NEGATIVE = MinValueValidator(Decimal(0))
WEIGHABLE = MaxValueValidator(HEAVIEST_KG)


class Item(TenantModel):
    """What is stocked: a powder, in kg, or another consumable, in its own unit. Its row is the lock of its stock."""

    powder = models.ForeignKey(Powder, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=120, blank=True)
    unit = models.CharField(_("unit"), max_length=20, default="kg")
    alert_below = models.DecimalField(
        _("alert below"), max_digits=10, decimal_places=3, null=True, blank=True, validators=[NOT_NEGATIVE]
    )
    alert_days = models.PositiveSmallIntegerField(
        _("alert when less than so many days are left"), null=True, blank=True, validators=[MaxValueValidator(365)]
    )
    low_since = models.DateTimeField(null=True)
    drifting_since = models.DateTimeField(null=True)
    last_weighed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("stock item")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "powder"], name="one_stock_item_per_powder"),
            models.CheckConstraint(
                condition=models.Q(powder__isnull=False, name="") | models.Q(powder=None) & ~models.Q(name=""),
                name="stock_item_is_powder_or_named",
            ),
        ]
        indexes = [models.Index(fields=["workshop", "name", "id"], name="stock_items_by_name")]

    def __str__(self) -> str:
        return str(self.powder) if self.powder else self.name

    @property
    def is_powder(self) -> bool:
        return self.powder_id is not None


class Level(TenantModel):
    """The sum of the movements of an item in a site, kept beside them: read in one row, whatever their number."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="levels")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=14, decimal_places=3, default=ZERO)
    #: The part of it that is in no carton; below zero, consumption that no weighing has put on a carton yet.
    loose = models.DecimalField(max_digits=14, decimal_places=3, default=ZERO)

    class Meta(TenantModel.Meta):
        verbose_name = _("stock level")
        constraints = [models.UniqueConstraint(fields=["workshop", "item", "site"], name="one_stock_level_per_site")]

    def __str__(self) -> str:
        return f"{self.quantity}"


class Carton(TenantModel):
    """A carton of powder with its label: what it weighs full and empty, where it stands."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="cartons")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=14)
    lot = models.CharField(_("lot"), max_length=60, blank=True)
    format = models.ForeignKey(PowderFormat, on_delete=models.SET_NULL, null=True, related_name="+")
    full_kg = models.DecimalField(
        _("powder when full"), max_digits=7, decimal_places=3, validators=[POSITIVE, WEIGHABLE]
    )
    tare_kg = models.DecimalField(
        _("empty carton"), max_digits=6, decimal_places=3, validators=[NOT_NEGATIVE, WEIGHABLE]
    )
    #: When it was last corrected: an older correction that comes later does not take its place.
    tare_corrected_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    #: When it was first found below full.
    opened_at = models.DateTimeField(null=True)
    #: When it was last weighed, if nothing was left then.
    emptied_at = models.DateTimeField(null=True)
    #: The sum of its own movements; the consumption that no weighing has put on it yet is not in it.
    book_kg = models.DecimalField(max_digits=14, decimal_places=3, default=ZERO)
    last_net_kg = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    last_weighed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("carton")
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="one_carton_per_number")]
        indexes = [models.Index(fields=["workshop", "item", "received_at", "id"], name="cartons_of_an_item")]

    def __str__(self) -> str:
        return self.number

    @property
    def full_gross_kg(self) -> Decimal:
        """What the scale says of it when full."""
        return self.full_kg + self.tare_kg

    @property
    def is_empty(self) -> bool:
        return self.emptied_at is not None


class Posting(TenantModel):
    """What was posted under a key, so that it is posted once: a consumption, a receipt, a correction.

    `reverses` when it undoes another.
    """

    app_rights: ClassVar[str] = "SELECT, INSERT"

    key = models.CharField(max_length=120)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "key"], name="one_stock_posting_per_key")]

    def __str__(self) -> str:
        return self.key


class Weighing(TenantModel):
    """What a scale said of a carton, or a count of what is in none. Rows are only ever added."""

    app_rights: ClassVar[str] = "SELECT, INSERT"

    #: Made where it was weighed: sent twice, it is written once.
    key = models.UUIDField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="weighings")
    carton = models.ForeignKey(Carton, on_delete=models.PROTECT, null=True, related_name="weighings")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    gross = models.DecimalField(_("gross weight"), max_digits=10, decimal_places=3)
    tare = models.DecimalField(_("tare"), max_digits=10, decimal_places=3)
    net = models.DecimalField(_("net weight"), max_digits=10, decimal_places=3)
    previous_net = models.DecimalField(max_digits=10, decimal_places=3, null=True)
    #: What the movements known then said; the gap as known today is the sum of its own movements.
    theory = models.DecimalField(max_digits=14, decimal_places=3)
    confirmed = ArrayField(models.CharField(max_length=20), default=list)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=160)

    class Meta(TenantModel.Meta):
        verbose_name = _("weighing")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "key"], name="one_weighing_per_key"),
            models.CheckConstraint(condition=models.Q(net__gte=0), name="weighing_is_not_negative"),
        ]
        indexes = [
            models.Index(fields=["workshop", "item", "-at", "-id"], name="weighings_of_an_item"),
            models.Index(fields=["workshop", "carton", "-at"], name="weighings_of_a_carton"),
            models.Index(fields=["workshop", "-at", "-id"], name="weighings_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.net} ({self.at:%Y-%m-%d %H:%M})"

    @property
    def gap(self) -> Decimal:
        """What was found more (or, below zero, less) than the movements known then said."""
        return self.net - self.theory

    @property
    def is_late(self) -> bool:
        """Whether it came long after it was made, from a device without network."""
        return (self.recorded_at - self.at).total_seconds() > 120

    @property
    def is_near_theory(self) -> bool:
        return abs(self.gap) <= SCALE_TOLERANCE_KG


class Transfer(TenantModel):
    """A carton, or a quantity, that went from a site to another. Rows are only ever added."""

    app_rights: ClassVar[str] = "SELECT, INSERT"

    key = models.UUIDField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="transfers")
    carton = models.ForeignKey(Carton, on_delete=models.PROTECT, null=True, related_name="+")
    from_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    to_site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    #: Of what is in no carton; 0 for a carton, which goes with all that it holds.
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    at = models.DateTimeField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=160)

    class Meta(TenantModel.Meta):
        verbose_name = _("transfer")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "key"], name="one_transfer_per_key"),
            models.CheckConstraint(
                condition=models.Q(carton=None, quantity__gt=0) | models.Q(carton__isnull=False, quantity=0),
                name="transfer_is_carton_or_quantity",
            ),
        ]
        indexes = [models.Index(fields=["workshop", "item", "at"], name="transfers_of_an_item")]

    def __str__(self) -> str:
        return f"{self.from_site} → {self.to_site}"


class Movement(TenantModel):
    """A change of the stock. The application's role may add rows to this table and read them, nothing else."""

    app_rights: ClassVar[str] = "SELECT, INSERT"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="movements")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    carton = models.ForeignKey(Carton, on_delete=models.PROTECT, null=True, related_name="+")
    quantity = models.DecimalField(max_digits=10, decimal_places=3)
    source = models.CharField(max_length=12, choices=Source)
    source_pk = models.BigIntegerField(null=True)
    source_name = models.CharField(max_length=160, blank=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, null=True, related_name="movements")
    weighing = models.ForeignKey(Weighing, on_delete=models.PROTECT, null=True, related_name="movements")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, null=True, related_name="movements")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(max_length=160)
    reason = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("stock movement")
        indexes = [
            models.Index(fields=["workshop", "item", "-happened_at", "-id"], name="movements_of_an_item"),
            models.Index(fields=["workshop", "source", "happened_at"], name="movements_by_source"),
            models.Index(fields=["workshop", "source", "source_pk"], name="movements_of_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.source}"
