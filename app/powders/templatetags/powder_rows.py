"""A row of the list of powders."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from app.kernel.templatetags.display import money, number
from app.kernel.templatetags.quick import choice, draw_kept
from app.tenancy.links import workshop_url

from ..models import Powder

register = template.Library()


@register.simple_tag(takes_context=True)
def powder_row(context: Context, powder: Powder) -> SafeString:
    """A powder in the list, with its current price: {% powder_row powder %}."""
    consumption = powder.consumption_g_per_m2
    return draw_kept(
        "powders/powder_row.html",
        address=workshop_url(context["workshop"], "powders:powder_detail", powder_pk=powder.pk),
        reference=powder.reference,
        hex=powder.hex,
        finish=powder.finish,
        colour_code=powder.colour_code,
        colour_name=powder.colour_name,
        brand=powder.brand,
        type=choice(powder, "type"),
        finish_label=choice(powder, "finish"),
        consumption=number(consumption, 1) if consumption else "",
        curing=powder.curing_line,
        price=money(powder.current_price),
    )
