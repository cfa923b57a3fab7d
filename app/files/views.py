"""Downloading private files: by a member, or by whoever holds a signed link."""

from http import HTTPStatus
from uuid import UUID

import structlog
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from app.tenancy.pages import WorkshopRequest, refuse, workshop_page
from app.tenancy.permissions import Permission
from app.tenancy.scope import workshop_scope

from .constants import KINDS
from .links import LinkError, read_link
from .models import StoredFile
from .selectors import get_file, open_file

logger = structlog.get_logger(__name__)


@require_safe
@workshop_page(Permission.HOME_VIEW)
def download(request: WorkshopRequest, public_id: UUID) -> HttpResponseBase:
    """A file for a member who may read its kind; `?telecharger` saves what would be shown."""
    stored = _found(public_id)
    needed = KINDS[stored.kind].permission
    if not request.may(needed):
        return refuse(request, needed)
    return _answer(request, stored, download="telecharger" in request.GET)


@require_safe
@never_cache
def signed_download(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file for whoever holds its link, until the link expires (410)."""
    try:
        target = read_link(token)
    except LinkError:
        return render(request, "files/link_expired.html", status=HTTPStatus.GONE)
    with workshop_scope(target.workshop_id):
        return _answer(request, _found(target.public_id), download="telecharger" in request.GET)


def _found(public_id: UUID) -> StoredFile:
    try:
        return get_file(public_id)
    except StoredFile.DoesNotExist as error:
        raise Http404 from error


def _answer(request: HttpRequest, stored: StoredFile, *, download: bool) -> HttpResponseBase:
    """The bytes, sent by pieces; they come from the storage, so the scope may be closed by then.

    A browser may keep a copy but asks each time, as the person who is signed in: nobody else on the tablet sees it.
    """
    unchanged = get_conditional_response(request, etag=f'"{stored.sha256}"')
    if unchanged is not None:
        return _kept(unchanged, stored)
    try:
        handle = open_file(stored)
    except FileNotFoundError as error:
        logger.exception("file_lost", file_id=stored.pk)
        raise Http404 from error
    response = FileResponse(
        handle,
        as_attachment=download or not stored.can_be_shown,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Length"] = str(stored.size)
    return _kept(response, stored)


def _kept(response: HttpResponseBase, stored: StoredFile) -> HttpResponseBase:
    response["ETag"] = f'"{stored.sha256}"'
    response["Cache-Control"] = "private, no-cache"
    return response
