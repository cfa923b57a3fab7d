"""The shared colour chart and maker's catalogue, and the powders of a workshop, with their prices and packagings."""

from decimal import Decimal
from functools import lru_cache
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from app.estimating.consumption import PowderUse
from app.kernel.text import fold
from app.powders.constants import Finish, PowderType
from app.tenancy.models import TenantModel

HEX_COLOUR = RegexValidator(r"^#[0-9A-Fa-f]{6}$", _("A colour is written #RRGGBB."))
SEARCH_KEY_LENGTH = 400


class ReferenceColour(models.Model):
    """A colour of a public range, the same for every workshop. Its screen value is never a colour reference."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name_fr = models.CharField(_("French name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)
    hex = models.CharField(_("screen value"), max_length=7, validators=[HEX_COLOUR])
    search_key = models.CharField(max_length=200)

    class Meta:
        ordering = ["code"]
        verbose_name = _("reference colour")
        verbose_name_plural = _("reference colours")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_fr


class PowderSheet(models.Model):
    """What the technical sheet of a powder says."""

    brand = models.CharField(_("brand"), max_length=80)
    reference = models.CharField(_("reference"), max_length=80)
    type = models.CharField(_("type"), max_length=20, choices=PowderType)
    finish = models.CharField(_("finish"), max_length=20, choices=Finish)
    colour_code = models.CharField(_("RAL or colour code"), max_length=40, blank=True)
    colour_name = models.CharField(_("colour name"), max_length=80, blank=True)
    hex = models.CharField(_("screen value"), max_length=7, blank=True, validators=[HEX_COLOUR])
    density = models.DecimalField(
        _("density"),
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(Decimal(5))],
        help_text=_("g/cm³, from the technical sheet, usually 1.2 to 1.8."),
    )
    thickness_um = models.PositiveSmallIntegerField(
        _("advised thickness"),
        null=True,
        blank=True,
        validators=[MinValueValidator(10), MaxValueValidator(500)],
        help_text=_("µm, for one coat."),
    )
    consumption_g_per_m2 = models.DecimalField(
        _("average consumption"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(10)), MaxValueValidator(Decimal(2000))],
        help_text=_("g/m² for one coat, losses included. Without it, density and thickness are used."),
    )
    curing_temperature_c = models.PositiveSmallIntegerField(
        _("curing temperature"),
        null=True,
        blank=True,
        validators=[MinValueValidator(80), MaxValueValidator(300)],
        help_text=_("°C, of the part."),
    )
    curing_minutes = models.PositiveSmallIntegerField(
        _("curing time"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text=_("Minutes at temperature."),
    )

    class Meta:
        abstract = True

    @property
    def use(self) -> PowderUse:
        """What the estimates need to know of it."""
        thickness = Decimal(self.thickness_um) if self.thickness_um else None
        return PowderUse(self.consumption_g_per_m2, self.density, thickness)

    def make_search_key(self) -> str:
        """Every word by which it is looked for, the reference first because lists are sorted by it."""
        words = (
            self.reference,
            self.brand,
            self.colour_code,
            self.colour_code.replace(" ", ""),
            self.colour_name,
            self.get_type_display(),
            self.get_finish_display(),
        )
        return fold(" ".join(str(word) for word in words))[:SEARCH_KEY_LENGTH]

    @property
    def curing_line(self) -> str:
        """`180 °C · 20 min`, what is known of it; a dash when nothing is."""
        degrees = f"{self.curing_temperature_c} °C" if self.curing_temperature_c else ""
        minutes = f"{self.curing_minutes} min" if self.curing_minutes else ""
        return " · ".join(part for part in (degrees, minutes) if part) or "—"


class CatalogueProduct(PowderSheet):
    """A powder of the maker's catalogue, the same for every workshop; a workshop takes a copy of it."""

    #: Its number in the maker's shop: a reference may be corrected there.
    number = models.PositiveBigIntegerField(unique=True)
    price_per_kg = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    #: What the shop sells: {"net_kg": "20.000", "tare_kg": "0.850"}, weights as text.
    formats = models.JSONField(default=list)
    url = models.URLField(max_length=400, blank=True)
    is_sold = models.BooleanField(default=True)
    search_key = models.CharField(max_length=SEARCH_KEY_LENGTH)
    updated_at = models.DateTimeField(auto_now=True)

    app_rights: ClassVar[str] = "SELECT"

    class Meta:
        ordering = ["search_key", "pk"]
        verbose_name = _("catalogue powder")
        indexes = [models.Index(Lower("reference"), name="catalogue_by_reference")]

    def __str__(self) -> str:
        return self.reference


