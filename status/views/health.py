"""Health addresses, for probes: they ask for no account and tell no secret."""

from dataclasses import asdict
from http import HTTPStatus

from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import health
from ..constants import State


@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Liveness: this process answers. It looks at nothing else, so that a database fault restarts no web server."""
    return JsonResponse({"state": State.OK})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Readiness: 503 when a part that requests need is down; the state of every part."""
    parts = health.check_all()
    state = health.overall(parts)
    body = {"state": state, "parts": {name: asdict(part) for name, part in parts.items()}}
    return JsonResponse(body, status=HTTPStatus.SERVICE_UNAVAILABLE if state == State.DOWN else HTTPStatus.OK)


@never_cache
@require_safe
def part_ready(request: HttpRequest, part: str) -> JsonResponse:
    """One part (worker and scheduler have their own probes): 503 unless it is well."""
    if part not in health.CHECKS:
        raise Http404
    found = health.check_part(part)
    status = HTTPStatus.OK if found.state == State.OK else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(asdict(found), status=status)
