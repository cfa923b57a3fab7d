"""What an erased customer leaves in their projects: the work, without pictures nor words of the person.

The project and its final report are kept (ten years); its photos are not what the law asks for. They go, with their
captions and what was drawn over them, and the report is made anew without them and without the person's name.
"""

from app.audit.services import record
from app.files.models import StoredFile
from app.files.services import delete_file
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..locks import lock_project
from ..models import CustomerReport, Photo, Project
from .finishing import ask_report
from .purging import remove_photos


def erase_work_of(*, workshop: Workshop, actor: Actor, customer_pk: int) -> None:
    """Remove the photos of the customer's projects and the reports that show them; call it once they are erased."""
    for project_pk in Project.objects.filter(customer_id=customer_pk).order_by("pk").values_list("pk", flat=True):
        held = lock_project(project_pk)
        photos, freed = remove_photos(actor, held)
        Photo.objects.filter(project=held).update(caption="", marks=[], discard_reason="")
        reports = _remove_reports(actor, held)
        ask_report(workshop=workshop, held=held, even_without_photos=True)
        if photos or reports:
            changes = {"photos": photos, "bytes": freed, "reports": reports}
            record(workshop=workshop, actor=actor, action="project.photos_erased", subject=held, changes=changes)


def _remove_reports(actor: Actor, project: Project) -> int:
    """Every version of its final report, and the customer's copies; how many files."""
    CustomerReport.objects.filter(project=project).delete()
    files = list(StoredFile.objects.filter(kind="report", name=f"rapport-{project.number}.pdf"))
    if project.report_file_id:
        Project.objects.filter(pk=project.pk).update(report_file_id=None)
        project.report_file_id = None
    for stored in files:
        delete_file(actor=actor, stored=stored)
    return len(files)
