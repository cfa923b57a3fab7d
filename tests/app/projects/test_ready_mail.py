"""The message that the parts are ready: with the report, once, whatever happens to it; and the customer's copy of it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from app.audit.models import AuditEntry
from app.files.services import read_file
from app.kernel.errors import RuleError
from app.notify.models import WorkshopEmail
from app.projects import pdf
from app.projects.constants import ConsentMeans, Handover, PhotoMoment
from app.projects.models import CustomerReport, Project
from app.projects.report_selectors import find_customer_report, list_waiting_ready_mails
from app.projects.selectors import list_steps
from app.projects.services.finishing import deliver_project, resend_ready
from app.projects.services.photo_rules import give_photo_consent, save_photo_settings, withdraw_photo_consent
from app.projects.services.photo_versions import begin_versions, finish_versions
from app.projects.services.photos import add_photo
from app.projects.services.reporting import issue_report, make_customer_report, send_ready_mail
from app.projects.services.working import undo_step
from app.tenancy.actor import Actor
from app.tenancy.models import Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

from . import pictures
from .test_photo_rules import NOTHING, give_logo, visitor
from .test_work import finish


@pytest.fixture
def project(in_scope: Workshop) -> Project:
    return factories.project(in_scope)


def mails() -> "list[WorkshopEmail]":
    return list(WorkshopEmail.objects.filter(kind="ready_to_collect").order_by("pk"))


def picture(page: str) -> str:
    return page.split("<figure>")[1].split("data:image/jpeg;base64,")[1].split('"')[0]


def photograph(workshop: Workshop, actor: Actor, project: Project, moment: PhotoMoment) -> None:
    photo = add_photo(
        workshop=workshop, actor=actor, project=project, content=pictures.photo(), name="IMG.jpg", moment=moment
    )
    assert begin_versions(photo_pk=photo.pk)
    finish_versions(workshop=workshop, photo_pk=photo.pk)


@pytest.mark.spec("PRJ-06", "EML-46", "PRJ-08")
def test_it_leaves_once_with_the_report(in_scope: Workshop, project: Project, actor: Actor) -> None:
    ready = finish(in_scope, actor, project)
    assert mails() == []
    for _ in range(2):
        issue_report(workshop=in_scope, project_pk=project.pk)
    [mail] = mails()
    assert mail.to == project.customer.email
    assert [file["name"] for file in mail.attachments] == [f"rapport-{project.number}.pdf"]
    resend_ready(workshop=in_scope, actor=actor, project=ready)
    assert [len(mail.attachments) for mail in mails()] == [1, 1]
    undo_step(workshop=in_scope, actor=actor, step=list_steps(project)[-1], reason="Reprise d'une coulure")
    finish(in_scope, actor, project)
    issue_report(workshop=in_scope, project_pk=project.pk)
    assert len(mails()) == 3


@pytest.mark.spec("PRJ-06")
def test_a_second_click_tells_the_customer_once_more_and_not_twice(
    in_scope: Workshop, project: Project, actor: Actor
) -> None:
    ready = finish(in_scope, actor, project)
    issue_report(workshop=in_scope, project_pk=project.pk)
    for key in (UUID(int=1), UUID(int=1), UUID(int=2)):
        resend_ready(workshop=in_scope, actor=actor, project=ready, key=key)
    assert len(mails()) == 3
    assert AuditEntry.objects.filter(action="project.ready_mailed").count() == 2


@pytest.mark.spec("PRJ-06")
def test_the_page_of_a_project_carries_the_key_of_its_button(
    owner_client: Client, workshop: Workshop, actor: Actor
) -> None:
    with workshop_scope(workshop.pk):
        ready = finish(workshop, actor, factories.project(workshop))
        issue_report(workshop=workshop, project_pk=ready.pk)
        before = len(mails())
    page = f"/app/atelier-vulcain/projets/{ready.pk}/"
    found = re.search(r'name="key" value="([0-9a-f-]{36})"', owner_client.get(page).content.decode())
    assert found
    for _click in range(2):
        assert owner_client.post(f"{page}pret/renvoyer/", {"key": found[1]}).status_code == 302
    with workshop_scope(workshop.pk):
        assert len(mails()) == before + 1


@pytest.mark.spec("PRJ-06")
def test_a_report_that_cannot_be_made_delays_the_message_and_never_keeps_it(
    workshop: Workshop, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workshop_scope(workshop.pk):
        project = factories.project(workshop)
        finish(workshop, actor, project)

    def broken(*_args: object, **_named: object) -> bytes:
        raise OSError("no room left")

    with monkeypatch.context() as patched, workshop_scope(workshop.pk):
        patched.setattr("app.projects.services.finishing.report_pdf", broken)
        with pytest.raises(OSError, match="no room"):
            issue_report(workshop=workshop, project_pk=project.pk)
        send_ready_mail(workshop=workshop, project_pk=project.pk)
        assert mails() == []
    assert list_waiting_ready_mails() == []
    with workshop_scope(workshop.pk):
        Project.objects.filter(pk=project.pk).update(ready_mail_by=timezone.now() - timedelta(seconds=1))
    assert list_waiting_ready_mails() == [(workshop.pk, project.pk)]
    with workshop_scope(workshop.pk):
        for _ in range(2):
            send_ready_mail(workshop=workshop, project_pk=project.pk)
        [mail] = mails()
        assert mail.attachments == []
        assert AuditEntry.objects.filter(action="project.ready_mailed_bare").count() == 1
        issue_report(workshop=workshop, project_pk=project.pk)
        assert len(mails()) == 1
        project.refresh_from_db()
        assert find_customer_report(workshop, project)
    assert list_waiting_ready_mails() == []


@pytest.mark.spec("PRJ-06")
def test_it_does_not_leave_for_parts_that_are_gone_or_back_at_work(
    in_scope: Workshop, project: Project, actor: Actor
) -> None:
    back = factories.project(in_scope)
    finish(in_scope, actor, back)
    undo_step(workshop=in_scope, actor=actor, step=list_steps(back)[-1], reason="Coulure")
    ready = finish(in_scope, actor, project)
    deliver_project(workshop=in_scope, actor=actor, project=ready, handover=Handover.COLLECTED)
    for one in (back, project):
        issue_report(workshop=in_scope, project_pk=one.pk)
    assert mails() == []


@pytest.mark.spec("PRJ-06")
def test_a_customer_without_an_address_gets_no_mail(in_scope: Workshop, actor: Actor) -> None:
    project = factories.project(in_scope, customer=factories.customer(in_scope, email=""))
    assert finish(in_scope, actor, project).status == "ready"
    issue_report(workshop=in_scope, project_pk=project.pk)
    assert not WorkshopEmail.objects.exists()


# -- the customer's copy


@pytest.fixture
def as_html(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The pages that would be PDF, in order; they are still PDF."""
    made: list[str] = []
    render = pdf.render_pdf

    def both(template: str, context: dict[str, Any], *, accent: str = "") -> bytes:
        made.append(render_to_string(template, context))
        return render(template, context, accent=accent)

    monkeypatch.setattr(pdf, "render_pdf", both)
    yield made


