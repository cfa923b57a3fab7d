"""Rows locked for a change, in one order."""

from app.tenancy.models import Workshop

from .models import BillingOrder, Subscription


def lock_subscription(workshop: Workshop) -> Subscription:
    """The one row of the workshop in scope, made if it does not exist, locked until the end of the transaction."""
    Subscription.objects.get_or_create(workshop=workshop)
    return Subscription.objects.select_for_update(of=("self",)).select_related("plan").get()


def lock_order(order_pk: int) -> BillingOrder:
    """An order of the workshop in scope, locked until the end of the transaction."""
    return BillingOrder.objects.select_for_update().get(pk=order_pk)
