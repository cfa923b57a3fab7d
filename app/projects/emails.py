"""The messages of projects."""

from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from app.billing.usage_words import storage_words
from app.crm.services.portal_links import make_link
from app.files.selectors import get_file
from app.notify.events import StaffEvent
from app.notify.selectors import is_queued, language_of
from app.notify.services import Attachment, News, queue_email, tell_staff
from app.tenancy.actor import Actor
from app.tenancy.links import absolute_url, workshop_url
from app.tenancy.models import Workshop
from app.tenancy.permissions import Permission
from app.tenancy.selectors import list_members_with

from .constants import PhotoMoment
from .models import PhotoPurge, Project
from .photo_selectors import customer_mark, find_customer_version, get_photo_settings, list_kept_photos

LISTED_MOST = 40


def mail_purge(*, workshop: Workshop, run: PhotoPurge, is_enough: bool) -> None:
    """Tell Owners and Administrators, once each, of which projects the photos were removed."""
    went = [project for project in run.projects if project["photos"]]
    for member in list_members_with(Permission.SUBSCRIPTION_READ):
        with translation.override(member.user.language):
            words = _purge_words(run, went, is_enough=is_enough)
        queue_email(
            workshop=workshop,
            kind="photos_purged",
            to=member.user.email,
            context={
                "prenom": member.user.first_name or workshop.name,
                "lien": absolute_url(workshop_url(workshop, "billing:usage")),
                **words,
            },
            actor=Actor.system("photos removed to make room"),
            dedupe_key=f"photos:{run.pk}:{member.pk}",
            language=member.user.language,
        )


def _purge_words(run: PhotoPurge, went: list[dict[str, Any]], *, is_enough: bool) -> dict[str, str]:
    enough = _("There is room again.")
    short = _("Nothing more can be removed: the other photos belong to projects that are not delivered.")
    return {
        "nombre": ngettext("%(count)d project", "%(count)d projects", len(went)) % {"count": len(went)},
        "avant": storage_words(run.used_before),
        "apres": storage_words(run.used_after or 0),
        "limite": storage_words(run.limit),
        "projets": _listed(went),
        "suite": enough if is_enough else short,
    }


def _listed(projects: list[dict[str, Any]]) -> str:
    shown = ", ".join(f"{project['number']} ({project['photos']})" for project in projects[:LISTED_MOST])
    more = len(projects) - LISTED_MOST
    return _("%(projects)s and %(more)d others") % {"projects": shown, "more": more} if more > 0 else shown


def mail_ready(*, workshop: Workshop, project: Project, report: UUID | None, again: UUID | None = None) -> None:
    """Tell the customer that the parts wait, with the report that they may read, or word that it follows.

    Once per readiness, or again by hand, once for each key. Nothing without an address.
    """
    customer = project.customer
    if not customer.email:
        return
    path = workshop_url(workshop, "portal:project_detail", project_pk=project.pk)
    language = language_of("ready_to_collect", customer.language)
    with translation.override(language):  # sent again by hand, by somebody who may read another language
        attached = _("The final report of the work is attached.")
        follows = _("The final report of the work follows: you will find it in your space.")
    queue_email(
        workshop=workshop,
        actor=Actor.system("project ready"),
        kind="ready_to_collect",
        to=customer.email,
        context={
            "nom_client": customer.person_name or customer.display_name,
            "numero_projet": project.number,
            "rapport": attached if report else follows,
            "lien": make_link(workshop=workshop, customer=customer, path=path),
        },
        subject_ref=project,
        attachments=[*_report(report), *_result_photo(workshop, project)],
        dedupe_key=_ready_key(project, again),
        language=language,
    )


def is_told_again(project: Project, again: UUID) -> bool:
    """Whether the customer was told by hand under this key; asked while the project is held."""
    return is_queued(_ready_key(project, again))


def _ready_key(project: Project, again: UUID | None) -> str:
    key = f"project:{project.pk}:ready:{project.readiness}"
    return f"{key}:{again}" if again else key


def _result_photo(workshop: Workshop, project: Project) -> list[Attachment]:
    """The latest photo of the result, with the workshop's mark where it has chosen one; nothing before it is made."""
    if not get_photo_settings(workshop).attached_to_ready:
        return []
    mark = customer_mark(workshop)
    after = [photo for photo in list_kept_photos(project) if photo.moment == PhotoMoment.AFTER]
    versions = [find_customer_version(photo, "jpeg", mark) for photo in reversed(after)]
    found = next((version.stored for version in versions if version), None)
    return [Attachment(found.storage_key, found.name, found.content_type)] if found else []


def _report(report: UUID | None) -> list[Attachment]:
    if report is None:
        return []
    stored = get_file(report)
    return [Attachment(stored.storage_key, stored.name, stored.content_type)]


def tell_ready(*, workshop: Workshop, actor: Actor, project: Project) -> None:
    """Tell the colleagues who want to know that a project is ready, once per readiness."""
    tell_staff(
        workshop=workshop, actor=actor, event=StaffEvent.PROJECT_READY, dedupe_key=f"{project.pk}:{project.readiness}",
        news=lambda: News(_("Project ready"), f"{project.number} · {project.customer}"),
        path=workshop_url(workshop, "projects:project_detail", project_pk=project.pk),
    )  # fmt: skip
