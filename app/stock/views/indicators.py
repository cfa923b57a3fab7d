"""What powders cost in kilograms, which ones matter, which ones are not to be believed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from app.entitlements.constants import Feature
from app.entitlements.pages import needs_feature
from app.kernel.charts import bars
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..forms import PeriodForm
from ..indicating import read_indicators
from ..spreading import RISK_SCORE
from .found import chosen_site, sites_of

MOST_SHOWN = 20
PERIODS = (3, 6, 12, 24)


@require_safe
@workshop_page(Permission.STOCK_READ)
@needs_feature(Feature.SMART_STOCK)
def indicators(request: WorkshopRequest) -> HttpResponse:
    sites = sites_of(request.workshop)
    site, count = chosen_site(request, sites), PeriodForm(request.GET).months()
    found = read_indicators(request.workshop, months=count, site=site, anew="recalculer" in request.GET)
    totals, usages, figures = found.totals, found.usages, found.figures
    at_risk = [one for one in figures if one.is_low or one.drifts or one.score < RISK_SCORE]
    weighed = [one.score for one in figures if one.weighed_on]
    context = {
        "months": found.months, "computed_at": found.computed_at,
        "totals": totals, "chart": bars([float(one.used) for one in totals]),
        "usages": usages[:MOST_SHOWN], "finishes": found.finishes, "count": count, "periods": PERIODS,
        "sites": sites, "site": site, "figures": figures,
        "at_risk": sorted(at_risk, key=lambda one: (one.score, one.item.pk))[:MOST_SHOWN],
        "mean_score": round(sum(weighed) / len(weighed)) if weighed else None,
        "never_weighed": len(figures) - len(weighed),
        "low": sum(one.is_low for one in figures), "drifting": sum(one.drifts for one in figures),
        "used": sum(one.used for one in totals), "gaps": sum(one.gaps for one in totals),
    }  # fmt: skip
    return render(request, "stock/indicators.html", context)
