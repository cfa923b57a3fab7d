"""The A/B tests of the site: which wording makes more visitors ask for the trial."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from marketing.selectors import list_compared

from ..access import PublisherRequest, publisher_page


@publisher_page
@require_safe
def experiment_list(request: PublisherRequest) -> HttpResponse:
    return render(request, "backoffice/experiment_list.html", {"compared": list_compared()})
