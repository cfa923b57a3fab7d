"""What programs read: feeds, JSON, the badge. Anybody may, from any site."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ..feeds import badge, feed_of, log_of, summary
from ..page import load_log, load_page

for_a_minute = cache_control(public=True, max_age=60)


@for_a_minute
@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    return _feed(request, Rss201rev2Feed)


@for_a_minute
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    return _feed(request, Atom1Feed)


@for_a_minute
@require_safe
def summary_json(request: HttpRequest) -> HttpResponse:
    return _open(JsonResponse(summary(load_page())))


@for_a_minute
@require_safe
def log_json(request: HttpRequest) -> HttpResponse:
    return _open(JsonResponse(log_of(load_page(), load_log())))


@for_a_minute
@require_safe
def badge_svg(request: HttpRequest) -> HttpResponse:
    answer = _open(HttpResponse(badge(load_page()), content_type="image/svg+xml; charset=utf-8"))
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _feed(request: HttpRequest, kind: type[Rss201rev2Feed] | type[Atom1Feed]) -> HttpResponse:
    base = request.build_absolute_uri(reverse("status_page:status"))
    feed = feed_of(load_page(), load_log(), kind=kind, base=base, own=request.build_absolute_uri())
    return HttpResponse(feed.writeString("utf-8"), content_type=kind.content_type)


def _open(answer: HttpResponse) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
