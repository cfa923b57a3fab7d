"""The head of a public page, in its template."""

from typing import Any

from django import template
from django.template import Context

from cms.head import head_of

register = template.Library()


@register.inclusion_tag("cms/head.html", takes_context=True)
def public_head(context: Context) -> dict[str, Any]:
    """What the head says of this page; `listing` in the context names one of its views."""
    return {"head": head_of(context["page"], context.get("listing"))}
