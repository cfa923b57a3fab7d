"""What an erased customer leaves in their projects, and the agreement that staff write down."""

import pytest
from django.test import Client

from app.audit.models import AuditEntry
from app.crm.services.privacy import erase_customer
from app.entitlements.constants import Dimension
from app.entitlements.selectors import get_quota
from app.files.models import StoredFile
from app.files.selectors import count_stored_bytes
from app.kernel.errors import RuleError
from app.projects.constants import ConsentMeans, Handover, PhotoMoment
from app.projects.models import CustomerReport, Photo, PhotoConsent, PhotoVersion, Project
from app.projects.photo_selectors import photos_are_shown
from app.projects.services.finishing import deliver_project
from app.projects.services.photo_rules import give_photo_consent, save_photo_settings
from app.projects.services.photos import edit_caption
from app.projects.services.reporting import issue_report
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

from .test_photo_rules import NOTHING
from .test_ready_mail import photograph
from .test_work import finish


@pytest.fixture
def delivered(in_scope: Workshop, actor: Actor) -> Project:
    """A delivered project with a captioned photo, its report and the customer's copy in English."""
    project = factories.project(in_scope, customer=factories.customer(in_scope, language="en", last_name="Duchemin"))
    photograph(in_scope, actor, project, PhotoMoment.AFTER)
    edit_caption(workshop=in_scope, actor=actor, photo=Photo.objects.get(), caption="Mme Duchemin et son portail")
    finish(in_scope, actor, project)
    project.refresh_from_db()
    deliver_project(workshop=in_scope, actor=actor, project=project, handover=Handover.COLLECTED)
    issue_report(workshop=in_scope, project_pk=project.pk)
    project.refresh_from_db()
    return project


@pytest.mark.spec("PRV-05", "PHO-08", "PHO-13")
def test_erasing_a_customer_removes_their_photos_and_the_reports_that_show_them(
    in_scope: Workshop, actor: Actor, delivered: Project
) -> None:
    assert (PhotoVersion.objects.count(), CustomerReport.objects.count()) == (4, 1)
    first = delivered.report_file_id
    erase_customer(workshop=in_scope, actor=actor, customer=delivered.customer)
    photo = Photo.objects.select_related("original").get()
    assert (photo.original, photo.caption, photo.marks) == (None, "", [])
    assert not PhotoVersion.objects.exists()
    assert not CustomerReport.objects.exists()
    assert not StoredFile.objects.filter(kind__in=["photo", "photo_version", "report"]).exists()
    assert get_quota(in_scope, Dimension.STORAGE).used == count_stored_bytes()
    assert AuditEntry.objects.get(action="project.photos_erased").changes["photos"] == 1
    issue_report(workshop=in_scope, project_pk=delivered.pk)
    delivered.refresh_from_db()
    assert delivered.report_file_id not in (None, first)


@pytest.mark.spec("PRV-05")
def test_the_photos_of_others_stay(in_scope: Workshop, actor: Actor, delivered: Project) -> None:
    other = factories.project(in_scope)
    photograph(in_scope, actor, other, PhotoMoment.BEFORE)
    erase_customer(workshop=in_scope, actor=actor, customer=delivered.customer)
    assert PhotoVersion.objects.filter(photo__project=other).count() == 4


@pytest.mark.spec("PRV-01", "PHO-12")
def test_staff_write_down_an_agreement_and_its_end(workshop: Workshop, actor: Actor, owner_client: Client) -> None:
    with workshop_scope(workshop.pk):
        project = factories.project(workshop)
        save_photo_settings(workshop=workshop, actor=actor, wanted=NOTHING | {"shown_to_customers": True})
    page = f"/app/{workshop.slug}/projets/{project.pk}/"
    assert "photo-consent" in owner_client.get(page).content.decode()
    owner_client.post(f"{page}photos/accord/", {"means": "portal"})
    with workshop_scope(workshop.pk):
        assert not PhotoConsent.objects.exists()
    owner_client.post(f"{page}photos/accord/", {"means": "counter"})
    with workshop_scope(workshop.pk):
        consent = PhotoConsent.objects.get()
        assert (consent.means, bool(consent.noted_by_name), workshop.name in consent.text) == ("counter", True, True)
        assert photos_are_shown(workshop, project.customer)
        assert AuditEntry.objects.get(action="photo.consent_given").changes["means"] == "counter"
    assert consent.noted_by_name in owner_client.get(page).content.decode()
    owner_client.post(f"{page}photos/accord/", {"withdraw": "1"})
    with workshop_scope(workshop.pk):
        assert not photos_are_shown(workshop, project.customer)
        assert PhotoConsent.objects.get().withdrawn_at


@pytest.mark.spec("PRV-01")
def test_nobody_agrees_for_an_erased_customer(in_scope: Workshop, actor: Actor, delivered: Project) -> None:
    erase_customer(workshop=in_scope, actor=actor, customer=delivered.customer)
    with pytest.raises(RuleError):
        give_photo_consent(
            workshop=in_scope, actor=actor, customer=delivered.customer, text="Oui", means=ConsentMeans.COUNTER
        )
    assert not PhotoConsent.objects.exists()
