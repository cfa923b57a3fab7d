"""Jobs of projects: ids in, one idempotent service call."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from app.kernel.jobs import send_on_commit
from app.tenancy.clock import workshop_clock
from app.tenancy.scope import workshop_scope
from app.tenancy.selectors import get_workshop, list_workshop_ids
from app.tenancy.tasks import WorkshopTask

from .photo_selectors import list_archiving_workshops, list_full_storages, list_lost_purges, list_lost_versions
from .remembering import fold_changes
from .report_selectors import list_waiting_ready_mails
from .selectors import list_lost_labels, list_lost_reports, list_workshops_with_late
from .services import archiving, labelling, lateness, photo_versions, purging, reporting
from .services.course import REPORT_TASK
from .services.labelling import LABELS_TASK
from .services.photo_versions import CUSTOMER_TASK
from .services.photos import VERSIONS_TASK
from .services.reporting import CUSTOMER_REPORT_TASK
from .services.room import PURGE_TASK

LOST_AFTER = timedelta(minutes=2)
LATE_TASK = "projects.tell_late_of_workshop"
READY_MAIL_TASK = "projects.send_ready_mail"


@shared_task(base=WorkshopTask, name=REPORT_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def make_report(*, workshop_id: int, project_pk: int) -> None:
    reporting.issue_report(workshop=get_workshop(workshop_id), project_pk=project_pk)


@shared_task(base=WorkshopTask, name=CUSTOMER_REPORT_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=4)
def make_customer_report(*, workshop_id: int, project_pk: int) -> None:
    reporting.make_customer_report(workshop=get_workshop(workshop_id), project_pk=project_pk)


@shared_task(base=WorkshopTask, name=READY_MAIL_TASK)
def send_ready_mail(*, workshop_id: int, project_pk: int) -> None:
    reporting.send_ready_mail(workshop=get_workshop(workshop_id), project_pk=project_pk)


@shared_task(base=WorkshopTask, name=LABELS_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=6)
def make_labels(*, workshop_id: int, print_pk: int) -> None:
    labelling.make_labels(workshop=get_workshop(workshop_id), print_pk=print_pk)


@shared_task(name="projects.forget")
def forget() -> None:
    """Once a night: the files of labels long since printed."""
    for workshop_id in list_workshop_ids():
        forget_labels.delay(workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name="projects.forget_labels")
def forget_labels(*, workshop_id: int) -> None:
    labelling.forget_labels()


@shared_task(name="projects.sweep")
def sweep() -> None:
    """Send again what was lost between a commit and the queue; keep the notes of changes few."""
    fold_changes()
    for workshop_id, print_pk in list_lost_labels(LOST_AFTER):
        send_on_commit(LABELS_TASK, workshop_id=workshop_id, print_pk=print_pk)
    for workshop_id, project_pk in list_lost_reports(LOST_AFTER):
        send_on_commit(REPORT_TASK, workshop_id=workshop_id, project_pk=project_pk)
    for workshop_id, project_pk in list_waiting_ready_mails():
        send_on_commit(READY_MAIL_TASK, workshop_id=workshop_id, project_pk=project_pk)
    for workshop_id, photo_pk in list_lost_versions(LOST_AFTER):
        send_on_commit(VERSIONS_TASK, workshop_id=workshop_id, photo_pk=photo_pk)
    for workshop_id in list_lost_purges(LOST_AFTER):
        send_on_commit(PURGE_TASK, workshop_id=workshop_id)


@shared_task(name=VERSIONS_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=4)
def make_photo_versions(*, workshop_id: int, photo_pk: int) -> None:
    """In two transactions: the attempt is counted even if the picture kills the worker."""
    with workshop_scope(workshop_id):
        begun = photo_versions.begin_versions(photo_pk=photo_pk)
    if begun:
        with workshop_scope(workshop_id):
            photo_versions.finish_versions(workshop=get_workshop(workshop_id), photo_pk=photo_pk)


@shared_task(base=WorkshopTask, name=CUSTOMER_TASK, autoretry_for=(OSError,), retry_backoff=5, max_retries=4)
def make_customer_versions(*, workshop_id: int, photo_pk: int) -> None:
    photo_versions.refresh_customer_versions(workshop=get_workshop(workshop_id), photo_pk=photo_pk)


@shared_task(name="projects.tell_late")
def tell_late_everywhere() -> None:
    """Every morning: one task for each workshop where something is late."""
    for workshop_id in list_workshops_with_late(timezone.localdate()):
        send_on_commit(LATE_TASK, workshop_id=workshop_id)


@shared_task(base=WorkshopTask, name=LATE_TASK)
def tell_late(*, workshop_id: int) -> None:
    lateness.tell_late(workshop=get_workshop(workshop_id), today=timezone.localdate())


@shared_task(name=PURGE_TASK)
def purge_photos(*, workshop_id: int) -> None:
    """One transaction for each project: what is removed stays removed if the worker is killed."""
    more = True
    while more:
        with workshop_scope(workshop_id), workshop_clock(workshop_id):
            more = purging.purge_next(workshop=get_workshop(workshop_id))


@shared_task(name="projects.mind_photos")
def mind_photos() -> None:
    """Every hour: room where other files have filled the storage, and originals to archive."""
    for workshop_id in list_full_storages():
        send_on_commit(PURGE_TASK, workshop_id=workshop_id)
    for workshop_id in list_archiving_workshops():
        archive_photos.delay(workshop_id=workshop_id)


@shared_task(name="projects.archive_photos")
def archive_photos(*, workshop_id: int) -> None:
    """One transaction for each project, as when they are removed."""
    more = True
    while more:
        with workshop_scope(workshop_id):
            more = archiving.archive_next(workshop=get_workshop(workshop_id))
