"""The outbox: every mail is a row before it leaves, and keeps its state afterwards."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.kernel.crypto import EncryptedTextField
from app.notify.alerts import AlertCause, AlertLevel, AlertState, News, news_of
from app.notify.constants import EmailState, Health, Provider, Security
from app.notify.events import StaffEvent
from app.tenancy.models import Site, TenantModel


class OutgoingEmail(models.Model):
    """A message and how far it has got. Its message id is fixed before the first attempt (services/delivery.py)."""

    kind = models.CharField(max_length=40)
    to = models.EmailField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField()
    html = models.TextField()
    reply_to = models.EmailField(blank=True)
    attachments = models.JSONField(default=list)
    message_id = models.CharField(max_length=250)
    unsubscribe_url = models.TextField(default="", db_default="")
    dedupe_key = models.CharField(max_length=120, null=True)  # noqa: DJ001  a unique column may repeat NULL only
    state = models.CharField(max_length=10, choices=EmailState, default=EmailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class WorkshopEmail(OutgoingEmail, TenantModel):
    """A message of a workshop; `subject_kind` and `subject_pk` name what it is about (a quote, a project).

    `user` is the person whose act sent it; None for a customer's and for the product's own.
    """

    subject_kind = models.CharField(max_length=60, blank=True)
    subject_pk = models.BigIntegerField(null=True)
    requested_by = models.CharField(max_length=160)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [models.UniqueConstraint(fields=["workshop", "dedupe_key"], name="workshop_email_sent_once")]
        indexes = [
            models.Index(fields=["workshop", "-created_at", "-id"], name="workshop_email_newest_first"),
            models.Index(fields=["workshop", "subject_kind", "subject_pk"], name="workshop_email_of_a_subject"),
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state__in=["queued", "retrying", "sending"]),
                name="workshop_email_due",
            ),
            models.Index(fields=["workshop"], condition=models.Q(state="held"), name="workshop_email_held"),
        ]

    def __str__(self) -> str:
        # What the trail keeps of it: the recipient and the words are forgotten with the person, a number stays.
        return f"#{self.pk}"


class PlatformEmail(OutgoingEmail):
    """A message of the product itself: sign-up, reset, security. It holds links that open accounts, so its
    content is dropped once it is sent."""

    class Meta:
        verbose_name = _("platform message")
        verbose_name_plural = _("platform messages")
        constraints = [models.UniqueConstraint(fields=["dedupe_key"], name="platform_email_sent_once")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state__in=["queued", "retrying", "sending"]),
                name="platform_email_due",
            )
        ]


class Mailbox(TenantModel):
    """The mailbox that a workshop sends from. `secret` is a password, an API key or a refresh token."""

    provider = models.CharField(_("provider"), max_length=10, choices=Provider)
    address = models.EmailField(_("address of the sender"))
    host = models.CharField(_("SMTP server"), max_length=200, blank=True)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(_("encryption"), max_length=10, choices=Security, default=Security.STARTTLS)
    username = models.CharField(_("user name"), max_length=200, blank=True)
    secret = EncryptedTextField()
    health = models.CharField(max_length=12, choices=Health, default=Health.UNTESTED)
    checked_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    connected_at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_mailbox_per_workshop")]

    def __str__(self) -> str:
        return self.address

    @property
    def needs_attention(self) -> bool:
        """Whether messages wait until somebody connects it again."""
        return self.health == Health.REFUSED


class EmailTemplate(TenantModel):
    """The words of a workshop for one kind of message; without a row the product's own are used."""

    kind = models.CharField(max_length=40)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=5000)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        constraints = [models.UniqueConstraint(fields=["workshop", "kind"], name="one_template_per_email_kind")]

    def __str__(self) -> str:
        return self.kind


class StaffChoice(TenantModel):
    """How one member wants to hear of one event; without a row, the event's own defaults."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    event = models.CharField(max_length=20, choices=StaffEvent)
    by_email = models.BooleanField()
    by_push = models.BooleanField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "user", "event"], name="staff_choice_once")]

    def __str__(self) -> str:
        return str(StaffEvent(self.event).label)


class PushDevice(TenantModel):
    """A browser in which a member asked to be told; the keys encrypt what only that browser can read."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    name = models.CharField(_("device"), max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("device told")
        constraints = [models.UniqueConstraint(fields=["workshop", "endpoint"], name="push_device_once")]
        indexes = [models.Index(fields=["workshop", "user"], name="push_devices_of_a_member")]

    def __str__(self) -> str:
        return self.name


class PushMessage(TenantModel):
    """What one device is told, and how far it has got. It goes with its device."""

    device = models.ForeignKey(PushDevice, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=20, choices=StaffEvent)
    title = models.CharField(max_length=120)
    body = models.CharField(max_length=200, blank=True)
    path = models.CharField(max_length=300)
    dedupe_key = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=EmailState, default=EmailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("notification")
        constraints = [models.UniqueConstraint(fields=["workshop", "device", "dedupe_key"], name="push_sent_once")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state__in=["queued", "retrying"]),
                name="push_due",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Alert(TenantModel):
    """Something of the workshop that wants somebody, once for each crossing (`since`): new, seen, resolved.

    `site` is None when it concerns all of them. It is resolved by a person, or by itself when its cause is gone:
    then `resolved_by` is empty. An alert that grows graver is new again.
    """

    cause = models.CharField(_("cause"), max_length=20, choices=AlertCause)
    level = models.PositiveSmallIntegerField(_("level"), choices=AlertLevel)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject_kind = models.CharField(max_length=60)
    subject_pk = models.BigIntegerField()
    subject_label = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    path = models.CharField(max_length=300)
    since = models.DateTimeField()
    raised_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=160, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.CharField(max_length=160, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "cause", "subject_kind", "subject_pk", "since"], name="alert_once_a_crossing"
            )
        ]
        indexes = [
            models.Index(fields=["workshop", "-raised_at", "-id"], name="alerts_newest_first"),
            models.Index(fields=["workshop"], condition=models.Q(resolved_at=None), name="alerts_not_resolved"),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}: {self.subject_label}"

    @property
    def state(self) -> AlertState:
        """Where it stands."""
        if self.resolved_at:
            return AlertState.RESOLVED
        return AlertState.SEEN if self.seen_at else AlertState.NEW

    @property
    def tone(self) -> str:
        """How grave it looks."""
        return AlertLevel(self.level).tone

    @property
    def news(self) -> News:
        """Its words, in the reader's language."""
        return news_of(self.cause, self.subject_label, self.facts)
