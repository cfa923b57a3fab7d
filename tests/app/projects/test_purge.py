"""Room for photos: warnings, the removal of the oldest delivered ones, what is never removed."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.db import transaction
from django.utils import timezone

from app.audit.models import AuditEntry
from app.entitlements.constants import Dimension, Source
from app.entitlements.errors import QuotaReachedError
from app.entitlements.models import Usage
from app.entitlements.selectors import get_quota
from app.entitlements.services import allow, set_allowance
from app.files.models import FileRemoval, StoredFile
from app.files.selectors import count_stored_bytes, private_storage
from app.files.services import read_file
from app.notify.models import WorkshopEmail
from app.projects import tasks
from app.projects.constants import Handover, PhotoMoment
from app.projects.locks import lock_project
from app.projects.models import Photo, PhotoPurge, PhotoVersion, Project
from app.projects.selectors import list_steps
from app.projects.services import purging
from app.projects.services.finishing import ask_report, deliver_project
from app.projects.services.photos import add_photo
from app.projects.services.working import validate_step
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from tests import factories

from . import pictures

Make = Callable[..., Project]


@pytest.fixture
def project_with_photos(in_scope: Workshop, actor: Actor, django_capture_on_commit_callbacks: Any) -> Make:
    """Make a project with two photos, delivered so many days ago, or still running."""

    def make(delivered_days_ago: int | None = None, photos: int = 2) -> Project:
        project = factories.project(in_scope)
        with django_capture_on_commit_callbacks(execute=True):
            for number in range(photos):
                add_photo(
                    workshop=in_scope, actor=actor, project=project, content=pictures.photo(800, 600),
                    name="IMG.jpg", moment=PhotoMoment.AFTER if number else PhotoMoment.BEFORE,
                )  # fmt: skip
        if delivered_days_ago is not None:
            for step in list_steps(project):
                validate_step(workshop=in_scope, actor=actor, step=step, answers=["pass"] * len(step.checklist))
            deliver_project(workshop=in_scope, actor=actor, project=project, handover=Handover.COLLECTED)
            long_ago = timezone.now() - timedelta(days=delivered_days_ago)
            Project.objects.filter(pk=project.pk).update(delivered_at=long_ago)
        project.refresh_from_db()
        return project

    return make


def fill(workshop: Workshop, percent: float) -> int:
    """Give the workshop the storage of which what it keeps is that share; its limit."""
    limit = int(count_stored_bytes() * 100 / percent)
    allow(workshop=workshop, limits={Dimension.STORAGE: limit}, source=Source.PLAN)
    return limit


def purge(workshop: Workshop, times: int = 100) -> int:
    """Call what the worker calls until nothing is left to do; how often."""
    return next(number for number in range(times) if not purging.purge_next(workshop=workshop))


def kept(project: Project) -> int:
    return Photo.objects.filter(project=project).exclude(original=None).count()


@pytest.mark.spec("PHO-05", "PHO-06", "PHO-13", "PRJ-13", "ACC-07")
def test_the_oldest_delivered_projects_lose_their_photos_one_by_one(
    in_scope: Workshop, project_with_photos: Make
) -> None:
    recent = project_with_photos(delivered_days_ago=5)
    oldest = project_with_photos(delivered_days_ago=300)
    running = project_with_photos()
    old = project_with_photos(delivered_days_ago=100)
    limit = fill(in_scope, 91)
    assert purge(in_scope) == 1
    quota = get_quota(in_scope, Dimension.STORAGE)
    assert quota.used == count_stored_bytes()
    assert quota.used < limit * 0.8  # the report that was made on the way is counted too
    assert [kept(project) for project in (oldest, running)] == [0, 2]
    assert [kept(project) for project in (old, recent)] == [2, 2]  # one was enough
    run = PhotoPurge.objects.get()
    assert run.projects[0]["number"] == oldest.number
    assert run.finished_at and run.used_after == quota.used
    entry = AuditEntry.objects.get(action="project.photos_purged", subject_pk=oldest.pk)
    assert entry.changes["photos"] == 2
    assert entry.actor == "photos removed to make room"


@pytest.mark.spec("PHO-13", "PRJ-05")
def test_the_report_with_the_photos_is_made_before_they_go_and_opens_afterwards(
    in_scope: Workshop, project_with_photos: Make
) -> None:
    project = project_with_photos(delivered_days_ago=10)
    assert project.report_file_id is None
    fill(in_scope, 95)
    purge(in_scope)
    project.refresh_from_db()
    assert kept(project) == 0
    assert project.report_file_id
    with pikepdf.open(BytesIO(read_file(project.report_file_id))) as report:
        images = [name for page in report.pages for name in page.images]
    assert len(images) == 2
    assert Project.objects.filter(pk=project.pk, status="delivered").exists()


@pytest.mark.spec("PHO-13")
def test_what_is_noted_afterwards_does_not_replace_the_report_that_shows_the_photos(
    in_scope: Workshop, actor: Actor, project_with_photos: Make
) -> None:
    project = project_with_photos(delivered_days_ago=10)
    fill(in_scope, 95)
    purge(in_scope)
    project.refresh_from_db()
    secured = project.report_file_id
    with transaction.atomic():
        ask_report(workshop=in_scope, held=lock_project(project.pk))
    project.refresh_from_db()
    assert secured and project.report_file_id == secured
    with transaction.atomic():
        ask_report(workshop=in_scope, held=lock_project(project.pk), even_without_photos=True)
    project.refresh_from_db()
    assert project.report_file_id is None


@pytest.mark.spec("PHO-13")
def test_without_its_report_a_project_keeps_its_photos_and_the_next_one_goes(
    in_scope: Workshop, project_with_photos: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = project_with_photos(delivered_days_ago=20), project_with_photos(delivered_days_ago=10)
    make = purging.write_report

    def fail_for_one(*, workshop: Workshop, held: Project) -> None:
        if held.pk == broken.pk:
            raise OSError("no room on the disk")
        make(workshop=workshop, held=held)

    monkeypatch.setattr(purging, "write_report", fail_for_one)
    fill(in_scope, 95)
    purge(in_scope)
    assert (kept(broken), kept(sound)) == (2, 0)


@pytest.mark.spec("PHO-06")
def test_nothing_goes_under_the_threshold_and_running_projects_never_go(
    in_scope: Workshop, project_with_photos: Make
) -> None:
    delivered, running = project_with_photos(delivered_days_ago=10), project_with_photos()
    fill(in_scope, 89)
    assert purge(in_scope) == 0
    assert (kept(delivered), PhotoPurge.objects.count()) == (2, 0)
    Project.objects.filter(pk=delivered.pk).update(status="ready", delivered_at=None)
    fill(in_scope, 99)
    assert purge(in_scope) == 0
    assert (kept(delivered), kept(running), PhotoPurge.objects.count()) == (2, 2, 0)


@pytest.mark.spec("PHO-06")
def test_a_run_that_was_killed_goes_on_where_it_stopped(
    in_scope: Workshop, project_with_photos: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (project_with_photos(delivered_days_ago=days) for days in (30, 20, 10))
    project_with_photos(photos=1)
    fill(in_scope, 120)
    assert purging.purge_next(workshop=in_scope)

    def killed(*_args: object, **_named: object) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(purging, "record", killed)
        with pytest.raises(SystemExit):
            purging.purge_next(workshop=in_scope)
    assert [kept(project) for project in (first, second, third)] == [0, 2, 2]
    assert count_stored_bytes() == get_quota(in_scope, Dimension.STORAGE).used
    assert PhotoPurge.objects.get().finished_at is None
    purge(in_scope)
    run = PhotoPurge.objects.get()
    assert run.finished_at
    assert [entry["number"] for entry in run.projects][:2] == [first.number, second.number]
    assert AuditEntry.objects.filter(action="project.photos_purged").count() == len(run.projects)


@pytest.mark.spec("PHO-07", "EML-08")
def test_owners_and_administrators_get_the_list_of_what_went_once(
    in_scope: Workshop, project_with_photos: Make, owner: Membership, operator: Membership
) -> None:
    admin = factories.member(in_scope, Role.ADMIN)
    project = project_with_photos(delivered_days_ago=30)
    project_with_photos(photos=1)
    fill(in_scope, 95)
    for _ in range(2):
        purge(in_scope)
    mails = WorkshopEmail.objects.filter(kind="photos_purged")
    assert sorted(mails.values_list("to", flat=True)) == sorted([owner.user.email, admin.user.email])
    body = mails.get(to=owner.user.email).text
    assert f"{project.number} (2)" in body


@pytest.mark.spec("PHO-07", "EML-08")
def test_a_storage_that_fills_is_told_at_80_and_at_90_percent_once_each(
    in_scope: Workshop, owner: Membership, actor: Actor, project_with_photos: Make,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    project = project_with_photos(photos=1)
    one = get_quota(in_scope, Dimension.STORAGE).used
    kinds = ("storage_near", "storage_high")
    for share, told in ((83, ["storage_near"]), (93, ["storage_near", "storage_high"]), (95, None)):
        with django_capture_on_commit_callbacks(execute=True):
            allow(
                workshop=in_scope,
                limits={Dimension.STORAGE: (get_quota(in_scope, Dimension.STORAGE).used + one) * 100 // share},
                source=Source.PLAN,
            )
            add_photo(
                workshop=in_scope, actor=actor, project=project, content=pictures.photo(800, 600), name="a.jpg",
                moment=PhotoMoment.STEP,
            )  # fmt: skip
        got = list(WorkshopEmail.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True))
        assert got == (told or ["storage_near", "storage_high"])


@pytest.mark.spec("PHO-05", "PHO-06", "PLN-05")
def test_a_photo_that_does_not_fit_is_refused_and_says_whether_room_can_be_made(
    in_scope: Workshop, actor: Actor, project_with_photos: Make
) -> None:
    running = project_with_photos(photos=1)
    fill(in_scope, 99.9)
    used, files = get_quota(in_scope, Dimension.STORAGE).used, StoredFile.objects.count()

    def refused() -> str:
        with pytest.raises(QuotaReachedError) as refusal:
            add_photo(
                workshop=in_scope, actor=actor, project=running, content=pictures.photo(2000, 1500), name="a.jpg",
                moment=PhotoMoment.STEP,
            )  # fmt: skip
        return refusal.value.message

    nothing = refused()
    assert (get_quota(in_scope, Dimension.STORAGE).used, StoredFile.objects.count()) == (used, files)
    delivered = project_with_photos
    allow(workshop=in_scope, limits={Dimension.STORAGE: None}, source=Source.PLAN)
    delivered(delivered_days_ago=3, photos=1)
    fill(in_scope, 99.9)
    assert refused() != nothing


@pytest.mark.spec("PHO-11")
def test_the_publisher_gives_a_workshop_its_own_room(
    in_scope: Workshop, actor: Actor, project_with_photos: Make
) -> None:
    project = project_with_photos(photos=1)
    fill(in_scope, 99.9)
    set_allowance(workshop=in_scope, actor=actor, dimension=Dimension.STORAGE, limit=10**9)
    add_photo(
        workshop=in_scope, actor=actor, project=project, content=pictures.photo(2000, 1500), name="a.jpg",
        moment=PhotoMoment.STEP,
    )  # fmt: skip
    assert Photo.objects.count() == 2


@pytest.mark.spec("PHO-05")
def test_the_bytes_leave_the_storage_with_the_photos(
    in_scope: Workshop, project_with_photos: Make, django_capture_on_commit_callbacks: Any
) -> None:
    project = project_with_photos(delivered_days_ago=30)
    keys = list(StoredFile.objects.filter(kind__in=("photo", "photo_version")).values_list("storage_key", flat=True))
    fill(in_scope, 95)
    with django_capture_on_commit_callbacks(execute=True):
        purge(in_scope)
    assert not PhotoVersion.objects.filter(photo__project=project).exists()
    assert not FileRemoval.objects.exists()
    assert [key for key in keys if private_storage().exists(key)] == []


@pytest.mark.spec("PHO-06")
def test_the_hourly_task_finds_a_storage_that_other_files_have_filled(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(tasks, "send_on_commit", lambda _task, workshop_id: asked.append(workshop_id))
    with factories.workshop_scope(workshop.pk):
        Usage.objects.create(
            workshop=workshop, dimension=Dimension.STORAGE, period=timezone.now(), used=95, warned_at_percent=90
        )
    tasks.mind_photos()
    assert asked == [workshop.pk]
