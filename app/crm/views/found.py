"""The customer of an address."""

from django.http import Http404

from ..models import Customer
from ..selectors import get_customer


def customer_or_404(customer_pk: int) -> Customer:
    """The customer, or the page that says there is none."""
    try:
        return get_customer(customer_pk)
    except Customer.DoesNotExist as error:
        raise Http404 from error
