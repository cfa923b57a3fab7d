"""The first weeks: the welcome, steps that tick themselves, tips about what is not done, which a reader can stop."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from app.accounts.models import WorkshopRequest
from app.billing.models import Trial
from app.billing.services.catalogue import load_plans
from app.billing.services.trial import start_trial
from app.home.checklist import SUBJECTS, Checklist, Line, read_checklist
from app.home.guidance import NEXT_STEPS_DAY, TIP_DAYS, guide, stop_token
from app.home.services import close_checklist, open_workshop
from app.notify.kinds import KINDS
from app.notify.models import WorkshopEmail
from app.notify.services.delivery import send_workshop_email
from app.quotes.services.sending import send_quote
from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from tests import factories
from tests.conftest import signed_in
from tests.fakes.smtp import smtp_server
from tests.queries import at_most

pytestmark = pytest.mark.django_db
HOME = "/app/atelier-vulcain/"


def _done() -> set[str]:
    return {line.subject.key for line in read_checklist().lines if line.is_done}


@pytest.mark.spec("ONB-04")
def test_each_step_ticks_itself_when_the_thing_is_done(in_scope: Workshop, owner: Membership) -> None:
    assert _done() == set()
    factories.powder(in_scope)
    assert _done() == {"powder"}
    quote = factories.quote(in_scope)
    assert _done() == {"powder", "customer"}
    send_quote(workshop=in_scope, actor=factories.ACTOR, quote=quote)
    assert _done() == {"powder", "customer", "sent"}
    factories.project(in_scope)
    factories.member(in_scope, Role.OPERATOR)
    assert _done() == {"powder", "customer", "sent", "project", "team"}
    with at_most(1):
        read_checklist()


@pytest.mark.spec("ONB-04")
def test_the_home_page_shows_them_until_they_are_put_away(owner: Membership, operator: Membership) -> None:
    browser = signed_in(owner)
    assert "premiers-pas/fermer" in browser.get(HOME).content.decode()
    assert "premiers-pas/fermer" not in signed_in(operator).get(HOME).content.decode()
    assert signed_in(operator).post(f"{HOME}premiers-pas/fermer/").status_code == 403
    assert browser.post(f"{HOME}premiers-pas/fermer/").status_code == 302
    assert "premiers-pas/fermer" not in browser.get(HOME).content.decode()


def _morning(workshop: Workshop, day: int) -> datetime:
    """Nine o'clock in Paris, so many days after a workshop that began before the working day."""
    workshop.created_at = workshop.created_at.replace(hour=5)
    return workshop.created_at.replace(hour=8) + timedelta(days=day)


