"""People: one account each, whatever the workshops they belong to; their consents; their requests for a workshop."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from .constants import Document, Theme


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person who signs in with this address; ValueError without one."""
        if not email:
            raise ValueError("an e-mail address is required")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        """Create a member of the publisher's staff with every right on the site's editor."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A person. Signs in with an e-mail address; preferences of screen belong here, rights to the memberships."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    phone = PhoneNumberField(_("telephone"), blank=True)
    language = models.CharField(
        _("language"), max_length=5, default="fr", choices=[("fr", _("French")), ("en", _("English"))]
    )
    time_zone = models.CharField(_("time zone"), max_length=50, default="Europe/Paris")
    theme = models.CharField(_("theme"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    photo_file_id = models.UUIDField(null=True, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("person")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email


class Consent(models.Model):
    """That a person agreed to one version of one document: when, from where. Never edited."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(max_length=20, choices=Document)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField(auto_now_add=True)
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "document", "version"], name="one_consent_per_version")]

    def __str__(self) -> str:
        return f"{self.document} {self.version}"


class WorkshopRequest(models.Model):
    """The workshop that a person asked for at sign-up; it is opened once their address is confirmed."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="workshop_request")
    workshop_name = models.CharField(_("workshop name"), max_length=120)
    phone = PhoneNumberField(_("telephone"))
    campaign = models.CharField(_("campaign"), max_length=40, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.workshop_name
