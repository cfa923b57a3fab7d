"""Release notes: what is published, written in the editor of the site; the mail of the month."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import PublisherRequest, publisher_page
from ..selectors.news import read_news


@publisher_page
@require_safe
def news(request: PublisherRequest) -> HttpResponse:
    return render(request, "backoffice/news.html", {"news": read_news()})
