"""The demonstration's storage filled to 90 %: photos go project by project, each said in the trail, reports still open."""

from io import BytesIO

import pikepdf
import pytest

from app.audit.models import AuditEntry
from app.dataio.demo import loading
from app.dataio.demo.plans import Fate, Plan
from app.entitlements.constants import Dimension
from app.entitlements.selectors import get_quota
from app.entitlements.services import set_allowance
from app.files.selectors import count_stored_bytes
from app.files.services import read_file
from app.notify.models import WorkshopEmail
from app.projects.models import Photo, PhotoPurge, Project
from app.projects.tasks import purge_photos
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import platform_scope, workshop_scope

pytestmark = pytest.mark.django_db
PLANS = [
    Plan(38, Fate.SIGNED, 6, handed_over=True),
    Plan(33, Fate.SIGNED, 6, handed_over=True),
    Plan(29, Fate.SIGNED, 6, handed_over=True),
    Plan(18, Fate.SIGNED, 6, promised_in=1),
    Plan(19, Fate.SIGNED, 2, promised_in=2),
]


@pytest.mark.spec("PHO-06", "PHO-07", "PHO-13", "ACC-07")
def test_the_demonstration_filled_to_ninety_percent_loses_the_photos_of_its_oldest_projects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loading, "ATELIER", PLANS)
    monkeypatch.setattr(loading, "JANTES", [Plan(1, Fate.DRAFT)])
    loading.load_demo()
    with platform_scope():
        workshop = Workshop.objects.get(slug="atelier-demo")
    with workshop_scope(workshop.pk):
        assert Photo.objects.filter(state="ready").count() == Photo.objects.count() == 9
        limit = count_stored_bytes() * 100 // 90
        set_allowance(workshop=workshop, actor=Actor.system("tests"), dimension=Dimension.STORAGE, limit=limit)
    purge_photos(workshop_id=workshop.pk)
    with workshop_scope(workshop.pk):
        used = get_quota(workshop, Dimension.STORAGE).used
        assert used == count_stored_bytes() < limit * 0.8
        run = PhotoPurge.objects.get()
        gone = list(Project.objects.filter(pk__in=[entry["pk"] for entry in run.projects]).order_by("delivered_at"))
        delivered = list(Project.objects.filter(status="delivered").order_by("delivered_at"))
        assert 1 <= len(gone) < 3
        assert gone == delivered[: len(gone)]
        assert AuditEntry.objects.filter(action="project.photos_purged").count() == len(gone)
        for project in gone:
            assert project.report_file_id
            with pikepdf.open(BytesIO(read_file(project.report_file_id))) as report:
                assert sum(len(page.images) for page in report.pages) >= 2
        kept = Photo.objects.exclude(original=None)
        assert kept.count() == 9 - 2 * len(gone)
        assert not kept.filter(project__in=gone).exists()
        body = WorkshopEmail.objects.filter(kind="photos_purged").first()
        assert body
        assert all(project.number in body.text for project in gone)
