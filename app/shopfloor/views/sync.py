"""What devices ask and send."""

import hashlib
import json
from dataclasses import asdict
from http import HTTPStatus
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from app.crm.selectors import KEY_LONGEST
from app.files.links import signed_url
from app.kernel.codes import CodeError
from app.kernel.errors import RuleError
from app.projects.selectors import find_part_by_code
from app.projects.services.terms import supply_terms
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import MOST_NAMED, Choice
from ..incoming import parse_batch
from ..selectors import describe_project, find_thumbnail, is_known, read_day
from ..services.receiving import authors_of, receive
from ..services.resolving import resolve_conflict
from ..services.uploading import Sender, find_upload, receive_piece
from ..stock import read_stock
from .account import account_of, tablet_of
from .found import conflict_or_404


@require_safe
@ensure_csrf_cookie
@workshop_page(Permission.PROJECTS_READ, when_read_only=True)
def day(request: WorkshopRequest) -> HttpResponse:
    """The day's queue, told only when it has changed."""
    supply_terms(workshop=request.workshop)
    day = read_day(request.workshop, named=_named(request.GET.get("avec", "")))
    stock = read_stock(request.workshop, request.permissions)
    body = json.dumps({"account": account_of(request), **day, "stock": stock}, cls=DjangoJSONEncoder).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    return HttpResponse(body, content_type="application/json", headers={"ETag": etag})


def _named(text: str) -> list[int]:
    """The keys in `12,15`, as many as a device may name; what is no key is left out."""
    words = text.split(",")[:MOST_NAMED]
    return [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < KEY_LONGEST]


@require_safe
@workshop_page(Permission.PROJECTS_READ, when_read_only=True)
def part_lookup(request: WorkshopRequest) -> JsonResponse:
    """The project of a part number that the device does not carry."""
    try:
        part = find_part_by_code(request.GET.get("code", "")[:60])
    except CodeError:
        part = None
    if part is None:
        return JsonResponse({"reason": _("Unknown part number.")}, status=HTTPStatus.NOT_FOUND)
    return JsonResponse({"part": part.pk, "project": describe_project(part.project_id)})


@require_POST
@workshop_page(Permission.FLOOR_USE)
def actions(request: WorkshopRequest) -> JsonResponse:
    """Do what a device asks, each action once, and say what became of each."""
    try:
        batch = parse_batch(request.body)
    except RuleError as error:
        return JsonResponse({"reason": error.message}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    authors = authors_of(batch=batch, actor=request.actor, tablet=tablet_of(request), permissions=request.permissions)
    answers = receive(workshop=request.workshop, batch=batch, authors=authors)
    return JsonResponse({"answers": [asdict(answer) for answer in answers]})


@require_http_methods(["GET", "PUT"])
@workshop_page(Permission.FLOOR_USE)
def upload(request: WorkshopRequest, upload_key: UUID) -> JsonResponse:
    """A piece of a photo (PUT, with its offset and the whole size), or how much of it is there (GET)."""
    sender = Sender.of(request.actor, tablet_of(request))
    if is_known(upload_key):  # the answer to its action was lost: nothing is sent again
        return JsonResponse({"received": 0, "done": True})
    if request.method == "GET":
        found = find_upload(sender=sender, key=upload_key)
        return JsonResponse({"received": found.received if found else 0, "done": False})
    try:
        size, start = int(request.headers.get("Upload-Length", "")), int(request.headers.get("Upload-Offset", ""))
        received = receive_piece(
            workshop=request.workshop, sender=sender, key=upload_key, size=size, start=start, content=request.body
        )
    except (RuleError, ValueError) as error:
        return JsonResponse({"reason": str(error)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"received": received, "done": False})


@require_safe
@workshop_page(Permission.PROJECTS_READ, when_read_only=True)
def photo(request: WorkshopRequest, photo_pk: int) -> HttpResponse:
    """The smallest version of a photo, for the list of a project's photos."""
    stored = find_thumbnail(photo_pk)
    if stored is None:
        raise Http404
    return redirect(signed_url(stored))


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def conflict_decide(request: WorkshopRequest, action_pk: int) -> JsonResponse:
    """Keep one of two records."""
    action = conflict_or_404(action_pk)
    choice = request.POST.get("choice", "")
    if choice not in Choice.values:
        return JsonResponse({"reason": _("Choose one of the two.")}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        resolve_conflict(workshop=request.workshop, actor=request.actor, action=action, choice=Choice(choice))
    except RuleError as error:
        return JsonResponse({"reason": error.message}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"done": True})