def test_the_workshops_report_is_the_customers_where_both_are_the_same(
    in_scope: Workshop, project: Project, actor: Actor
) -> None:
    finish(in_scope, actor, project)
    issue_report(workshop=in_scope, project_pk=project.pk)
    project.refresh_from_db()
    assert find_customer_report(in_scope, project) == project.report_file_id
    assert not CustomerReport.objects.exists()


@pytest.mark.spec("PRJ-05")
def test_a_customer_reads_it_in_their_language(in_scope: Workshop, actor: Actor, as_html: list[str]) -> None:
    project = factories.project(in_scope, customer=factories.customer(in_scope, language="en"))
    finish(in_scope, actor, project)
    issue_report(workshop=in_scope, project_pk=project.pk)
    own, copy = as_html
    assert "Rapport final" in own
    assert "Final report" in copy
    assert "Powder really used" in copy
    [mail] = mails()
    assert len(mail.attachments) == 1
    stored = CustomerReport.objects.get(project=project)
    with pikepdf.open(BytesIO(read_file(stored.file_id))) as document:
        assert len(document.pages) >= 1


@pytest.mark.spec("PHO-12")
def test_its_photos_are_those_that_the_customer_may_see(
    in_scope: Workshop, project: Project, actor: Actor, as_html: list[str]
) -> None:
    photograph(in_scope, actor, project, PhotoMoment.AFTER)
    finish(in_scope, actor, project)
    issue_report(workshop=in_scope, project_pk=project.pk)
    own, hidden = as_html
    assert own.count("<figure>") == 1
    assert "<figure>" not in hidden
    project.refresh_from_db()
    customer, first = project.customer, find_customer_report(in_scope, project)
    assert first not in (None, project.report_file_id)
    save_photo_settings(workshop=in_scope, actor=actor, wanted=NOTHING | {"shown_to_customers": True})
    assert find_customer_report(in_scope, project) == first
    give_photo_consent(workshop=in_scope, actor=actor, customer=customer, text="Oui", means=ConsentMeans.PORTAL)
    assert find_customer_report(in_scope, project) == project.report_file_id
    withdraw_photo_consent(workshop=in_scope, actor=actor, customer=customer)
    assert find_customer_report(in_scope, project) == first


