"""The rows of the figures of quality, each drawn once for what it says."""

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from app.kernel.templatetags.display import money, number, percent
from app.kernel.templatetags.quick import draw_kept, moment
from app.tenancy.links import workshop_url

from ..figures import Line
from ..models import Nonconformity

register = template.Library()


@register.simple_tag
def ranking_row(line: Line, swatches: bool, rated: bool, costed: bool, can_see_prices: bool) -> SafeString:
    """A line of a ranking: {% ranking_row line swatches rated costed can_see_prices %}."""
    return draw_kept(
        "projects/quality_ranking_row.html",
        label=line.label,
        swatches=bool(swatches),
        colour=line.colour,
        finish=line.finish,
        width=str(line.share),
        count=number(line.count),
        rated=bool(rated),
        rate=number(line.per_hundred, 1),
        share=percent(line.share),
        costed=bool(costed),
        minutes=number(line.minutes),
        cost=money(line.cost) if can_see_prices else "",
    )


@register.simple_tag(takes_context=True)
def quality_row(context: Context, held: Nonconformity) -> SafeString:
    """A non-conformity among the latest: {% quality_row nonconformity %}."""
    keys = {"project_pk": held.project_id, "nonconformity_pk": held.pk}
    return draw_kept(
        "projects/quality_row.html",
        address=workshop_url(context["workshop"], "projects:nonconformity_detail", **keys),
        defect=str(held.defect),
        number=held.project.number,
        title=held.project.title,
        step=held.step_name,
        declared=moment(timezone.localtime(held.declared_at)),
        returned_to=held.returned_to,
        open=held.is_open,
    )
