"""Reads of the plans, of the trial and of the subscription."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils import timezone

from app.entitlements.models import Usage
from app.entitlements.quotas import EPOCH
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from .constants import OPEN_STATUSES, BillingStatus, CreditState, NoticeState, OfferKind, OrderState, SubscriptionOrigin
from .models import (
    BillingOrder,
    CatalogChange,
    ChangeNotice,
    Offer,
    PriceVersion,
    SaasInvoice,
    SaasSettings,
    ServiceCredit,
    SubscribedItem,
    Subscription,
    Trial,
    VatCheck,
)
from .vat import DUE, tax_exempt


def list_public_plans() -> list[Offer]:
    """The plans shown on the site, in the publisher's order, at today's prices."""
    return list(public_plans())


def public_plans() -> "QuerySet[Offer]":
    """The plans that a workshop may choose, as a form wants them."""
    return Offer.objects.filter(kind=OfferKind.PLAN, is_public=True, is_active=True)


def list_plans() -> "QuerySet[Offer]":
    """Every plan of the catalogue, sold or not, in the publisher's order."""
    return Offer.objects.filter(kind=OfferKind.PLAN)


def list_options() -> list[Offer]:
    """The options that a workshop may add to its plan."""
    return list(Offer.objects.filter(kind=OfferKind.OPTION, is_active=True).exclude(price_excl_tax=None))


def list_sold_offers() -> list[Offer]:
    """Whatever has a price, sold today or still held by somebody."""
    return list(Offer.objects.exclude(price_excl_tax=None))


def get_price(offer: Offer) -> PriceVersion:
    """Today's price of an offer; PriceVersion.DoesNotExist for one on quotation."""
    return (
        PriceVersion.objects.filter(offer=offer, starts_at__lte=timezone.now()).order_by("starts_at", "pk").latest("pk")
    )


def get_saas_settings() -> SaasSettings:
    """The publisher's settings; the defaults until they are saved."""
    return SaasSettings.objects.first() or SaasSettings(pk=1)


def trial_days() -> int:
    """How many days a new workshop may try everything."""
    return get_saas_settings().trial_days


def find_trial() -> Trial | None:
    """The trial of the workshop in scope."""
    return Trial.objects.select_related("wanted_plan").first()


def find_subscription() -> Subscription | None:
    """The subscription of the workshop in scope."""
    return Subscription.objects.select_related("plan").first()


def find_customer_id() -> str:
    """The identifier of the workshop in scope at the payment service; "" before its first payment."""
    return Subscription.objects.values_list("stripe_customer_id", flat=True).first() or ""


def find_workshop_of_customer(customer_id: str) -> int | None:
    """The key of the workshop that this customer of the payment service is."""
    with platform_scope():
        held = Subscription.objects.filter(stripe_customer_id=customer_id)
        return held.values_list("workshop_id", flat=True).first()


def has_plan() -> bool:
    """Whether the workshop in scope is subscribed, or was given a plan: nobody writes to it about its trial."""
    return Subscription.objects.filter(status__in=OPEN_STATUSES).exists()


def list_items() -> list[SubscribedItem]:
    """What the workshop in scope holds now, its plan first."""
    items = SubscribedItem.objects.filter(ends_at=None).select_related("offer")
    return sorted(items, key=lambda item: (not item.offer.is_plan, item.offer.position, item.pk))


def list_invoices() -> "QuerySet[SaasInvoice]":
    """The publisher's invoices to the workshop in scope, the newest first."""
    return SaasInvoice.objects.order_by("-issued_at", "-pk")


def amount_unpaid() -> Decimal:
    """What the workshop in scope owes, in EUR with tax."""
    waiting = Subscription.objects.exclude(pending_invoice_id="").values("pending_invoice_id")
    owed = SaasInvoice.objects.filter(status="open").exclude(stripe_invoice_id__in=waiting)
    return owed.aggregate(total=Sum("amount_due"))["total"] or Decimal(0)


def find_pending_invoice() -> SaasInvoice | None:
    """The invoice of the change that waits for the holder of the card, in the workshop in scope."""
    held = find_subscription()
    if held is None or not held.pending_invoice_id:
        return None
    return SaasInvoice.objects.filter(stripe_invoice_id=held.pending_invoice_id).first()


def find_invoice_at(pay_url: str) -> SaasInvoice | None:
    """The invoice of the workshop in scope that is paid at this address."""
    return SaasInvoice.objects.filter(pay_url=pay_url).first()


def get_order(order_pk: int) -> BillingOrder:
    """One order of the workshop in scope, with whoever asked; BillingOrder.DoesNotExist."""
    return BillingOrder.objects.select_related("created_by").get(pk=order_pk)


