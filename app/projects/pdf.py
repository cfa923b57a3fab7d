"""The final report: everything that was done, by whom, when, with reduced photos."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation

from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.tenancy.models import Workshop

from .constants import CheckAnswer
from .models import Nonconformity, Project, Step
from .passes import latest_steps, tell_course
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
    nonconformities, steps = list_nonconformities(project), list_steps(project)
    with translation.override(language):
        context = {
            "workshop": workshop,
            "logo": logo_url(workshop),
            "project": project,
            "today": timezone.localdate(),
            "parts": list_parts(project),
            "summary": summary_of(steps, nonconformities),
            "events": tell_course(steps, nonconformities),
            "nonconformities": nonconformities,
            "photos": photos,
            "photos_hidden": is_hidden,
            "powder_lines": [line for watcher in watchers() for line in watcher.report_lines(project=project)],
        }
        return render_pdf("projects/report_pdf.html", context, accent=workshop.accent)


def summary_of(steps: list[Step], nonconformities: list[Nonconformity]) -> dict[str, int]:
    """The work in figures, as it stands after its latest pass; what did not apply is not counted as a check."""
    course = latest_steps(steps)
    answers = [said["answer"] for step in course for said in step.answers]
    applied = [answer for answer in answers if answer != CheckAnswer.NOT_APPLICABLE]
    return {
        "steps": len(course),
        "steps_done": sum(step.is_done for step in course),
        "checks": len(applied),
        "checks_passed": applied.count(CheckAnswer.PASS),
        "open": sum(one.is_open for one in nonconformities),
    }
