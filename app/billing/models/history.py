"""The history of prices, rules and quotas, and the mail that each change owes to the workshops it concerns."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from app.tenancy.base import TenantModel

from ..constants import ChangeKind, NoticeState


class CatalogChange(models.Model):
    """One change by the publisher: who, when, what, from which value to which one. Rows are only ever added."""

    app_rights: ClassVar[str] = "SELECT"
    platform_rights: ClassVar[str] = "SELECT, INSERT"

    at = models.DateTimeField(_("when"), auto_now_add=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.CharField(_("who"), max_length=160)
    kind = models.CharField(_("kind"), max_length=10, choices=ChangeKind)
    subject = models.CharField(_("what"), max_length=120)
    offer = models.ForeignKey("billing.Offer", on_delete=models.PROTECT, null=True, related_name="+")
    changes = models.JSONField(default=dict)
    concerned = models.PositiveIntegerField(_("workshops concerned"), default=0)

    class Meta:
        verbose_name = _("change of price, rule or quota")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.subject} ({self.at:%Y-%m-%d})"


class ChangeNotice(TenantModel):
    """What a change still owes to one workshop: a mail to its Owners, and the new price on its subscription.

    The rows are written with the change, so a crash loses none; each is done once, whoever takes it again.
    """

    change = models.ForeignKey(CatalogChange, on_delete=models.PROTECT, related_name="notices")
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    mailed_at = models.DateTimeField(null=True, blank=True)
    moves_price = models.BooleanField(default=False)
    moved_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "change"], name="one_notice_of_a_change")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state=NoticeState.WAITING), name="notices_to_do"),
        ]

    def __str__(self) -> str:
        return f"{self.change}: {self.state}"
