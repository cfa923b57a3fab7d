"""Real threads, real commits: the public forms sent several times at once make one account."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from app.accounts.models import User, WorkshopRequest
from app.kernel.errors import RuleError
from app.notify.constants import Provider
from app.notify.models import Mailbox
from app.notify.services.mailboxes import MailboxData, connect_mailbox
from app.tenancy.models import Invitation, Membership, Site
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from app.workshops.services.invitations import InvitationData, invite
from app.workshops.services.sites import main_site, save_site
from app.workshops.tokens import invitation_token
from tests import factories
from tests.app.accounts.test_sign_up import FORM
from tests.concurrency.test_quotes import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.app.accounts.urls")]


@pytest.mark.spec("ACT-01", "ACT-03")
def test_a_sign_up_sent_several_times_at_once_opens_one_account_and_answers_each_alike() -> None:
    def sign_up(rank: int) -> Any:
        return Client(raise_request_exception=False).post("/inscription/", FORM)

    answers = together(sign_up)
    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {(302, "/compte/confirm-email/")}
    assert User.objects.count() == EmailAddress.objects.count() == WorkshopRequest.objects.count() == 1


@pytest.mark.spec("TEA-06")
def test_an_account_made_several_times_at_once_from_an_invitation_is_one() -> None:
    workshop = factories.workshop()
    owner = factories.member(workshop, Role.OWNER, second_factor=False)
    with workshop_scope(workshop.pk):
        invitation = Invitation.objects.create(
            workshop=workshop, email="ines@vulcain.test", first_name="Inès", last_name="M", roles=[Role.VIEWER],
            invited_by=owner.user, expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
    page = f"/invitation/{invitation_token(invitation)}/"
    form = {"first_name": "Inès", "last_name": "Marchand", "password": factories.PASSWORD}

    def join(rank: int) -> Any:
        return Client(raise_request_exception=False).post(page, form)

    answers = [answer.status_code for answer in together(join)]
    assert answers.count(302) == 1
    assert set(answers) <= {302, 200, 410, 422}
    with workshop_scope(workshop.pk):
        assert Membership.objects.filter(user__email="ines@vulcain.test").count() == 1


@pytest.mark.spec("TEA-06")
def test_an_address_invited_several_times_at_once_has_one_invitation_and_the_others_are_told() -> None:
    workshop = factories.workshop()
    owner = factories.member(workshop, Role.OWNER, second_factor=False)
    data = InvitationData("ines@vulcain.test", "Inès", "Marchand", (Role.VIEWER,))

    def send(rank: int) -> Any:
        with workshop_scope(workshop.pk):
            return invite(workshop=workshop, actor=factories.ACTOR, by=owner, data=data)

    results = together(send)
    assert len([result for result in results if isinstance(result, Invitation)]) == 1
    assert {result.field for result in results if isinstance(result, RuleError)} == {"email"}
    with workshop_scope(workshop.pk):
        assert Invitation.objects.count() == 1


def test_a_site_added_several_times_at_once_is_one_and_the_others_are_told() -> None:
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        main_site(workshop=workshop)

    def add(rank: int) -> Any:
        with workshop_scope(workshop.pk):
            return save_site(workshop=workshop, actor=factories.ACTOR, name="Dépôt de Lyon")

    results = together(add)
    assert len([result for result in results if isinstance(result, Site)]) == 1
    assert {result.field for result in results if isinstance(result, RuleError)} == {"name"}


@pytest.mark.spec("NOT-02")
def test_a_mailbox_connected_several_times_at_once_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.kernel.jobs._send", lambda task, kwargs: None)  # no server is asked
    workshop = factories.workshop()
    data = MailboxData(provider=Provider.SENDGRID, address="contact@vulcain.test", secret="x")

    def connect(rank: int) -> None:
        with workshop_scope(workshop.pk):
            connect_mailbox(workshop=workshop, actor=factories.ACTOR, data=data)

    together(connect)
    with workshop_scope(workshop.pk):
        assert Mailbox.objects.count() == 1
