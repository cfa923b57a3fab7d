"""The mail of the late projects: to whom, how often, about what."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from app.notify.events import StaffEvent
from app.notify.models import PushDevice, PushMessage, WorkshopEmail
from app.notify.services.staff import choose
from app.projects.constants import Priority
from app.projects.models import Project
from app.projects.services.lateness import tell_late
from app.projects.services.working import edit_project
from app.projects.tasks import tell_late_everywhere
from app.tenancy.actor import Actor
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import workshop_scope
from tests import factories

TODAY = date(2026, 3, 10)


def promise(workshop: Workshop, project: Project, day: date) -> None:
    edit_project(workshop=workshop, actor=Actor.system("tests"), project=project, dropped_on=None, promised_on=day,
                 priority=Priority.NORMAL, final_use="", note="")  # fmt: skip


@pytest.mark.spec("PRJ-11", "EML-18")
def test_whoever_works_on_projects_hears_once_a_day(
    in_scope: Workshop, owner: Membership, operator: Membership, accountant: Membership, viewer: Membership
) -> None:
    late, soon = factories.project(in_scope), factories.project(in_scope)
    promise(in_scope, late, TODAY - timedelta(days=2))
    promise(in_scope, soon, TODAY)
    for _ in range(2):
        tell_late(workshop=in_scope, today=TODAY)
    mails = WorkshopEmail.objects.filter(kind="late_projects")
    assert {mail.to for mail in mails} == {owner.user.email, operator.user.email}
    assert mails.count() == 2
    text = mails[0].text
    assert late.number in text
    assert soon.number not in text
    assert "?retard=1" in text
    tell_late(workshop=in_scope, today=TODAY + timedelta(days=1))
    assert mails.all().count() == 4
    assert soon.number in mails.order_by("-pk")[0].text


@pytest.mark.spec("PRJ-11")
def test_nothing_late_sends_nothing(in_scope: Workshop, owner: Membership) -> None:
    promise(in_scope, factories.project(in_scope), TODAY)
    tell_late(workshop=in_scope, today=TODAY)
    assert not WorkshopEmail.objects.exists()


@pytest.mark.spec("PRJ-11")
def test_a_crash_in_the_middle_gives_nobody_a_second_mail(
    in_scope: Workshop, owner: Membership, operator: Membership
) -> None:
    promise(in_scope, factories.project(in_scope), TODAY - timedelta(days=1))
    tell_late(workshop=in_scope, today=TODAY)
    WorkshopEmail.objects.filter(to=operator.user.email).delete()
    tell_late(workshop=in_scope, today=TODAY)
    mails = WorkshopEmail.objects.filter(kind="late_projects")
    assert sorted(mail.to for mail in mails) == sorted([owner.user.email, operator.user.email])


@pytest.mark.spec("PRJ-11")
def test_twenty_are_named_and_the_others_counted(in_scope: Workshop, owner: Membership) -> None:
    customer = factories.customer(in_scope)
    for _ in range(23):
        promise(in_scope, factories.project(in_scope, customer=customer), TODAY - timedelta(days=1))
    tell_late(workshop=in_scope, today=TODAY)
    [mail] = WorkshopEmail.objects.filter(kind="late_projects")
    assert mail.text.count("· Jantes ·") == 20


@pytest.mark.spec("PRJ-11", "TEN-04")
def test_every_workshop_hears_of_its_own(
    workshop: Workshop, other_workshop: Workshop, owner: Membership, stranger: Membership,
    django_capture_on_commit_callbacks: object,
) -> None:  # fmt: skip
    yesterday = timezone.localdate() - timedelta(days=1)
    with workshop_scope(workshop.pk):
        promise(workshop, factories.project(workshop), yesterday)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tell_late_everywhere()
    with workshop_scope(workshop.pk):
        assert WorkshopEmail.objects.filter(kind="late_projects", to=owner.user.email).exists()
    with workshop_scope(other_workshop.pk):
        assert not WorkshopEmail.objects.exists()


@pytest.mark.spec("PRJ-11", "PSH-01")
def test_each_hears_as_they_chose(in_scope: Workshop, owner: Membership, operator: Membership) -> None:
    choose(workshop=in_scope, user_pk=owner.user_id, wanted={StaffEvent.PROJECT_LATE: (False, True)})
    for number, member in enumerate((owner, operator)):
        PushDevice.objects.create(
            workshop=in_scope, user=member.user, endpoint=f"https://push.example/{number}", p256dh="x", auth="y"
        )
    promise(in_scope, factories.project(in_scope), TODAY - timedelta(days=1))
    for _ in range(2):
        tell_late(workshop=in_scope, today=TODAY)
    assert [mail.to for mail in WorkshopEmail.objects.filter(kind="late_projects")] == [operator.user.email]
    assert PushMessage.objects.filter(event=StaffEvent.PROJECT_LATE).count() == 2
