"""The workshop (the tenant), its members and their invitations."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from .base import TenantManager, TenantModel
from .constants import LegalForm, MemberStatus
from .permissions import SECOND_FACTOR_ROLES, Permission, Role, permissions_of

__all__ = [
    "FormerSlug",
    "Invitation",
    "Membership",
    "Site",
    "SupportAccess",
    "TenantManager",
    "TenantModel",
    "Workshop",
]


class Workshop(models.Model):
    """A powder-coating workshop: one account, one tenant. Its own row is under row security by `id`."""

    name = models.CharField(_("workshop name"), max_length=120)
    slug = models.SlugField(_("address"), max_length=60, unique=True)
    email = models.EmailField(_("e-mail"))
    phone = PhoneNumberField(_("telephone"), blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, default="FR")
    #: What hours and days are told and counted in, for everybody who works in it.
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Paris")
    legal_form = models.CharField(_("legal form"), max_length=5, choices=LegalForm, blank=True)
    capital = models.DecimalField(_("capital"), max_digits=12, decimal_places=2, null=True, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    register_city = models.CharField(_("trade register of"), max_length=100, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True)
    vat_exempt = models.BooleanField(_("VAT not applicable (art. 293 B of the CGI)"), default=False)
    insurance = models.CharField(_("professional insurance"), max_length=250, blank=True)
    mediator = models.CharField(_("consumer mediator"), max_length=250, blank=True)
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)
    logo_file_id = models.UUIDField(null=True, blank=True)
    modules_off = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    onboarding_step = models.PositiveSmallIntegerField(default=1)
    onboarded_at = models.DateTimeField(null=True, blank=True)
    checklist_closed_at = models.DateTimeField(null=True, blank=True)
    writable_until = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    #: What the trial and the subscription allow today, in the words of billing; for the banners of each page.
    access_state = models.CharField(max_length=12, blank=True)
    #: Part of the cache key of what the workshop may use: whoever changes that adds one.
    entitlements_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("workshop")

    def __str__(self) -> str:
        return self.name

    def is_read_only(self, now: datetime | None = None) -> bool:
        """Whether the trial or the subscription has ended: data can be read and exported, not changed."""
        if self.is_suspended:
            return True
        return self.writable_until is not None and self.writable_until <= (now or timezone.now())

    @property
    def is_suspended(self) -> bool:
        """Whether nothing opens but paying and exporting: the subscription has been unpaid for too long."""
        return self.suspended_at is not None

    @property
    def siren(self) -> str:
        """The first nine digits of the SIRET, which identify the company."""
        return self.siret[:9]


class FormerSlug(models.Model):
    """An address that a workshop has left; it keeps redirecting. Not a tenant table: it is read before any scope."""

    slug = models.SlugField(max_length=60, unique=True)
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.slug


class Site(TenantModel):
    """A place where the workshop works: projects, batches, ovens and cartons are each at one. One is the main one."""

    name = models.CharField(_("site"), max_length=80)
    is_main = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("site")
        ordering = ["-is_main", "name", "pk"]
        constraints = [
            models.UniqueConstraint("workshop", Lower("name"), name="site_name"),
            models.UniqueConstraint(fields=["workshop"], condition=models.Q(is_main=True), name="one_main_site"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel):
    """A person in a workshop: roles, team, status. Rights and preferences belong here, not to the person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    status = models.CharField(max_length=10, choices=MemberStatus, default=MemberStatus.ACTIVE)
    department = models.CharField(_("team or department"), max_length=80, blank=True)
    manager = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("start date"), null=True, blank=True)
    wants_guidance = models.BooleanField(_("receives the tips of the first weeks"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "user"], name="one_membership_per_person")]
        indexes = [models.Index(fields=["user", "status"], name="memberships_of_a_person")]

    def __str__(self) -> str:
        return f"{self.user} ({', '.join(self.roles)})"

    @property
    def is_active(self) -> bool:
        return self.status == MemberStatus.ACTIVE

    @property
    def permissions(self) -> frozenset[Permission]:
        """The union of the rights of the roles held."""
        return permissions_of(self.roles)

    @property
    def needs_second_factor(self) -> bool:
        return bool(SECOND_FACTOR_ROLES.intersection(self.roles))

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


class SupportAccess(TenantModel):
    """The publisher working in a workshop as one of its members: why, until when, and whether it may write.

    Reading only, but between `write_from` and `write_until`, each time for a reason of its own.
    """

    publisher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    started_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    write_until = models.DateTimeField(null=True, blank=True)
    write_reason = models.CharField(_("reason to write"), max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("support access")
        indexes = [models.Index(fields=["workshop", "-started_at"], name="support_newest_first")]

    def __str__(self) -> str:
        return self.reason

    def is_open(self, now: datetime | None = None) -> bool:
        return self.ended_at is None and self.expires_at > (now or timezone.now())

    def may_write(self, now: datetime | None = None) -> bool:
        """Whether writing was asked for, and its time is not over."""
        now = now or timezone.now()
        return self.is_open(now) and self.write_until is not None and self.write_until > now


class Invitation(TenantModel):
    """An offer to join one workshop, for one e-mail address, that expires."""

    email = models.EmailField(_("e-mail"))
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    department = models.CharField(_("team or department"), max_length=80, blank=True)
    manager = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("start date"), null=True, blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "email"],
                condition=models.Q(accepted_at=None, cancelled_at=None),
                name="one_open_invitation_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.email

    def is_open(self, now: datetime | None = None) -> bool:
        return not (self.accepted_at or self.cancelled_at) and self.expires_at > (now or timezone.now())