def list_trials_since(ended_after: datetime) -> list[int]:
    """The keys of the workshops in trial, or whose trial ended after this time."""
    with platform_scope():
        trials = Trial.objects.filter(ends_at__gt=ended_after).order_by("workshop_id")
        return list(trials.values_list("workshop_id", flat=True))


def list_subscribed_workshops() -> list[int]:
    """The keys of the workshops known to the payment service, or that were given a plan."""
    with platform_scope():
        known = Subscription.objects.exclude(status=BillingStatus.NONE, stripe_customer_id="")
        return list(known.order_by("workshop_id").values_list("workshop_id", flat=True))


def list_waiting_orders(older_than: timedelta) -> list[tuple[int, int]]:
    """Orders due and not being carried out: (workshop, order)."""
    with platform_scope():
        due = BillingOrder.objects.filter(state=OrderState.WAITING, next_attempt_at__lt=timezone.now() - older_than)
        return list(due.order_by("pk").values_list("workshop_id", "pk")[:500])


def list_credits() -> "QuerySet[ServiceCredit]":
    """The service credits of the workshop in scope, the newest first."""
    return ServiceCredit.objects.order_by("-month")


def list_due_credits() -> list[tuple[int, int]]:
    """Service credits that are on no invoice yet: (workshop, credit)."""
    with platform_scope():
        due = ServiceCredit.objects.filter(state=CreditState.DUE).order_by("pk")
        return list(due.values_list("workshop_id", "pk")[:500])


def list_invoices_without_pdf() -> list[tuple[int, int]]:
    """Invoices whose PDF we do not hold yet: (workshop, invoice)."""
    with platform_scope():
        missing = SaasInvoice.objects.filter(file_id=None).exclude(pdf_url="").order_by("pk")
        return list(missing.values_list("workshop_id", "pk")[:500])


def is_manual(subscription: Subscription | None) -> bool:
    """Whether the publisher gave the plan by hand."""
    return subscription is not None and subscription.origin == SubscriptionOrigin.PUBLISHER


def is_subscribed(subscription: Subscription | None) -> bool:
    """Whether a subscription runs at the payment service: a change goes through it rather than a payment page."""
    return subscription is not None and not is_manual(subscription) and subscription.status in OPEN_STATUSES


def list_uses() -> dict[str, int]:
    """What the workshop in scope uses now, by dimension, of what counts what exists."""
    return dict(Usage.objects.filter(period=EPOCH).values_list("dimension", "used"))


def vat_rate_of(workshop: Workshop) -> Decimal:
    """The VAT (%) that the next invoice of the workshop in scope bears; 0 when the workshop owes it itself."""
    exempt = tax_exempt(workshop.country, number_is_valid=is_valid_number(workshop.vat_number))
    return get_saas_settings().vat_rate if exempt == DUE else Decimal(0)


def is_valid_number(number: str) -> bool:
    """Whether the last real answer of VIES about this number of the workshop in scope says that it is valid."""
    known = VatCheck.objects.filter(number=number).exclude(valid=None).order_by("-asked_at", "-pk")
    return known.values_list("valid", flat=True).first() is True


def list_holders(offer: Offer) -> list[int]:
    """The keys of the workshops that hold this offer now."""
    with platform_scope():
        held = SubscribedItem.objects.filter(offer=offer, ends_at=None)
        given = Subscription.objects.filter(plan=offer, status__in=OPEN_STATUSES)
        return sorted({*held.values_list("workshop_id", flat=True), *given.values_list("workshop_id", flat=True)})


def list_open_workshops() -> list[int]:
    """The keys of the workshops that have a subscription, paid or given."""
    with platform_scope():
        held = Subscription.objects.filter(status__in=OPEN_STATUSES).order_by("workshop_id")
        return list(held.values_list("workshop_id", flat=True))


def list_trial_workshops() -> list[int]:
    """The keys of the workshops whose trial runs."""
    return list_trials_since(timezone.now())


def get_change(change_pk: int) -> CatalogChange:
    """One line of the history of prices, rules and quotas."""
    with platform_scope():
        return CatalogChange.objects.select_related("offer").get(pk=change_pk)


def list_notices(change_pk: int) -> list[tuple[int, int]]:
    """What this change still owes: (workshop, notice)."""
    with platform_scope():
        waiting = ChangeNotice.objects.filter(change=change_pk, state=NoticeState.WAITING).order_by("pk")
        return list(waiting.values_list("workshop_id", "pk"))


def list_waiting_changes(older_than: timedelta) -> list[int]:
    """The changes that still owe something and were made long enough ago for their tasks to be lost."""
    with platform_scope():
        waiting = ChangeNotice.objects.filter(state=NoticeState.WAITING, change__at__lt=timezone.now() - older_than)
        return list(waiting.order_by("change_id").values_list("change_id", flat=True).distinct())