class CatalogueReading(models.Model):
    """How far the maker's catalogue was read: the one row of each source."""

    source = models.CharField(max_length=20, unique=True)
    #: Where the next reading goes on, in the words of the source.
    cursor = models.CharField(max_length=100, blank=True)
    read_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)
    #: Products that could not be understood: {"number", "reference", "reasons"}.
    problems = models.JSONField(default=list)

    app_rights: ClassVar[str] = "SELECT"

    def __str__(self) -> str:
        return self.source


def powder_name(reference: str, type: str, finish: str) -> str:
    """How a powder is named where only its identity was read."""
    return f"{reference} · {_kind(type, finish, get_language())}"


@lru_cache(maxsize=512)  # a filter names every powder of a workshop
def _kind(type: str, finish: str, _language: str | None) -> str:
    return f"{PowderType(type).label} · {Finish(finish).label}"


class Powder(PowderSheet, TenantModel):
    """A powder of the workshop. Reference, type and finish together are its identity."""

    #: Where it was copied from; the copy is the workshop's own.
    product = models.ForeignKey(CatalogueProduct, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    notes = models.TextField(_("notes"), blank=True, max_length=2000)
    archived_at = models.DateTimeField(null=True, blank=True)
    search_key = models.CharField(max_length=SEARCH_KEY_LENGTH, db_collation="C")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    #: The price that holds today, on rows read through the selectors.
    current_price: Decimal | None

    class Meta(TenantModel.Meta):
        verbose_name = _("powder")
        verbose_name_plural = _("powders")
        constraints = [
            models.UniqueConstraint("workshop", Lower("reference"), "type", "finish", name="powder_identity_is_unique")
        ]
        indexes = [models.Index(fields=["workshop", "search_key", "id"], name="powder_in_order")]

    def __str__(self) -> str:
        return powder_name(self.reference, self.type, self.finish)

    @property
    def is_archived(self) -> bool:
        """Whether it is out of the lists but kept for the documents that name it."""
        return self.archived_at is not None


class PowderPrice(TenantModel):
    """The price from a day on, until the next one: what a past quote was computed with stays known."""

    powder = models.ForeignKey(Powder, on_delete=models.CASCADE, related_name="prices")
    price_per_kg = models.DecimalField(
        _("price per kg"), max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    valid_from = models.DateField(_("valid from"))

    class Meta(TenantModel.Meta):
        verbose_name = _("powder price")
        verbose_name_plural = _("powder prices")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "powder", "valid_from"], name="one_powder_price_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.price_per_kg} €/kg ({self.valid_from})"


class PowderFormat(TenantModel):
    """A packaging of a brand: what it holds and what it weighs empty."""

    brand = models.CharField(_("brand"), max_length=80)
    net_kg = models.DecimalField(
        _("net weight"), max_digits=7, decimal_places=3, validators=[MinValueValidator(Decimal("0.001"))]
    )
    tare_kg = models.DecimalField(
        _("empty carton"), max_digits=6, decimal_places=3, validators=[MinValueValidator(Decimal(0))]
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("packaging")
        verbose_name_plural = _("packagings")
        constraints = [
            models.UniqueConstraint("workshop", Lower("brand"), "net_kg", name="one_powder_format_per_weight")
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.net_kg:.3f} kg"


class PowderImport(TenantModel):
    """A CSV file being mapped, then the report of what it gave; the file itself is dropped once imported."""

    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    report = models.JSONField(default=dict)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("powder import")
        verbose_name_plural = _("powder imports")

    def __str__(self) -> str:
        return self.file_name
