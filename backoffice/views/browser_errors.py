"""Where pages tell of their errors: anybody's browser, from our own pages only, a few times a minute."""

import json
from urllib.parse import urlsplit

from cms.protection import limited, own_pages_only
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_POST

from app.tenancy.selectors import find_access

from ..forms.browser_errors import BrowserErrorForm
from ..services.browser_errors import BrowserError, report_browser_error

MOST_BYTES = 16_000
PER_ADDRESS = "20/m"


@require_POST
@own_pages_only
def browser_error(request: HttpRequest) -> HttpResponse:
    """Take one error; 204, also when it was too long to be kept whole."""
    if refusal := limited(request, group="browser_errors", rate=PER_ADDRESS):
        return refusal
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return HttpResponseBadRequest()
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return HttpResponseBadRequest()
    form = BrowserErrorForm(told if isinstance(told, dict) else {})
    if not form.is_valid():
        return HttpResponseBadRequest()
    error = BrowserError(**form.cleaned_data)
    report_browser_error(error=error, workshop_id=_workshop_of(request, error.page))
    return HttpResponse(status=204)


def _workshop_of(request: HttpRequest, page: str) -> int | None:
    """The workshop whose page it was, for one of its members; what a stranger says counts for none."""
    parts = urlsplit(page).path.split("/")
    if not request.user.is_authenticated or parts[1:2] != ["app"] or len(parts) < 3:
        return None
    access = find_access(slug=parts[2], user_id=request.user.pk)
    return access.workshop.pk if access else None
