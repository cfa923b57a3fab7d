"""The photos of a customer's own project, where the workshop shows them and the customer agrees."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from app.files.links import signed_url
from app.projects.constants import ConsentMeans
from app.projects.models import Photo, PhotoVersion, Project
from app.projects.photo_pictures import PhotoGroup, PhotoPicture, before_and_after, by_moment, picture_of
from app.projects.photo_selectors import (
    CUSTOMER_SIZES,
    customer_mark,
    find_customer_version,
    find_photo_consent,
    get_photo,
    get_photo_settings,
    list_customer_photos,
)
from app.projects.report_selectors import find_customer_report
from app.projects.services.photo_rules import give_photo_consent, withdraw_photo_consent
from app.projects.services.photo_versions import ask_customer_versions
from app.projects.services.reporting import ask_customer_report
from app.tenancy.links import workshop_url

from .found import project_or_404
from .pages import PortalRequest, customer_page

LINK_LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class CustomerPhotos:
    """What the page of a project shows of its photos: nothing, the question, or the photos."""

    count: int
    is_agreed: bool
    question: str
    groups: list[PhotoGroup]
    compared: tuple[PhotoPicture, PhotoPicture] | None
    waiting: int


def consent_text(request: PortalRequest) -> str:
    """The words that the customer agrees to, kept with their agreement."""
    words = _(
        "I agree that %(workshop)s show me the photos of my parts in this space. I can change my mind at any time."
    )
    return words % {"workshop": request.workshop.name}


def customer_photos(request: PortalRequest, project: Project) -> CustomerPhotos | None:
    """The photos that this customer may see of their project; None where the workshop does not show any."""
    if not get_photo_settings(request.workshop).shown_to_customers:
        return None
    photos = list_customer_photos(project)
    if not photos:
        return None
    if find_photo_consent(request.customer) is None:
        return CustomerPhotos(len(photos), is_agreed=False, question=consent_text(request), groups=[], compared=None,
                              waiting=0)  # fmt: skip
    pictures, missing = _pictures(request, photos)
    ask_customer_versions(workshop=request.workshop, photos=missing)
    return CustomerPhotos(len(photos), is_agreed=True, question="", groups=by_moment(pictures),
                          compared=before_and_after(pictures), waiting=len(photos) - len(pictures))  # fmt: skip


def customer_report(request: PortalRequest, project: Project) -> UUID | None:
    """The final report that this customer may read; asked for when their copy is not made yet."""
    report = find_customer_report(request.workshop, project)
    if report is None and project.report_file_id:
        ask_customer_report(workshop=request.workshop, project=project)
    return report


@require_POST
@customer_page
def photos_agree(request: PortalRequest, project_pk: int) -> HttpResponse:
    """The customer agrees to see their photos here, or no longer does."""
    project = project_or_404(request, project_pk)
    if "withdraw" in request.POST:
        withdraw_photo_consent(workshop=request.workshop, actor=request.actor, customer=request.customer)
    else:
        give_photo_consent(
            workshop=request.workshop, actor=request.actor, customer=request.customer, text=consent_text(request),
            means=ConsentMeans.PORTAL,
        )  # fmt: skip
    return redirect(workshop_url(request.workshop, "portal:project_detail", project_pk=project.pk) + "#photos")


@customer_page
def project_photo(request: PortalRequest, project_pk: int, photo_pk: int, size: str) -> HttpResponse:
    """One version of a photo, by a link that expires; 404 as soon as it may no longer be seen."""
    project = project_or_404(request, project_pk)
    if not get_photo_settings(request.workshop).shown_to_customers or find_photo_consent(request.customer) is None:
        raise Http404
    try:
        photo = get_photo(project, photo_pk)
    except Photo.DoesNotExist as error:
        raise Http404 from error
    if not photo.is_for_customer or size not in CUSTOMER_SIZES:
        raise Http404
    version = find_customer_version(photo, size, customer_mark(request.workshop))
    if version is None:
        raise Http404
    return redirect(signed_url(version.stored, ttl=LINK_LIFE))


def _pictures(request: PortalRequest, photos: list[Photo]) -> tuple[list[PhotoPicture], list[Photo]]:
    """The photos whose versions for customers are there, and those that still have to get theirs."""
    mark = customer_mark(request.workshop)
    pictures, missing = [], []
    for photo in photos:
        versions = [version for version in photo.made if version.mark_file_id == mark]
        if versions:
            pictures.append(picture_of(photo, versions, partial(_url, request, photo)))
        else:
            missing.append(photo)
    return pictures, missing


def _url(request: PortalRequest, photo: Photo, version: PhotoVersion) -> str:
    size = "jpeg" if version.content_type == "image/jpeg" else version.size
    return workshop_url(
        request.workshop, "portal:project_photo", project_pk=photo.project_id, photo_pk=photo.pk, size=size
    )
