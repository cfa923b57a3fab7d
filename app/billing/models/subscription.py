"""The trial of a workshop, its subscription as the payment service last told it, and its invoices."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from app.tenancy.base import TenantModel

from ..constants import BillingStatus, CreditState, OrderKind, OrderState, SubscriptionOrigin
from .catalogue import Offer


class Trial(TenantModel):
    """The free trial of a workshop: every feature, without a card, until `ends_at`.

    The days of its mails are counted from `counted_from`, which moves with the end when the trial is extended.
    """

    started_at = models.DateTimeField()
    counted_from = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField()
    wanted_plan = models.ForeignKey(Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_trial_per_workshop")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} – {self.ends_at:%Y-%m-%d}"

    def days_left(self, now: datetime | None = None) -> int:
        """Days left, the one in progress included; 0 once it is over."""
        left = self.ends_at - (now or timezone.now())
        return max(0, -(-left // timedelta(days=1)))


class Subscription(TenantModel):
    """The projection of the subscription: what was last read at Stripe, or what the publisher gave by hand.

    A request reads only this row and the grants that follow from it (access.py); it is written under a lock.
    """

    origin = models.CharField(max_length=10, choices=SubscriptionOrigin, default=SubscriptionOrigin.STRIPE)
    status = models.CharField(max_length=20, choices=BillingStatus, default=BillingStatus.NONE)
    plan = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    period_end = models.DateTimeField(_("paid until"), null=True, blank=True)
    cancel_at = models.DateTimeField(_("ends on"), null=True, blank=True)
    past_due_since = models.DateTimeField(_("unpaid since"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    card = models.CharField(_("payment method"), max_length=60, blank=True)
    exit_reason = models.CharField(_("reason for leaving"), max_length=20, blank=True)
    exit_comment = models.TextField(blank=True)
    stripe_customer_id = models.CharField(max_length=255, blank=True)
    stripe_subscription_id = models.CharField(max_length=255, blank=True)
    pending_invoice_id = models.CharField(max_length=255, blank=True)
    pending_until = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("subscription")
        constraints = [models.UniqueConstraint(fields=["workshop"], name="one_subscription_per_workshop")]
        indexes = [
            models.Index(
                fields=["stripe_customer_id"],
                condition=~models.Q(stripe_customer_id=""),
                name="workshop_of_a_customer",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_status_display())


class SubscribedItem(TenantModel):
    """A plan or option held from `starts_at` to `ends_at` (None: still) at this price per month, excluding tax.

    The rows are both what is held now and the history that the publisher's figures are computed from.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="items")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    unit_price = models.DecimalField(max_digits=8, decimal_places=2)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    stripe_item_id = models.CharField(max_length=255, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["workshop", "offer"], condition=models.Q(ends_at=None), name="an_offer_is_held_once"
            )
        ]
        indexes = [models.Index(fields=["workshop", "starts_at"], name="items_through_time")]

    def __str__(self) -> str:
        return f"{self.offer_id} × {self.quantity}"


class SaasInvoice(TenantModel):
    """An invoice of the publisher to the workshop, as the payment service issued it; amounts in EUR."""

    stripe_invoice_id = models.CharField(max_length=255)
    number = models.CharField(_("number"), max_length=60, blank=True)
    status = models.CharField(_("state"), max_length=20)
    issued_at = models.DateTimeField(_("issued on"))
    due_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(_("paid on"), null=True, blank=True)
    total_excl_tax = models.DecimalField(max_digits=10, decimal_places=2)
    tax = models.DecimalField(max_digits=10, decimal_places=2)
    total_incl_tax = models.DecimalField(max_digits=10, decimal_places=2)
    amount_due = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    pay_url = models.URLField(max_length=1000, blank=True)
    pdf_url = models.URLField(max_length=1000, blank=True)
    file_id = models.UUIDField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = _("subscription invoice")
        constraints = [
            models.UniqueConstraint(fields=["workshop", "stripe_invoice_id"], name="one_row_per_saas_invoice")
        ]
        indexes = [models.Index(fields=["workshop", "-issued_at"], name="saas_invoices_newest_first")]

    def __str__(self) -> str:
        return self.number or self.stripe_invoice_id


class BillingOrder(TenantModel):
    """Something asked of the payment service by a person, carried out by a worker, once.

    `key` is the idempotency key of every attempt: an attempt that acted without answering is not repeated.
    """

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=OrderKind)
    state = models.CharField(max_length=10, choices=OrderState, default=OrderState.WAITING)
    arguments = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    gives_up_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "key"], name="one_order_per_key")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=models.Q(state=OrderState.WAITING), name="orders_to_carry_out"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"


class VatCheck(TenantModel):
    """The proof of a VAT number asked of VIES; an unavailable service proves nothing either way."""

    number = models.CharField(max_length=20)
    asked_at = models.DateTimeField(auto_now_add=True)
    valid = models.BooleanField(null=True)
    name = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=500, blank=True)
    consultation = models.CharField(_("consultation number"), max_length=60, blank=True)
    error = models.CharField(max_length=60, blank=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workshop", "number", "-asked_at"], name="vat_checks_newest_first")]

    def __str__(self) -> str:
        return f"{self.number}: {self.valid}"


class ServiceCredit(TenantModel):
    """A credit owed for a month whose measured uptime fell under the guaranteed one; amounts in EUR, excluding tax."""

    month = models.DateField(_("month"))
    guaranteed = models.DecimalField(max_digits=6, decimal_places=3)
    measured = models.DecimalField(max_digits=6, decimal_places=3)
    invoiced = models.DecimalField(_("month's invoice"), max_digits=10, decimal_places=2)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    state = models.CharField(max_length=10, choices=CreditState, default=CreditState.DUE)
    stripe_item_id = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workshop", "month"], name="one_credit_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.amount} €"