@pytest.mark.spec("PHO-12", "PHO-10")
def test_a_defect_stays_in_the_workshop_and_the_logo_is_laid_over_the_rest(
    in_scope: Workshop, project: Project, actor: Actor, as_html: list[str]
) -> None:
    for moment in (PhotoMoment.DEFECT, PhotoMoment.AFTER):
        photograph(in_scope, actor, project, moment)
    give_photo_consent(workshop=in_scope, actor=actor, customer=project.customer, text="Oui",
                       means=ConsentMeans.PORTAL)  # fmt: skip
    save_photo_settings(workshop=in_scope, actor=actor, wanted=NOTHING | {"shown_to_customers": True})
    finish(in_scope, actor, project)
    issue_report(workshop=in_scope, project_pk=project.pk)
    assert [page.count("<figure>") for page in as_html] == [2, 1]
    give_logo(in_scope, actor, "#00ff00")
    save_photo_settings(
        workshop=in_scope, actor=actor, wanted=NOTHING | {"shown_to_customers": True, "watermark": True}
    )
    project.refresh_from_db()
    assert find_customer_report(in_scope, project) is None
    make_customer_report(workshop=in_scope, project_pk=project.pk)
    marked, plain = as_html[2], as_html[1]
    assert picture(marked) != picture(plain)
    assert find_customer_report(in_scope, project)


@pytest.mark.spec("PHO-12")
def test_the_portal_asks_for_a_copy_that_no_longer_holds(
    workshop: Workshop, actor: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    with workshop_scope(workshop.pk):
        project = factories.project(workshop, customer=factories.customer(workshop, language="en"))
        finish(workshop, actor, project)
        issue_report(workshop=workshop, project_pk=project.pk)
        CustomerReport.objects.all().delete()
    client, page = visitor(workshop, project), f"/espace/{workshop.slug}/projets/{project.pk}/"
    assert client.get(f"{page}rapport/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert "rapport/" not in client.get(page).content.decode()
    assert "rapport/" in client.get(page).content.decode()
    assert client.get(f"{page}rapport/").status_code == 302


@pytest.mark.spec("PRJ-06", "EML-46")
def test_nobody_is_said_to_be_told_without_an_address(in_scope: Workshop, actor: Actor, project: Project) -> None:
    project.customer.email = ""
    project.customer.save()
    finish(in_scope, actor, project)
    entries = AuditEntry.objects.filter(action="project.ready_mailed")
    with pytest.raises(RuleError):
        resend_ready(workshop=in_scope, actor=actor, project=project)
    assert not entries.exists()
    assert not WorkshopEmail.objects.exists()


@pytest.mark.spec("PRJ-06", "LNG-01")
def test_sent_again_by_somebody_who_reads_english_it_is_still_french(
    in_scope: Workshop, project: Project, actor: Actor
) -> None:
    finish(in_scope, actor, project)
    with translation.override("en"):
        resend_ready(workshop=in_scope, actor=actor, project=project)
    assert "final report" not in mails()[-1].text
    assert "rapport" in mails()[-1].text
