"""The publisher's plans and settings, and the trial of each workshop."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.entitlements.constants import Feature
from app.tenancy.base import TenantModel


class Plan(models.Model):
    """A plan of the publisher, the same for every workshop; no price means on quotation."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    price_excl_tax = models.DecimalField(
        _("price per month, excluding tax"), max_digits=8, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    description = models.CharField(_("description"), max_length=200, blank=True)
    features = ArrayField(models.CharField(max_length=40, choices=Feature), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_public = models.BooleanField(_("shown on the site"), default=True)

    class Meta:
        verbose_name = _("plan")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def feature_labels(self) -> list[str]:
        """What the plan holds, in words."""
        return [str(Feature(feature).label) for feature in self.features]


class SaasSettings(models.Model):
    """The one row of the publisher's own settings."""

    trial_days = models.PositiveSmallIntegerField(
        _("days of trial"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    vat_rate = models.DecimalField(_("VAT rate (%)"), max_digits=4, decimal_places=2, default=20)

    class Meta:
        verbose_name = _("publisher's settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_saas_settings")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Trial(TenantModel):
    """The free trial of a workshop: every feature, without a card, until `ends_at`."""

    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    wanted_plan = models.ForeignKey(Plan, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_trial_per_workshop")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} – {self.ends_at:%Y-%m-%d}"

    def days_left(self, now: datetime | None = None) -> int:
        """Days left, the one in progress included; 0 once it is over."""
        left = self.ends_at - (now or timezone.now())
        return max(0, -(-left // timedelta(days=1)))
