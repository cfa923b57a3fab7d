"""Real threads, real commits: photos that arrive, are made smaller and are removed at once keep the storage exact."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from app.entitlements.constants import Dimension, Source
from app.entitlements.errors import QuotaReachedError
from app.entitlements.selectors import get_quota
from app.entitlements.services import allow
from app.files.selectors import count_stored_bytes
from app.projects.constants import Handover, PhotoMoment
from app.projects.models import Photo, PhotoPurge, PhotoVersion, Project
from app.projects.selectors import list_steps
from app.projects.services.finishing import deliver_project
from app.projects.services.photos import add_photo
from app.projects.services.working import validate_step
from app.projects.tasks import make_photo_versions, purge_photos
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.app.projects import pictures

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 6


@pytest.fixture
def shop(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    current_app.loader.import_default_modules()  # before the threads, which would meet half-registered tasks
    monkeypatch.setattr("app.kernel.jobs._send", lambda _task, _named: None)  # the tests call the tasks themselves
    assert settings.CELERY_TASK_ALWAYS_EAGER
    return factories.workshop(name="Atelier Vulcain", slug="atelier-vulcain")


def at_once(work: Any, times: int = THREADS) -> list[Any]:
    """Call `work(rank)` from threads that start on one signal."""
    start = Barrier(times)

    def one(rank: int) -> Any:
        start.wait(10)
        try:
            return work(rank)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def add(shop: Workshop, project: Project) -> Photo | None:
    try:
        with workshop_scope(shop.pk):
            return add_photo(
                workshop=shop, actor=factories.ACTOR, project=project, content=pictures.photo(800, 600), name="a.jpg",
                moment=PhotoMoment.AFTER,
            )  # fmt: skip
    except QuotaReachedError:
        return None


@pytest.mark.spec("PHO-05")
def test_photos_that_arrive_at_once_never_pass_the_room_and_none_is_lost(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        projects = [factories.project(shop) for _ in range(2)]
        one = len(pictures.photo(800, 600))
        allow(workshop=shop, limits={Dimension.STORAGE: one * 7 + one // 2}, source=Source.PLAN)

    def some(rank: int) -> int:
        return sum(add(shop, projects[rank % 2]) is not None for _ in range(3))

    taken = sum(at_once(some))
    with workshop_scope(shop.pk):
        assert Photo.objects.count() == taken == 7
        assert get_quota(shop, Dimension.STORAGE).used == count_stored_bytes()
        numbers = [list(Photo.objects.filter(project=one).values_list("number", flat=True)) for one in projects]
    assert all(sorted(found) == list(range(1, len(found) + 1)) for found in numbers)


@pytest.mark.spec("PHO-03", "PHO-05")
def test_versions_that_several_workers_make_are_kept_once(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        project = factories.project(shop)
    photo = add(shop, project)
    assert photo
    at_once(lambda _rank: make_photo_versions(workshop_id=shop.pk, photo_pk=photo.pk), 3)
    with workshop_scope(shop.pk):
        assert PhotoVersion.objects.count() == 4
        assert get_quota(shop, Dimension.STORAGE).used == count_stored_bytes()


@pytest.mark.spec("PHO-05", "PHO-06")
def test_two_workers_and_new_photos_leave_one_run_and_an_exact_counter(shop: Workshop) -> None:
    with workshop_scope(shop.pk):
        done = [factories.project(shop) for _ in range(3)]
        running = factories.project(shop)
    for project in done:
        photo = add(shop, project)
        assert photo
        make_photo_versions(workshop_id=shop.pk, photo_pk=photo.pk)
        with workshop_scope(shop.pk):
            for step in list_steps(project):
                answers = ["pass"] * len(step.checklist)
                validate_step(workshop=shop, actor=factories.ACTOR, step=step, answers=answers)
            deliver_project(workshop=shop, actor=factories.ACTOR, project=project, handover=Handover.COLLECTED)
    with workshop_scope(shop.pk):
        limit = count_stored_bytes() * 100 // 95
        allow(workshop=shop, limits={Dimension.STORAGE: limit}, source=Source.PLAN)

    def work(rank: int) -> None:
        if rank % 2:
            add(shop, running)
        else:
            purge_photos(workshop_id=shop.pk)

    at_once(work, 4)
    with workshop_scope(shop.pk):
        assert get_quota(shop, Dimension.STORAGE).used == count_stored_bytes()
        gone = [entry["pk"] for run in PhotoPurge.objects.order_by("pk") for entry in run.projects]
        assert len(gone) == len(set(gone)) >= 1
        assert not Photo.objects.filter(project=running, original=None).exists()
        assert not PhotoPurge.objects.filter(finished_at=None).exists()
