"""The powder that accepted quotes will need, until each becomes a project."""

from collections.abc import Iterator

from app.quotes.constants import QuoteStatus
from app.quotes.models import Quote, QuoteLine
from app.stock.constants import Demand
from app.tenancy.models import Workshop
from app.workshops.services.sites import main_site

from .models import Project


def quote_demand(workshop: Workshop) -> Iterator[Demand]:
    """What the lines of the accepted quotes without a project need, as they were priced; no day is known yet."""
    waiting = Quote.objects.filter(status=QuoteStatus.ACCEPTED).exclude(
        pk__in=Project.objects.filter(quote__isnull=False).values("quote_id")
    )
    lines = QuoteLine.objects.filter(quote__in=waiting, powder__isnull=False, powder_kg__gt=0)
    site = None
    for line in lines.order_by("quote_id", "position"):
        site = site or main_site(workshop=workshop)
        yield Demand(line.powder_id or 0, site.pk, line.powder_kg, None)