def _tips(workshop: Workshop) -> list[str]:
    return list(WorkshopEmail.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.spec("ONB-09")
def test_a_tip_is_about_what_is_not_done_and_leaves_once_a_day_of_the_list(
    in_scope: Workshop, owner: Membership
) -> None:
    in_scope.created_at = born = in_scope.created_at.replace(hour=5)
    for day in range(30):
        if day == NEXT_STEPS_DAY + 1:
            factories.powder(in_scope)
        for hour in (6, 9, 10):
            moment = born.replace(hour=hour) + timedelta(days=day, hours=-1)
            with time_machine.travel(moment, tick=False):
                guide(workshop=in_scope, now=moment)
    assert _tips(in_scope) == ["next_steps", *["tip_customer"] * len(TIP_DAYS)]


@pytest.mark.spec("EML-05")
@pytest.mark.parametrize(("language", "words"), [("fr", "30 novembre 2026"), ("en", "30 November 2026")])
def test_whoever_opens_a_workshop_is_welcomed_once(language: str, words: str) -> None:
    load_plans()
    person = factories.person(first_name="Léa", language=language)
    WorkshopRequest.objects.create(user=person, workshop_name="Laquage du Lac", phone="+33476000000")
    with time_machine.travel("2026-10-31T20:00:00Z", tick=False):
        workshop = open_workshop(user_pk=person.pk)
        assert workshop and open_workshop(user_pk=person.pk) is None
    with workshop_scope(workshop.pk):
        email = WorkshopEmail.objects.get()
        trial = start_trial(workshop=workshop)
        assert (email.kind, email.to) == ("welcome", person.email)
    assert "Léa" in email.text and words in email.text and trial.ends_at.day == 30
    assert "/app/laquage-du-lac/demarrage/" in email.text and "/aide/ecran/home:onboarding/" in email.text
    assert not email.unsubscribe_url  # it answers what somebody has just done


@pytest.mark.spec("EML-05", "ONB-09")
def test_the_next_steps_name_what_is_not_done_and_nothing_else(in_scope: Workshop, owner: Membership) -> None:
    factories.powder(in_scope)
    moment = _morning(in_scope, NEXT_STEPS_DAY)
    guide(workshop=in_scope, now=moment - timedelta(days=1))
    assert _tips(in_scope) == []
    guide(workshop=in_scope, now=moment)
    email = WorkshopEmail.objects.get()
    assert email.kind == "next_steps" and email.unsubscribe_url
    for line in read_checklist().lines:
        assert (f"– {line.subject.label}" in email.text) is not line.is_done
    assert "/clients/" in email.text  # the button opens the first of them


@pytest.mark.spec("EML-05")
def test_nobody_is_written_to_when_all_is_done(
    in_scope: Workshop, owner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = Checklist(tuple(Line(subject, is_done=True) for subject in SUBJECTS))
    monkeypatch.setattr("app.home.guidance.read_checklist", lambda: done)
    guide(workshop=in_scope, now=_morning(in_scope, NEXT_STEPS_DAY))
    assert _tips(in_scope) == []


@pytest.mark.spec("EML-05")
def test_a_workshop_whose_trial_is_over_is_told_so_and_gets_no_tip(in_scope: Workshop, owner: Membership) -> None:
    trial = start_trial(workshop=in_scope)
    moment = _morning(in_scope, NEXT_STEPS_DAY)
    Trial.objects.update(ends_at=moment)
    guide(workshop=in_scope, now=moment)
    assert _tips(in_scope) == []
    Trial.objects.update(ends_at=trial.ends_at)  # put off: the list comes with the next morning
    guide(workshop=in_scope, now=moment)
    assert _tips(in_scope) == ["next_steps"]


@pytest.mark.spec("ONB-09", "NOT-09")
def test_the_reader_stops_the_tips_and_nothing_else(workshop: Workshop, owner: Membership, client: Client) -> None:
    path = f"/conseils/arreter/{stop_token(owner)}/"
    assert client.get(path).status_code == 200  # a scanner that opens the link stops nothing
    with workshop_scope(workshop.pk):
        assert Membership.objects.get(pk=owner.pk).wants_guidance
    program = Client(enforce_csrf_checks=True)  # a mail program posts with no page before, and may do it twice
    for _twice in range(2):
        assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert program.post("/conseils/arreter/autre-chose/").status_code == 404
    with workshop_scope(workshop.pk):
        assert not Membership.objects.get(pk=owner.pk).wants_guidance
        moment = workshop.created_at.replace(hour=8) + timedelta(days=5)
        guide(workshop=workshop, now=moment)
        assert _tips(workshop) == []


@pytest.mark.spec("NOT-09")
def test_a_mail_program_finds_the_address_that_stops_the_tips(
    workshop: Workshop, owner: Membership, settings: Settings
) -> None:
    with workshop_scope(workshop.pk):
        guide(workshop=workshop, now=workshop.created_at.replace(hour=8) + timedelta(days=5))
        email = WorkshopEmail.objects.get()
    with smtp_server() as server:
        settings.PLATFORM_EMAIL_URL = server.url
        send_workshop_email(workshop_id=workshop.pk, email_pk=email.pk)
        [message] = server.messages
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = message["List-Unsubscribe"].strip().strip("<>")
    assert link.startswith("http://testserver/conseils/arreter/") and link in email.text
    assert Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with workshop_scope(workshop.pk):
        assert not Membership.objects.get(pk=owner.pk).wants_guidance


@pytest.mark.spec("ONB-09")
def test_whoever_has_put_the_steps_away_gets_no_tip(in_scope: Workshop, owner: Membership) -> None:
    close_checklist(workshop=in_scope)
    in_scope.refresh_from_db()
    guide(workshop=in_scope, now=in_scope.created_at.replace(hour=8) + timedelta(days=5))
    assert _tips(in_scope) == []


def test_each_step_has_its_tip() -> None:
    assert {f"tip_{subject.key}" for subject in SUBJECTS} <= KINDS.keys()
