"""What the product proposes to weigh: day by day, and in partial inventories; and how the workshop wants it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.tenancy.models import TenantModel

from .flow import Item


class StockSettings(TenantModel):
    """How a workshop weighs and buys; one row at most."""

    blind = models.BooleanField(
        _("Blind count"), default=True,
        help_text=_("The expected weight is shown after the weighing, not before: nobody is led to find it."),
    )  # fmt: skip
    daily_size = models.PositiveSmallIntegerField(
        _("powders to weigh each day"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    alert_days = models.PositiveSmallIntegerField(
        _("warn when less than so many days are left"), default=7, validators=[MaxValueValidator(120)],
        help_text=_("For powders without a threshold of their own. 0: never."),
    )  # fmt: skip
    lead_days = models.PositiveSmallIntegerField(
        _("days from order to delivery"), default=5, validators=[MaxValueValidator(120)]
    )
    cover_days = models.PositiveSmallIntegerField(
        _("days of work that an order should cover"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )  # fmt: skip

    class Meta(TenantModel.Meta):
        verbose_name = _("stock settings")
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_stock_settings")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Why(models.TextChoices):
    """Why an item is on a list."""

    USED = "used", _("Much used lately")
    DUE = "due", _("Not seen for long")
    DRAWN = "drawn", _("Drawn at random")
    RISK = "risk", _("At risk: low reliability or low stock")


class DailyPick(TenantModel):
    """An item on the list of a day; it is kept, so that the list of a day stays the same until its evening."""

    day = models.DateField()
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=8, choices=Why)
    position = models.PositiveSmallIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "day", "item"], name="one_daily_pick_per_item")]
        indexes = [models.Index(fields=["workshop", "item", "-day"], name="daily_picks_of_an_item")]

    def __str__(self) -> str:
        return f"{self.day}"


class InventoryPlan(TenantModel):
    """A partial inventory: items to weigh, spread over the working days of a period."""

    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("partial inventory")
        indexes = [models.Index(fields=["workshop", "-starts_on", "-id"], name="inventories_newest_first")]

    def __str__(self) -> str:
        return self.name


class InventoryLine(TenantModel):
    """An item of a partial inventory and the day it is planned for."""

    plan = models.ForeignKey(InventoryPlan, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    why = models.CharField(max_length=8, choices=Why)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "plan", "item"], name="one_inventory_line_per_item")]
        indexes = [models.Index(fields=["workshop", "plan", "day"], name="inventory_lines_by_day")]

    def __str__(self) -> str:
        return f"{self.day}"
