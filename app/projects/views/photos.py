"""The photos of a project: the panel of its page, one photo, and what is done with it."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from app.files.constants import MEGABYTE, PHOTO_LARGEST
from app.files.direct import offer_slot, take_upload
from app.kernel.errors import RuleError
from app.tenancy.links import workshop_url
from app.tenancy.pages import WorkshopRequest, workshop_page
from app.tenancy.permissions import Permission

from ..constants import ConsentMeans, PhotoMoment
from ..forms import ReasonForm
from ..models import Part, Photo, Project, Step
from ..photo_forms import CaptionForm, ConsentForm, MarksForm, PhotoForm
from ..photo_pictures import before_and_after, by_moment, workshop_pictures
from ..photo_selectors import find_photo_consent, get_photo_settings, list_photos
from ..services.archiving import unarchive_photo
from ..services.photo_rules import consent_words, give_photo_consent, withdraw_photo_consent
from ..services.photos import add_photo, discard_photo, draw_marks, edit_caption, restore_photo
from .found import photo_or_404, project_or_404

PHOTOS_AT_ONCE = 20


def panel_context(
    request: WorkshopRequest, project: Project, *, parts: Iterable[Part] = (), steps: Iterable[Step] = ()
) -> dict[str, Any]:
    """What the panel of a project's page shows; its form chooses among these parts and steps."""
    photos = list_photos(project)
    pictures = workshop_pictures(request.workshop, photos)
    return {
        "project": project,
        "photo_groups": by_moment(pictures),
        "photo_count": len(photos),
        "photos_waiting": any(photo.state == "waiting" and photo.original_id for photo in photos),
        "photos_purged": next((photo.purged_at for photo in photos if photo.purged_at), None),
        "compared": before_and_after(pictures),
        "photo_form": PhotoForm(project=project, parts=parts, steps=steps),
        "photo_largest": PHOTO_LARGEST,
        "direct_upload": settings.S3_UPLOAD_ORIGIN,
        "photos_are_shown": get_photo_settings(request.workshop).shown_to_customers,
        "photo_consent": find_photo_consent(project.customer),
        "consent_form": ConsentForm(),
        "consent_words": consent_words(request.workshop),
    }


@workshop_page(Permission.PROJECTS_READ)
def photo_grid(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    """The pictures of the panel alone, to be read again while some are in preparation."""
    return render(request, "projects/photos_grid.html", panel_context(request, project_or_404(project_pk)))


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def photo_add(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    """Keep the photos that are sent: each is taken or refused by itself; JSON for the script, the page for a form."""
    project = project_or_404(project_pk)
    form = PhotoForm(request.POST, project=project)
    sent = _sent(request)
    if not form.is_valid() or not sent:
        refused = [str(error) for errors in form.errors.values() for error in errors] or [_("Choose a photo.")]
        return _answer(request, project, [], refused)
    added, refused = [], []
    key = form.cleaned_data["key"] if len(sent) == 1 else None
    for upload in sent[:PHOTOS_AT_ONCE]:
        try:
            added.append(_add(request, project, form, upload, key))
        except RuleError as error:
            refused.append(error.message)
    if len(sent) > PHOTOS_AT_ONCE:
        refused.append(_("At most %(most)d photos at once: send the others next.") % {"most": PHOTOS_AT_ONCE})
    return _answer(request, project, added, refused)


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def photo_consent(request: WorkshopRequest, project_pk: int) -> HttpResponse:
    """Write down what the customer said about seeing their photos online: they agree, or no longer do."""
    project = project_or_404(project_pk)
    form = ConsentForm(request.POST)
    whose: dict[str, Any] = {"workshop": request.workshop, "actor": request.actor, "customer": project.customer}
    try:
        if "withdraw" in request.POST:
            withdraw_photo_consent(**whose)
        elif form.is_valid():
            means = ConsentMeans(form.cleaned_data["means"])
            give_photo_consent(**whose, text=consent_words(request.workshop), means=means)
        else:
            messages.error(request, _("Say how the customer agreed."))
    except RuleError as error:
        messages.error(request, error.message)
    return redirect(workshop_url(request.workshop, "projects:project_detail", project_pk=project.pk) + "#photos")


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def photo_slot(request: WorkshopRequest, project_pk: int) -> JsonResponse:
    """Where the browser may put one photo by itself; 404 where the storage offers no such place."""
    project_or_404(project_pk)
    slot = offer_slot(request.workshop)
    if slot is None:
        raise Http404
    return JsonResponse(asdict(slot))


@workshop_page(Permission.PROJECTS_READ)
def photo_detail(request: WorkshopRequest, project_pk: int, photo_pk: int) -> HttpResponse:
    """One photo, with the previous and the next: a page of its own, or what the viewer shows."""
    project = project_or_404(project_pk)
    photo = photo_or_404(project, photo_pk)
    pictures = workshop_pictures(request.workshop, list_photos(project))
    shown = [one for group in by_moment(pictures) for one in group.pictures]
    place = next(place for place, one in enumerate(shown) if one.photo.pk == photo.pk)
    context = {
        "project": project,
        "picture": shown[place],
        "photo": shown[place].photo,
        "place": place + 1,
        "count": len(shown),
        "previous": shown[place - 1].photo if place else None,
        "next": shown[place + 1].photo if place + 1 < len(shown) else None,
    }
    template = "projects/photo_viewer.html" if request.headers.get("HX-Request") else "projects/photo_detail.html"
    return render(request, template, context)


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def photo_caption(request: WorkshopRequest, project_pk: int, photo_pk: int) -> HttpResponse:
    form = CaptionForm(request.POST)
    caption = form.cleaned_data["caption"] if form.is_valid() else form.data.get("caption", "")
    return _act(request, project_pk, photo_pk, edit_caption, _("Caption saved."), caption=caption)


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def photo_discard(request: WorkshopRequest, project_pk: int, photo_pk: int) -> HttpResponse:
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return _act(
        request, project_pk, photo_pk, discard_photo, _("Photo discarded: it is kept, and hidden."), reason=reason
    )


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def photo_restore(request: WorkshopRequest, project_pk: int, photo_pk: int) -> HttpResponse:
    return _act(request, project_pk, photo_pk, restore_photo, _("The photo is shown again."))


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def photo_unarchive(request: WorkshopRequest, project_pk: int, photo_pk: int) -> HttpResponse:
    return _act(request, project_pk, photo_pk, unarchive_photo, _("The original is at hand again."))


@require_POST
@workshop_page(Permission.PROJECTS_UPDATE)
def photo_marks(request: WorkshopRequest, project_pk: int, photo_pk: int) -> JsonResponse:
    """Save the layer drawn over a photo; `crossed` tells that somebody else had drawn in between."""
    photo = photo_or_404(project_or_404(project_pk), photo_pk)
    form = MarksForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"error": _("These annotations cannot be read.")}, status=422)
    try:
        held, crossed = draw_marks(workshop=request.workshop, actor=request.actor, photo=photo, **form.cleaned_data)
    except RuleError as error:
        return JsonResponse({"error": error.message}, status=422)
    message = _("Somebody else had drawn on this photo meanwhile; the history keeps their annotations.")
    return JsonResponse({"version": held.marks_version, "message": message if crossed else _("Annotations saved.")})


