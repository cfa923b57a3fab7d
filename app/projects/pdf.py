"""The final report: everything that was done, by whom, when, with reduced photos."""

from django.conf import settings
from django.utils import timezone, translation

from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.tenancy.models import Workshop

from .models import Project
from .passes import tell_course
from .photo_report import list_report_photos
from .selectors import list_nonconformities, list_parts, list_steps
from .watching import watchers


def report_pdf(workshop: Workshop, project: Project) -> bytes:
    """The PDF of the traceability of a project, in the language of the product; no price is in the context."""
    nonconformities = list_nonconformities(project)
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "workshop": workshop,
            "logo": logo_url(workshop),
            "project": project,
            "today": timezone.localdate(),
            "parts": list_parts(project),
            "events": tell_course(list_steps(project), nonconformities),
            "nonconformities": nonconformities,
            "photos": list_report_photos(project),
            "powder_lines": [line for watcher in watchers() for line in watcher.report_lines(project=project)],
        }
        return render_pdf("projects/report_pdf.html", context, accent=workshop.accent)
