from typing import Any

from django import template
from django.template.context import Context

from ..links import workshop_url as url_of
from ..permissions import Permission

register = template.Library()


@register.simple_tag(takes_context=True)
def workshop_url(context: Context, name: str, **kwargs: Any) -> str:
    """The path of a page of the workshop on screen: {% workshop_url 'crm:customer_detail' customer_pk=1 %}."""
    return url_of(context["workshop"], name, **kwargs)


@register.simple_tag(takes_context=True)
def may(context: Context, permission: str) -> bool:
    """Whether the member on screen holds a right: {% may 'quotes.edit' as can_edit %}."""
    return Permission(permission) in getattr(context.get("request"), "permissions", ())