def _sent(request: WorkshopRequest) -> list[Callable[[], tuple[str, bytes]]]:
    """The name and the content of each photo, read when it is its turn; RuleError when one is too large."""
    uploads = [partial(_read, upload) for upload in request.FILES.getlist("photos")]
    return [*uploads, *(partial(_fetch, request, token) for token in request.POST.getlist("slot"))]


def _fetch(request: WorkshopRequest, token: str) -> tuple[str, bytes]:
    return "", take_upload(request.workshop, token)


def _read(upload: UploadedFile) -> tuple[str, bytes]:
    if (upload.size or 0) > PHOTO_LARGEST:
        size = {"name": upload.name, "size": (upload.size or 0) // MEGABYTE, "limit": PHOTO_LARGEST // MEGABYTE}
        raise RuleError(_("%(name)s: %(size)s MB, the limit is %(limit)s MB.") % size)
    return upload.name or "", upload.read()


def _add(
    request: WorkshopRequest, project: Project, form: PhotoForm, sent: Callable[[], tuple[str, bytes]], key: UUID | None
) -> Photo:
    data = form.cleaned_data
    name, content = sent()
    return add_photo(
        workshop=request.workshop, actor=request.actor, project=project, content=content, name=name,
        moment=PhotoMoment(data["moment"]), part=data["part"], step=data["step"], caption=data["caption"],
        taken_at=data["taken_at"], key=key,
    )  # fmt: skip


def _answer(request: WorkshopRequest, project: Project, added: list[Photo], refused: list[str]) -> HttpResponse:
    """What was taken and what was refused, to the script or to the person."""
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(
            {"added": [photo.pk for photo in added], "refused": refused}, status=201 if added or not refused else 422
        )
    for message in refused:
        messages.error(request, message)
    if added:
        done = ngettext("%(count)d photo added.", "%(count)d photos added.", len(added)) % {"count": len(added)}
        messages.success(request, done)
    return redirect(workshop_url(request.workshop, "projects:project_detail", project_pk=project.pk) + "#photos")


def _act(
    request: WorkshopRequest,
    project_pk: int,
    photo_pk: int,
    service: Callable[..., Any],
    done: str,
    /,
    **arguments: Any,
) -> HttpResponse:
    """Call the service, then show the photo with the result or the refusal."""
    photo = photo_or_404(project_or_404(project_pk), photo_pk)
    try:
        service(workshop=request.workshop, actor=request.actor, photo=photo, **arguments)
    except RuleError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect(workshop_url(request.workshop, "projects:photo_detail", project_pk=project_pk, photo_pk=photo_pk))
