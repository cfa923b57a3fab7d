"""Success against its targets, and why workshops leave."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import PublisherRequest, publisher_page
from ..forms.forecast import ForecastForm
from ..selectors.indicators import get_indicators


@publisher_page
@require_safe
def indicators(request: PublisherRequest) -> HttpResponse:
    return render(request, "backoffice/indicators.html", {"found": get_indicators()})


@publisher_page
@require_safe
def forecast(request: PublisherRequest) -> HttpResponse:
    """What a number of customers and a mix of plans would bring; the assumptions are in the address."""
    model = ForecastForm()
    typed = {name: field.initial for name, field in model.fields.items()}
    form = ForecastForm(request.GET or typed)
    horizons = form.horizons() if form.is_valid() else []
    context = {"form": form, "horizons": horizons}
    return render(request, "backoffice/forecast.html", context, status=422 if form.errors else 200)
