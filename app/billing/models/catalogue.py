"""What the publisher sells: plans and options, their prices through time, and the rules that hold for everybody."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.entitlements.constants import UNBUILT, Dimension, Feature

from ..constants import OfferKind, SupportLevel


def every_premium_feature() -> list[str]:
    """The features that an unpaid workshop loses first, until the publisher chooses others."""
    return [Feature.SMART_STOCK, Feature.REPORTING, Feature.API, Feature.WHEELS]


class Offer(models.Model):
    """A plan or an option, the same for every workshop. `price_excl_tax` is today's; None means on quotation.

    `limits` maps a Dimension to a number; a dimension that is absent or None is unlimited in a plan, and adds
    nothing in an option. Only the platform's role may write.
    """

    app_rights: ClassVar[str] = "SELECT"

    kind = models.CharField(_("kind"), max_length=10, choices=OfferKind, default=OfferKind.PLAN)
    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    price_excl_tax = models.DecimalField(
        _("price per month, excluding tax"), max_digits=8, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    description = models.CharField(_("description"), max_length=200, blank=True)
    features = ArrayField(models.CharField(max_length=40, choices=Feature), default=list, blank=True)
    limits = models.JSONField(_("limits"), default=dict, blank=True)
    guaranteed_uptime = models.DecimalField(
        _("guaranteed uptime (%)"), max_digits=5, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("99.999"))],
    )  # fmt: skip
    support_level = models.CharField(_("support"), max_length=20, choices=SupportLevel, default=SupportLevel.EMAIL)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("can be subscribed"), default=True)
    is_public = models.BooleanField(_("shown on the site"), default=True)
    version = models.PositiveIntegerField(default=1)
    stripe_product_id = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name = _("offer")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(price_excl_tax__gte=0), name="no_offer_below_zero"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_plan(self) -> bool:
        return self.kind == OfferKind.PLAN

    @property
    def shown_features(self) -> list[str]:
        """What the offer holds and the product does: what may be promised."""
        return [feature for feature in self.features if feature not in UNBUILT]

    @property
    def feature_labels(self) -> list[str]:
        """`shown_features` in words."""
        return [str(Feature(feature).label) for feature in self.shown_features]

    @property
    def limit_labels(self) -> list[tuple[str, int]]:
        """The limited dimensions, in words, with their number."""
        return [(str(dimension.label), self.limits[dimension]) for dimension in Dimension if self.limits.get(dimension)]


class PriceVersion(models.Model):
    """A price of an offer from a moment on. A price never changes: a new one takes its place.

    Amounts are EUR per month, excluding tax. Stripe's identifier is the only thing written afterwards.
    """

    app_rights: ClassVar[str] = "SELECT"

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="prices")
    amount = models.DecimalField(
        _("price per month, excluding tax"), max_digits=8, decimal_places=2, validators=[MinValueValidator(0)]
    )
    starts_at = models.DateTimeField(_("from"))
    stripe_price_id = models.CharField(max_length=255, blank=True)

    class Meta:
        verbose_name = _("price")
        ordering = ["-starts_at", "-pk"]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="no_price_below_zero")]

    def __str__(self) -> str:
        return f"{self.offer} {self.amount} €"


class OveragePrice(models.Model):
    """What one unit beyond a quota costs, published before it is ever charged (EUR, excluding tax)."""

    app_rights: ClassVar[str] = "SELECT"

    dimension = models.CharField(max_length=30, choices=Dimension, unique=True)
    unit_price = models.DecimalField(max_digits=8, decimal_places=4, validators=[MinValueValidator(0)])
    per_units = models.PositiveBigIntegerField(_("for how many units"), default=1, validators=[MinValueValidator(1)])
    is_active = models.BooleanField(_("published"), default=False)

    def __str__(self) -> str:
        return f"{self.dimension}: {self.unit_price} €"


class SaasSettings(models.Model):
    """The one row of the publisher's own settings."""

    app_rights: ClassVar[str] = "SELECT"

    trial_days = models.PositiveSmallIntegerField(
        _("days of trial"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    storage_gb = models.PositiveIntegerField(_("photo and file storage of a workshop (GB)"), default=20)
    vat_rate = models.DecimalField(
        _("VAT rate (%)"), max_digits=4, decimal_places=2, default=20,
        validators=[MinValueValidator(0), MaxValueValidator(99)],
    )  # fmt: skip
    prorate = models.BooleanField(_("prorate changes of plan"), default=True)
    premium_features = ArrayField(
        models.CharField(max_length=40, choices=Feature), verbose_name=_("premium functions"),
        default=every_premium_feature, blank=True,
    )  # fmt: skip
    days_before_limit = models.PositiveSmallIntegerField(
        _("days unpaid before premium functions are suspended"), default=7, validators=[MaxValueValidator(90)]
    )
    days_before_suspension = models.PositiveSmallIntegerField(
        _("days unpaid before access is suspended"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    stripe_tax_rate_id = models.CharField(max_length=255, blank=True)
    stripe_portal_id = models.CharField(max_length=255, blank=True)
    support_first_answer_hours = models.PositiveSmallIntegerField(_("hours to a first answer"), default=2)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("publisher's settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_saas_settings"),
            models.CheckConstraint(
                condition=models.Q(days_before_limit__lte=models.F("days_before_suspension")),
                name="premium_is_suspended_first",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class FeatureFlag(models.Model):
    """A function opened to some only, while it is tried; see app/billing/flags.py. Off, it is off for everybody."""

    app_rights: ClassVar[str] = "SELECT"

    key = models.SlugField(_("key"), max_length=60, unique=True)
    description = models.CharField(_("what it opens"), max_length=200)
    is_on = models.BooleanField(_("switched on"), default=False)
    percent = models.PositiveSmallIntegerField(
        _("share of the people (%)"), default=0, validators=[MaxValueValidator(100)]
    )
    plans = ArrayField(models.CharField(max_length=40), verbose_name=_("plans"), default=list, blank=True)
    workshops = ArrayField(models.BigIntegerField(), verbose_name=_("workshops"), default=list, blank=True)
    variants = ArrayField(models.CharField(max_length=20), verbose_name=_("variants"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("feature flag")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key
