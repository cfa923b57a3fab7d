"""Downloading private files: by a member, or by whoever holds a signed link."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
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


def asked_each_time(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A browser may keep a copy of the file, for the person who is signed in; it asks before it shows it again."""

    @wraps(view)
    def kept(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = view(request, **kwargs)
        if "ETag" in response:
            response["Cache-Control"] = "private, no-cache"
        return response

    return kept


@require_safe
@asked_each_time
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
        stored = get_file(public_id)
    except StoredFile.DoesNotExist as error:
        raise Http404 from error
    if not KINDS[stored.kind].is_served:
        raise Http404
    return stored


def _answer(request: HttpRequest, stored: StoredFile, *, download: bool) -> HttpResponseBase:
    """The bytes, sent by pieces; they come from the storage, so the scope may be closed by then."""
    unchanged = get_conditional_response(request, etag=f'"{stored.sha256}"')
    if unchanged is not None:
        unchanged["ETag"] = f'"{stored.sha256}"'
        return unchanged
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
    response["ETag"] = f'"{stored.sha256}"'
    return response
