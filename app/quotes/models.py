"""Quotes, their lines, and the prices that a workshop starts each of them with."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.crm.models import Customer
from app.kernel.money import cents
from app.powders.models import Powder
from app.tenancy.base import TenantModel

from .constants import COATS, LineKind, QuoteStatus, Shape

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

POSITIVE = [MinValueValidator(0)]
PERCENT = [MinValueValidator(0), MaxValueValidator(100)]
#: Cents, and more where the quantity does not divide the total; six is what electronic invoices allow.
UNIT_PRICE_DECIMALS = range(2, 7)
#: What documents say of a powder.
POWDER_SENT = ("brand", "reference", "type", "finish", "colour_code", "colour_name", "hex")
MARKUP = [MinValueValidator(0), MaxValueValidator(1000)]


def amount(label: "StrOrPromise", default: str = "0") -> "models.DecimalField[Decimal, Decimal]":
    """A column of euros to the cent."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, default=Decimal(default), validators=POSITIVE)


def optional_amount(label: "StrOrPromise") -> "models.DecimalField[Decimal | None, Decimal | None]":
    """A column of euros to the cent that may be empty."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, null=True, blank=True, validators=POSITIVE)


def percentage(
    label: "StrOrPromise", default: str = "0", *, markup: bool = False
) -> "models.DecimalField[Decimal, Decimal]":
    """A column of percents: at most 100, or 1000 for what is added to a cost."""
    limits = MARKUP if markup else PERCENT
    return models.DecimalField(label, max_digits=6, decimal_places=2, default=Decimal(default), validators=limits)


class QuoteSettings(TenantModel):
    """How a workshop prices: the defaults of each new quote, all of them safe to start with."""

    powder_margin_percent = percentage(_("margin on powder"), "30", markup=True)
    labour_margin_percent = percentage(_("margin on labour"), "20", markup=True)
    fixed_margin = amount(_("fixed amount"))
    hourly_rate = amount(_("hourly rate"), "45")
    vat_rate = percentage(_("VAT rate"), "20")
    transfer_loss_percent = models.DecimalField(
        _("powder lost in spraying"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(30),
        validators=[MinValueValidator(0), MaxValueValidator(95)],
    )
    primer_price_per_kg = amount(_("primer, price per kg"), "9")
    primer_g_per_m2 = models.PositiveSmallIntegerField(_("primer, consumption"), default=110)
    varnish_price_per_kg = amount(_("varnish, price per kg"), "11")
    varnish_g_per_m2 = models.PositiveSmallIntegerField(_("varnish, consumption"), default=90)
    validity_days = models.PositiveSmallIntegerField(
        _("validity"), default=30, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    deposit_percent = percentage(_("deposit"), "30")
    payment_terms = models.CharField(_("payment terms"), max_length=250, blank=True)
    lead_time = models.CharField(_("usual lead time"), max_length=120, blank=True)
    conditions = models.TextField(_("terms of sale"), blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_quote_settings")]

    def __str__(self) -> str:
        return str(_("Prices and quotes"))


class Quote(TenantModel):
    """An offer to a customer. A draft has no number; once sent, only its status changes."""

    workshop_only = ("powder_margin_percent", "labour_margin_percent", "fixed_margin", "transfer_loss_percent")

    public_id = models.UUIDField(default=uuid4, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="quotes", verbose_name=_("customer"))
    status = models.CharField(_("status"), max_length=10, choices=QuoteStatus, default=QuoteStatus.DRAFT)
    number = models.CharField(_("number"), max_length=40, null=True, blank=True)  # noqa: DJ001  unique when present
    title = models.CharField(_("subject"), max_length=160)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    powder_margin_percent = percentage(_("margin on powder"), markup=True)
    labour_margin_percent = percentage(_("margin on labour"), markup=True)
    fixed_margin = amount(_("fixed amount"))
    transfer_loss_percent = percentage(_("powder lost in spraying"), "30")
    discount_percent = percentage(_("discount"))
    deposit_percent = percentage(_("deposit"))
    lead_time = models.CharField(_("lead time"), max_length=120, blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=250, blank=True)
    conditions = models.TextField(_("terms of sale"), blank=True)
    note = models.TextField(_("note to the customer"), blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    total_excl_tax = amount(_("total excl. tax"))
    total_tax = amount(_("VAT"))
    total_incl_tax = amount(_("total incl. tax"))
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.EmailField(blank=True)
    sendings = models.PositiveSmallIntegerField(default=1)
    mailed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    #: Whoever signed was a consumer, who may withdraw whatever the workshop calls them afterwards.
    signed_by_consumer = models.BooleanField(default=False)
    #: The consumer asked that the work start before the end of the withdrawal period.
    early_start = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    refusal_reason = models.CharField(_("reason"), max_length=250, blank=True)
    first_opened_at = models.DateTimeField(null=True, blank=True)
    pdf_file_id = models.UUIDField(null=True, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    signed_file_id = models.UUIDField(null=True, blank=True)
    #: Whether a newer version has been sent; the selectors that list quotes say it.
    is_replaced: bool

    class Meta(TenantModel.Meta):
        verbose_name = _("quote")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="quote_number_used_once"),
            models.UniqueConstraint(fields=["workshop", "public_id"], name="quote_public_id"),
            models.CheckConstraint(
                condition=models.Q(status=QuoteStatus.DRAFT, number=None)
                | (~models.Q(status=QuoteStatus.DRAFT) & models.Q(number__isnull=False)),
                name="only_a_draft_has_no_number",
            ),
        ]
        indexes = [
            models.Index(fields=["workshop", "-created_at", "-id"], name="quotes_newest_first"),
            models.Index(fields=["workshop", "status", "-created_at", "-id"], name="quotes_by_status"),
            models.Index(fields=["workshop", "customer", "-created_at"], name="quotes_of_a_customer"),
            models.Index(fields=["sent_at"], condition=models.Q(mailed_at=None), name="quotes_not_mailed"),
            models.Index(fields=["accepted_at"], condition=models.Q(signed_file_id=None), name="quotes_not_certified"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.title}"

    @property
    def is_draft(self) -> bool:
        return self.status == QuoteStatus.DRAFT

    def is_expired(self, today: date | None = None) -> bool:
        """Whether a sent quote has passed its validity: it can no longer be signed, only renewed."""
        last = self.valid_until
        return self.status == QuoteStatus.SENT and last is not None and last < (today or timezone.localdate())


class QuoteLine(TenantModel):
    """A line: a coating priced from its costs, or an item at a price.

    What it takes from the powder is copied, so that a past quote keeps its cost (price, curing, when it is saved) and
    its words (`powder_sent`, when it leaves).
    Dimensions are in millimetres, surfaces in square metres for one part, curing in °C and minutes.
    """

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=4, choices=LineKind, default=LineKind.JOB)
    designation = models.CharField(_("designation"), max_length=250)
    quantity = models.DecimalField(
        _("quantity"),
        max_digits=9,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    shape = models.CharField(_("measured by"), max_length=16, choices=Shape, default=Shape.SURFACE)
    length_mm = models.PositiveIntegerField(_("length"), null=True, blank=True)
    width_mm = models.PositiveIntegerField(_("width or diameter"), null=True, blank=True)
    height_mm = models.PositiveIntegerField(_("height"), null=True, blank=True)
    surface_m2 = models.DecimalField(
        _("surface of one part"), max_digits=10, decimal_places=4, null=True, blank=True, validators=POSITIVE
    )
    powder = models.ForeignKey(
        Powder, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("powder")
    )
    powder_price_per_kg = optional_amount(_("price per kg"))
    coats = models.PositiveSmallIntegerField(_("coats"), choices=COATS, default=1)
    primer = models.BooleanField(_("primer"), default=False)
    varnish = models.BooleanField(_("varnish"), default=False)
    curing_celsius = models.PositiveSmallIntegerField(_("curing temperature"), null=True, blank=True)
    curing_minutes = models.PositiveSmallIntegerField(_("curing time"), null=True, blank=True)
    labour_minutes = models.PositiveIntegerField(_("labour"), default=0)
    hourly_rate = amount(_("hourly rate"))
    consumables = amount(_("consumables"))
    energy = amount(_("energy"))
    unit_price = optional_amount(_("unit price"))
    vat_rate = percentage(_("VAT rate"), "20")
    discount_percent = percentage(_("discount"))
    powder_kg = models.DecimalField(max_digits=10, decimal_places=3, default=Decimal(0))
    total_excl_tax = amount(_("total excl. tax"))
    #: Where its price came from when it was last saved (estimates.py): a past quote keeps its cost.
    costs = models.JSONField(default=dict, blank=True)
    #: What the customer was offered, kept when the quote leaves: its powder may be renamed afterwards.
    powder_sent = models.JSONField(default=dict, blank=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workshop", "quote", "position"], name="lines_of_a_quote")]

    def __str__(self) -> str:
        return self.designation

    @property
    def is_job(self) -> bool:
        return self.kind == LineKind.JOB

    @property
    def powder_shown(self) -> Powder | None:
        """The powder that the document names: as it was when the quote left, as it is before."""
        return Powder(**self.powder_sent) if self.powder_sent else self.powder

    @property
    def unit_price_shown(self) -> Decimal:
        """What the document prints as the price of one, discount included, with the decimals that give the total.

        A third of 100 € is printed 33.333: times three, to the cent, it is the line again.
        """
        exact = self.total_excl_tax / self.quantity
        shown = (exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) for places in UNIT_PRICE_DECIMALS)
        prices = list(shown)
        return next((price for price in prices if cents(price * self.quantity) == self.total_excl_tax), prices[-1])
