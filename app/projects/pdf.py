"""The final report: everything that was done, by whom, when, with reduced photos."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation

from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.tenancy.models import Workshop

from .models import Project
from .passes import tell_course
from .photo_report import ReportPhoto, list_customer_report_photos, list_report_photos
from .selectors import list_nonconformities, list_parts, list_steps
from .watching import watchers


def report_pdf(workshop: Workshop, project: Project) -> bytes:
    """The PDF of the traceability of a project, in the language of the product; no price is in the context."""
    return _report(workshop, project, settings.LANGUAGE_CODE, list_report_photos(project), is_hidden=False)


def customer_report_pdf(workshop: Workshop, project: Project, mark: UUID | None, *, shows_photos: bool) -> bytes:
    """The same for the customer, in their language: with the photos that they may see, or a word in their place."""
    photos = list_customer_report_photos(project, mark) if shows_photos else []
    return _report(workshop, project, project.customer.language, photos, is_hidden=not shows_photos)


def _report(
    workshop: Workshop, project: Project, language: str, photos: list[ReportPhoto], *, is_hidden: bool
) -> bytes:
    nonconformities = list_nonconformities(project)
    with translation.override(language):
        context = {
            "workshop": workshop,
            "logo": logo_url(workshop),
            "project": project,
            "today": timezone.localdate(),
            "parts": list_parts(project),
            "events": tell_course(list_steps(project), nonconformities),
            "nonconformities": nonconformities,
            "photos": photos,
            "photos_hidden": is_hidden,
            "powder_lines": [line for watcher in watchers() for line in watcher.report_lines(project=project)],
        }
        return render_pdf("projects/report_pdf.html", context, accent=workshop.accent)
