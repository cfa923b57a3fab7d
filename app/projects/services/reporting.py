"""What follows the final report: the copy that the customer may read, and the message that brings it.

The message is not written when the project becomes ready but when its report is there, at most `READY_MAIL_WAIT` later:
a report that cannot be made delays it, and never keeps it.
"""

from django.db import transaction
from django.utils import timezone

from app.audit.services import record
from app.documents.services import store_pdf
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import PERFORMED, ProjectStatus
from ..emails import mail_ready
from ..locks import lock_project
from ..models import CustomerReport, Project
from ..pdf import customer_report_pdf
from ..photo_selectors import list_customer_photos
from ..report_selectors import find_customer_report, wanted_report
from .finishing import make_report
from .photo_versions import refresh_customer_versions

CUSTOMER_REPORT_TASK = "projects.make_customer_report"
MAILER = Actor.system("project ready")


def issue_report(*, workshop: Workshop, project_pk: int) -> None:
    """Make the final report and the customer's copy, and send the message that waits for them; safe to repeat."""
    make_report(workshop=workshop, project_pk=project_pk)
    make_customer_report(workshop=workshop, project_pk=project_pk)
    send_ready_mail(workshop=workshop, project_pk=project_pk)


def make_customer_report(*, workshop: Workshop, project_pk: int) -> None:
    """Make the customer's copy of a report that exists, where it must differ and is not there; safe to repeat."""
    with transaction.atomic():
        held = lock_project(project_pk)
        if held.report_file_id is None or held.status not in PERFORMED or find_customer_report(workshop, held):
            return
        wanted = wanted_report(workshop, held)
        if wanted.mark_file_id:
            for photo in list_customer_photos(held):
                refresh_customer_versions(workshop=workshop, photo_pk=photo.pk)
        content = customer_report_pdf(workshop, held, wanted.mark_file_id, shows_photos=wanted.shows_photos)
        name = f"rapport-{held.number}.pdf"
        stored = store_pdf(workshop=workshop, name=name, kind="report", content=content)
        CustomerReport.objects.update_or_create(
            workshop=workshop, project=held, defaults={"file_id": stored.public_id, **wanted.as_fields()}
        )


def ask_customer_report(*, workshop: Workshop, project: Project) -> None:
    """Have the customer's copy made, for a customer who waits for it."""
    send_on_commit(CUSTOMER_REPORT_TASK, workshop_id=workshop.pk, project_pk=project.pk)


def send_ready_mail(*, workshop: Workshop, project_pk: int) -> None:
    """Send the message that waits for the report, once it is there or when it has waited long enough; once."""
    with transaction.atomic():
        held = lock_project(project_pk)
        if held.ready_mail_by is None or held.status != ProjectStatus.READY:
            return
        report = find_customer_report(workshop, held)
        if report is None and held.ready_mail_by > timezone.now():
            return
        held.ready_mail_by = None
        held.save(update_fields=["ready_mail_by"])
        mail_ready(workshop=workshop, project=held, report=report)
        if report is None:
            record(workshop=workshop, actor=MAILER, action="project.ready_mailed_bare", subject=held)
