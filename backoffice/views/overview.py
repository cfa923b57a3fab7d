"""The first page: how the business stands."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from app.billing.constants import AccessState
from app.kernel.charts import bars

from ..access import PublisherRequest, publisher_page
from ..selectors import Overview, get_overview


@publisher_page
@require_safe
def overview(request: PublisherRequest) -> HttpResponse:
    figures = get_overview()
    chart = bars([float(month.mrr) for month in figures.months])
    return render(request, "backoffice/overview.html", {"figures": figures, "chart": chart, "states": _states(figures)})


def _states(figures: Overview) -> list[tuple[str, int]]:
    return [(str(AccessState(state).label), count) for state, count in figures.states.items()]
