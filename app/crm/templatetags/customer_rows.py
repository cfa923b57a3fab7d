"""A row of the list of customers."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from app.kernel.templatetags.display import phone
from app.kernel.templatetags.quick import choice, draw_kept
from app.tenancy.links import workshop_url

from ..models import Customer

register = template.Library()


@register.simple_tag(takes_context=True)
def customer_row(context: Context, customer: Customer) -> SafeString:
    """A customer in the list: {% customer_row customer %}."""
    return draw_kept(
        "crm/customer_row.html",
        address=workshop_url(context["workshop"], "crm:customer_detail", customer_pk=customer.pk),
        name=str(customer),
        person=customer.person_name if customer.company else "",
        email=customer.email,
        phone=phone(customer.phone) if customer.phone else "",
        type=choice(customer, "type"),
        city=customer.city,
        tags=tuple(customer.tags),
    )
