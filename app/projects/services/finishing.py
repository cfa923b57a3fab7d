"""The end of a project: the customer told, the report made, the parts handed over."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from app.audit.services import record
from app.documents.services import store_pdf
from app.kernel.errors import RuleError
from app.kernel.jobs import send_on_commit
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop

from ..constants import PERFORMED, RUNNING, Handover, ProjectStatus
from ..emails import is_told_again, mail_ready
from ..locks import lock_project
from ..models import Photo, Project
from ..pdf import report_pdf
from ..photo_selectors import photos_in_preparation
from ..report_selectors import find_customer_report
from ..watching import watchers
from .course import REPORT_TASK


def resend_ready(*, workshop: Workshop, actor: Actor, project: Project, key: UUID | None = None) -> None:
    """Tell the customer again that the parts wait; RuleError when they do not, or without an address.

    The same key again tells nobody.
    """
    with transaction.atomic():
        held = lock_project(project.pk)
        if held.status != ProjectStatus.READY:
            raise RuleError(_("The project is not ready to collect."))
        if not held.customer.email:
            raise RuleError(_("This customer has no e-mail address: tell them another way, or add one."))
        again = key or uuid4()
        if is_told_again(held, again):
            return
        mail_ready(workshop=workshop, project=held, report=find_customer_report(workshop, held), again=again)
        held.ready_mail_by = None  # the customer is told: nothing waits any more
        held.save(update_fields=["ready_mail_by"])
        record(workshop=workshop, actor=actor, action="project.ready_mailed", subject=held)


def deliver_project(*, workshop: Workshop, actor: Actor, project: Project, handover: Handover) -> Project:
    """Close a ready project: collected or delivered; RuleError while a step waits. Twice changes nothing."""
    with transaction.atomic():
        held = lock_project(project.pk)
        if held.status == ProjectStatus.DELIVERED:
            return held
        if held.status != ProjectStatus.READY:
            raise RuleError(_("Validate every step before the parts leave."))
        held.status, held.delivered_at, held.handover = ProjectStatus.DELIVERED, timezone.now(), handover
        held.report_file_id, held.report_asked_at = None, timezone.now()
        held.ready_mail_by = None  # who has the parts need not be told that they wait
        held.save()
        changes = {"status": [ProjectStatus.READY, ProjectStatus.DELIVERED], "handover": handover}
        record(workshop=workshop, actor=actor, action="project.delivered", subject=held, changes=changes)
        send_on_commit(REPORT_TASK, workshop_id=workshop.pk, project_pk=held.pk)
    return held


def cancel_project(*, workshop: Workshop, actor: Actor, project: Project, reason: str) -> Project:
    """Close a project that will not be done; RuleError without a reason or once it is ready."""
    if not reason.strip():
        raise RuleError(_("Say why the project is cancelled."), field="reason")
    with transaction.atomic():
        held = lock_project(project.pk)
        if held.status not in RUNNING:
            raise RuleError(_("Only a project in progress can be cancelled."))
        for watcher in watchers():
            watcher.project_stops(workshop=workshop, actor=actor, project=held, by_customer=False)
        before, held.status = held.status, ProjectStatus.CANCELLED
        held.save(update_fields=["status"])
        changes = {"status": [before, held.status], "reason": reason.strip()}
        record(workshop=workshop, actor=actor, action="project.cancelled", subject=held, changes=changes)
    return held


def halt_project(*, workshop: Workshop, actor: Actor, project: Project) -> None:
    """The customer has withdrawn: a running project is closed; one that is ready waits for its parts to leave."""
    with transaction.atomic():
        held = lock_project(project.pk)
        if held.status in RUNNING:
            for watcher in watchers():
                watcher.project_stops(workshop=workshop, actor=actor, project=held, by_customer=True)
            before, held.status = held.status, ProjectStatus.CANCELLED
            held.save(update_fields=["status"])
            changes = {"status": [before, held.status], "reason": _("The customer has withdrawn.")}
            record(workshop=workshop, actor=actor, action="project.cancelled", subject=held, changes=changes)


def make_report(*, workshop: Workshop, project_pk: int) -> None:
    """Make the final report of a ready or delivered project unless it exists; safe to repeat."""
    with transaction.atomic():
        held = lock_project(project_pk)
        if held.report_file_id or held.status not in PERFORMED:
            return
        if photos_in_preparation(held):
            return  # asked again by the sweep: a photo is ready, or given up, within some minutes
        write_report(workshop=workshop, held=held)


def write_report(*, workshop: Workshop, held: Project) -> None:
    """Make the final report of a held project as it is now, in place of the one it had; the former file is kept."""
    content = report_pdf(workshop, held)
    stored = store_pdf(workshop=workshop, name=f"rapport-{held.number}.pdf", kind="report", content=content)
    held.report_file_id = stored.public_id
    held.save(update_fields=["report_file_id"])


def ask_report(*, workshop: Workshop, held: Project, even_without_photos: bool = False) -> None:
    """Have the report of a finished, held project made anew: what it tells has changed.

    The report that was made before photos were removed is the only one that shows them: it stays, and the history of
    the project tells what changed since, unless what it says must not be kept (`even_without_photos`).
    """
    if held.status in PERFORMED and (even_without_photos or not _has_lost_photos(held)):
        held.report_file_id, held.report_asked_at = None, timezone.now()
        held.save(update_fields=["report_file_id", "report_asked_at"])
        send_on_commit(REPORT_TASK, workshop_id=workshop.pk, project_pk=held.pk)


def _has_lost_photos(held: Project) -> bool:
    return Photo.objects.filter(project=held).exclude(purged_at=None).exists()
