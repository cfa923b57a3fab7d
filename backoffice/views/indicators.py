"""Success against its targets, and why workshops leave."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import PublisherRequest, publisher_page
from ..selectors.indicators import get_indicators


@publisher_page
@require_safe
def indicators(request: PublisherRequest) -> HttpResponse:
    return render(request, "backoffice/indicators.html", {"found": get_indicators()})
