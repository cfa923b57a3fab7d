"""The final report: everything that was done, by whom, when."""

from app.documents.pdf import render_pdf
from app.documents.pictures import logo_url
from app.tenancy.models import Workshop

from .models import Project
from .photo_report import list_report_photos
from .selectors import list_parts, list_steps


def report_pdf(workshop: Workshop, project: Project) -> bytes:
    """The PDF of the traceability of a project; no price is in the context."""
    context = {
        "workshop": workshop,
        "logo": logo_url(workshop),
        "project": project,
        "parts": list_parts(project),
        "steps": list_steps(project),
        "photos": list_report_photos(project),
    }
    return render_pdf("projects/report_pdf.html", context, accent=workshop.accent)
