"""The log: warnings and errors, by workshop, level and period."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import PublisherRequest, publisher_page
from ..forms.logs import LogFilters
from ..selectors.logs import get_log


@publisher_page
@require_safe
def log_list(request: PublisherRequest) -> HttpResponse:
    filters = LogFilters(request.GET)
    asked = filters.asked()
    page = get_log(filters=asked, cursor=request.GET.get("apres"))
    return render(
        request, "backoffice/log_list.html", {"page": page, "filters": filters, "filtered": any(asked.values())}
    )
