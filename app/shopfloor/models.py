"""Workshop mode: what devices sent, photos on their way, the tablets that a workshop shares and who sits at them."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.kernel.crypto import EncryptedTextField
from app.projects.models import Project
from app.tenancy.base import TenantModel
from app.tenancy.models import Membership

from .constants import LOCK_MINUTES, ActionKind, Choice, Outcome


class FloorSettings(TenantModel):
    """How the workshop mode of one workshop behaves."""

    lock_minutes = models.PositiveSmallIntegerField(
        _("automatic lock of shared tablets"),
        default=LOCK_MINUTES,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Minutes without a touch."),
    )

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_floor_settings")]

    def __str__(self) -> str:
        return f"{self.lock_minutes} min"


class Tablet(TenantModel):
    """A tablet that several operators share. Only fingerprints of its secret and of its enrolment link are kept."""

    name = models.CharField(_("name"), max_length=60)
    secret_hash = models.CharField(max_length=64, blank=True, db_index=True)
    enrolment_hash = models.CharField(max_length=64, blank=True, db_index=True)
    enrolment_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    enrolled_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("tablet")
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "name"], condition=models.Q(revoked_at=None), name="tablet_name_used_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_enrolled(self) -> bool:
        return self.enrolled_at is not None and self.revoked_at is None

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None

    def can_be_enrolled(self, now: datetime | None = None) -> bool:
        """Whether its link still opens."""
        until = self.enrolment_until
        return self.revoked_at is None and until is not None and until > (now or timezone.now())


class OperatorPin(TenantModel):
    """The code that a member types on shared tablets, as a slow hash."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=200)
    set_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return str(self.membership_id)


class Seat(TenantModel):
    """One operator at one tablet: the key that signs what they do there, and the wrong codes typed."""

    tablet = models.ForeignKey(Tablet, on_delete=models.CASCADE, related_name="seats")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    signing_key = EncryptedTextField(blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "tablet", "membership"], name="one_seat_each")]

    def __str__(self) -> str:
        return f"{self.tablet_id}/{self.membership_id}"


class DeviceAction(TenantModel):
    """Something done on a device, under the key that the device gave it: the same key has an effect once.

    `made_at` is what the device's clock said, `at` the moment once its error is taken away.
    """

    key = models.UUIDField()
    kind = models.CharField(max_length=10, choices=ActionKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    user_name = models.CharField(_("who"), max_length=160)
    tablet = models.ForeignKey(Tablet, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    payload = models.JSONField(default=dict)
    base = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)
    theirs = models.JSONField(default=dict, blank=True)
    result = models.JSONField(default=dict, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by_name = models.CharField(max_length=160, blank=True)
    resolution = models.CharField(max_length=10, choices=Choice, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("action of a device")
        constraints = [models.UniqueConstraint(fields=["workshop", "key"], name="device_action_once")]
        indexes = [
            models.Index(
                fields=["workshop", "received_at"],
                condition=models.Q(outcome=Outcome.CONFLICT, resolved_at=None),
                name="device_conflicts_open",
            ),
            models.Index(
                fields=["workshop", "-received_at"],
                condition=models.Q(outcome=Outcome.REFUSED),
                name="device_actions_refused",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.user_name}"

    @property
    def words(self) -> str:
        """What was written in it, for somebody who reads why it was refused."""
        return str(self.payload.get("comment") or self.payload.get("text") or self.payload.get("caption") or "")


class PhotoUpload(TenantModel):
    """A photo arriving in pieces; it goes once the photo is added."""

    key = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    tablet = models.ForeignKey(Tablet, on_delete=models.CASCADE, null=True, related_name="+")
    size = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "key"], name="photo_upload_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.received}/{self.size}"


class UploadPiece(TenantModel):
    """Some bytes of an upload, from an offset on."""

    upload = models.ForeignKey(PhotoUpload, on_delete=models.CASCADE, related_name="pieces")
    start = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["workshop", "upload", "start"], name="upload_piece_once")]

    def __str__(self) -> str:
        return f"{self.upload_id}@{self.start}"
