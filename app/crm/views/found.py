"""The customer of an address."""

from django.http import Http404

from ..models import Customer
from ..selectors import get_customer


def present_customer_or_404(customer_pk: int) -> Customer:
    """The customer to write on; one that was erased is no longer there: nothing about the person comes back."""
    customer = customer_or_404(customer_pk)
    if customer.erased_at:
        raise Http404
    return customer


def customer_or_404(customer_pk: int) -> Customer:
    """The customer, or the page that says there is none."""
    try:
        return get_customer(customer_pk)
    except Customer.DoesNotExist as error:
        raise Http404 from error
