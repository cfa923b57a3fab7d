"""Which final report a customer may read."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope

from .models import CustomerReport, Project
from .photo_selectors import customer_mark, list_photos, photos_are_shown


@dataclass(frozen=True)
class WantedReport:
    """What the customer's copy must be made of to hold today."""

    report_file_id: UUID | None
    language: str
    shows_photos: bool
    mark_file_id: UUID | None

    def as_fields(self) -> dict[str, Any]:
        """As the row of a copy keeps it."""
        return asdict(self)


def wanted_report(workshop: Workshop, project: Project) -> WantedReport:
    """The customer's language, and their photos where the workshop shows them and they have agreed."""
    is_shown = photos_are_shown(workshop, project.customer)
    mark = customer_mark(workshop) if is_shown else None
    return WantedReport(project.report_file_id, project.customer.language, is_shown, mark)


def find_customer_report(workshop: Workshop, project: Project) -> UUID | None:
    """The file that the customer may read today; None until it is made.

    It is the workshop's own report where both would be the same.
    """
    if project.report_file_id is None:
        return None
    wanted = wanted_report(workshop, project)
    if wanted.language == settings.LANGUAGE_CODE and _shows_the_same(project, wanted):
        return project.report_file_id
    copy = CustomerReport.objects.filter(project=project, **wanted.as_fields()).first()
    return copy.file_id if copy else None


def list_waiting_ready_mails() -> list[tuple[int, int]]:
    """Workshop and project whose message to the customer has waited long enough for the report."""
    with platform_scope():
        waiting = Project.objects.filter(ready_mail_by__lte=timezone.now())
        return list(waiting.values_list("workshop_id", "pk")[:500])


def _shows_the_same(project: Project, wanted: WantedReport) -> bool:
    photos = [photo for photo in list_photos(project) if photo.discarded_at is None]
    return not photos or (
        wanted.shows_photos and wanted.mark_file_id is None and all(photo.is_for_customer for photo in photos)
    )
