"""Customers of a workshop and what was said with them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.kernel.phones import display_phone
from app.tenancy.base import TenantModel

from .constants import Criterion, CustomerType, InteractionKind


class Customer(TenantModel):
    """A client of the workshop: a company with its contact, or a private person.

    The `…_key` columns are folded copies, written by the services, by which lists sort and look-alikes are found.
    """

    type = models.CharField(_("type"), max_length=12, choices=CustomerType, default=CustomerType.PRIVATE)
    company = models.CharField(_("company"), max_length=160, blank=True)
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=32, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default="FR")
    #: The language of what is written for them: messages, final report.
    language = models.CharField(
        _("language of their messages and documents"), max_length=2, choices=settings.LANGUAGES, default="fr"
    )
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    sort_key = models.CharField(max_length=250, db_collation="C")
    email_key = models.CharField(max_length=254, blank=True)
    phone_key = models.CharField(max_length=20, blank=True)
    name_key = models.CharField(max_length=170, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    portal_invited_at = models.DateTimeField(null=True, blank=True)
    portal_opened_at = models.DateTimeField(null=True, blank=True)
    marketing_consent_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("customer")
        indexes = [
            models.Index(fields=["workshop", "sort_key", "id"], name="customers_by_name"),
            models.Index(fields=["workshop", "-created_at", "-id"], name="customers_newest_first"),
            models.Index(fields=["workshop", "email_key"], name="customers_by_email"),
            models.Index(fields=["workshop", "phone_key"], name="customers_by_phone"),
            models.Index(fields=["workshop", "name_key"], name="customers_by_person"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The company, or the person, or the address that stands for them."""
        if self.erased_at:
            return str(_("Erased customer"))
        return self.company or self.person_name or self.email or self.phone

    @property
    def person_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def contact_line(self) -> str:
        """What tells this customer from others with the same name."""
        person = self.person_name if self.company else ""
        phone = display_phone(self.phone) if self.phone else ""
        return " · ".join(part for part in (person, self.email, phone, self.city) if part)

    @property
    def is_pro(self) -> bool:
        return self.type == CustomerType.PRO

    @property
    def is_new(self) -> bool:
        """Whether the customer has never been invited to their space."""
        return self.portal_invited_at is None


class Interaction(TenantModel):
    """A call, a mail, an appointment or a note with a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="interactions")
    kind = models.CharField(max_length=10, choices=InteractionKind)
    text = models.TextField()
    happened_at = models.DateTimeField()
    author = models.CharField(max_length=160)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workshop", "customer", "-happened_at"], name="interactions_of_a_customer")]

    def __str__(self) -> str:
        return self.text[:80]


def all_criteria() -> list[str]:
    """Every criterion: the safe default."""
    return list(Criterion.values)


class CustomerSettings(TenantModel):
    """Which criteria make two customers look alike."""

    duplicate_criteria = ArrayField(
        models.CharField(max_length=10, choices=Criterion), default=all_criteria, blank=True
    )

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_customer_settings")]

    def __str__(self) -> str:
        return ", ".join(self.duplicate_criteria)


class CustomerTag(TenantModel):
    """A tag that customers of the workshop bear or have borne, as it was first written."""

    name = models.CharField(max_length=40)
    token = models.CharField(max_length=40, db_collation="C")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "token"], name="customer_tag_once")]

    def __str__(self) -> str:
        return self.name


class CustomerLink(TenantModel):
    """A link by which a customer enters their space: single use, short-lived; only its hash is kept."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "token_hash"], name="customer_link_token")]

    def __str__(self) -> str:
        return self.path
