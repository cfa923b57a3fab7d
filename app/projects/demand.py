"""The powder that accepted quotes will need, until each becomes a project."""

from collections.abc import Collection, Iterator

from app.quotes.constants import QuoteStatus
from app.quotes.models import Quote, QuoteLine
from app.stock.constants import Demand
from app.tenancy.models import Workshop
from app.workshops.services.sites import main_site

from .models import Project


def quote_demand(workshop: Workshop, powder_pks: Collection[int]) -> Iterator[Demand]:
    """What the lines of the accepted quotes without a project need of these powders, as they were priced; no day is
    known yet."""
    waiting = Quote.objects.filter(status=QuoteStatus.ACCEPTED).exclude(
        pk__in=Project.objects.filter(quote__isnull=False).values("quote_id")
    )
    lines = QuoteLine.objects.filter(quote__in=waiting, powder__in=powder_pks, powder_kg__gt=0)
    site = None
    for powder_pk, kg in lines.order_by("quote_id", "position").values_list("powder_id", "powder_kg"):
        site = site or main_site(workshop=workshop)
        yield Demand(powder_pk, site.pk, kg, None)
