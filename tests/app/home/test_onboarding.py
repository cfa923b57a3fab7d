"""The ten steps that set a workshop up."""

import pytest
from django.test import Client, override_settings

from app.audit.models import AuditEntry
from app.billing.models import Offer
from app.billing.selectors import find_trial
from app.billing.services.catalogue import load_plans
from app.billing.services.trial import start_trial
from app.entitlements.constants import Feature
from app.home.onboarding import STEPS
from app.notify.services import queue_email
from app.notify.services.delivery import send_workshop_email
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from tests.factories import ACTOR
from tests.fakes.smtp import smtp_server

pytestmark = [pytest.mark.django_db, pytest.mark.spec("ONB-01")]
PAGE = "/app/atelier-vulcain/demarrage/"


def _now(workshop: Workshop) -> Workshop:
    with workshop_scope(workshop.pk):
        return Workshop.objects.get(pk=workshop.pk)


def _go_to(workshop: Workshop, number: int) -> None:
    with workshop_scope(workshop.pk):
        Workshop.objects.update(onboarding_step=number)


def test_there_are_ten_steps_and_each_can_be_left_and_resumed(owner_client: Client, workshop: Workshop) -> None:
    assert len(STEPS) == 10
    assert owner_client.get("/app/")["Location"] == PAGE
    for number in range(1, 10):
        assert owner_client.get(PAGE).context["number"] == number
        assert owner_client.post(PAGE, {"vers": "apres"})["Location"] == PAGE
        assert _now(workshop).onboarding_step == number + 1
    owner_client.post(PAGE, {"vers": "avant"})
    assert _now(workshop).onboarding_step == 9


@pytest.mark.spec("ONB-06")
def test_the_mailbox_may_be_left_for_later_and_the_product_sends_meanwhile(
    owner_client: Client, workshop: Workshop
) -> None:
    number = next(rank for rank, step in enumerate(STEPS, start=1) if step.page == "notify:mailbox")
    _go_to(workshop, number)
    assert f"/app/{workshop.slug}/reglages/" in owner_client.get(PAGE).content.decode()
    owner_client.post(PAGE, {"vers": "apres"})
    assert _now(workshop).onboarding_step == number + 1
    with smtp_server() as server, override_settings(PLATFORM_EMAIL_URL=server.url):
        with workshop_scope(workshop.pk):
            mail = queue_email(
                workshop=workshop, actor=ACTOR, kind="portal_link", to="zoe@client.test",
                context={"nom_client": "Zoé", "duree": "30 minutes", "lien": "https://exemple.fr"},
            )  # fmt: skip
        send_workshop_email(workshop_id=workshop.pk, email_pk=mail.pk)
        (sent,) = server.messages
    assert sent["From"].startswith(f'"{workshop.name} (ThermoGestion)"')


@pytest.mark.spec("ONB-05")
def test_the_last_step_leads_to_a_first_quote_and_is_not_proposed_again(
    owner_client: Client, workshop: Workshop
) -> None:
    _go_to(workshop, 10)
    assert "/demarrage/" in owner_client.get("/app/atelier-vulcain/").content.decode()
    assert owner_client.post(PAGE, {"vers": "apres"})["Location"] == "/app/atelier-vulcain/devis/nouveau/"
    assert _now(workshop).onboarded_at
    assert owner_client.get("/app/")["Location"] == "/app/atelier-vulcain/"
    assert "/demarrage/" not in owner_client.get("/app/atelier-vulcain/").content.decode()
    with workshop_scope(workshop.pk):
        assert AuditEntry.objects.filter(action="workshop.set_up").count() == 1


def test_a_plan_is_thought_of_without_commitment(owner_client: Client, workshop: Workshop) -> None:
    load_plans()
    with workshop_scope(workshop.pk):
        start_trial(workshop=workshop)
    _go_to(workshop, 3)
    pro = Offer.objects.get(key="pro")
    owner_client.post(PAGE, {"vers": "apres", "plan": pro.pk})
    with workshop_scope(workshop.pk):
        trial = find_trial()
        assert trial and trial.wanted_plan == pro
    _go_to(workshop, 3)
    assert owner_client.post(PAGE, {"vers": "apres", "plan": "999"}).status_code == 422
    with platform_scope():
        Offer.objects.update(is_public=False)
    assert owner_client.post(PAGE, {"vers": "apres", "plan": pro.pk}).status_code == 422
    assert _now(workshop).onboarding_step == 3


def test_the_wheels_can_be_left_out(owner_client: Client, workshop: Workshop) -> None:
    _go_to(workshop, 5)
    owner_client.post(PAGE, {"vers": "apres"})
    assert _now(workshop).modules_off == [Feature.WHEELS]
    _go_to(workshop, 5)
    owner_client.post(PAGE, {"vers": "apres", "modules": Feature.WHEELS})
    assert _now(workshop).modules_off == []


def test_every_page_that_a_step_opens_exists(owner_client: Client, workshop: Workshop) -> None:
    for number in range(6, 11):
        _go_to(workshop, number)
        assert owner_client.get(owner_client.get(PAGE).context["page"]).status_code == 200


def test_it_is_for_those_who_set_the_workshop(operator_client: Client, operator: Membership) -> None:
    assert operator_client.get(PAGE).status_code == 403
    assert operator_client.post(PAGE, {"vers": "apres"}).status_code == 403
    assert operator_client.get("/app/")["Location"] == "/app/atelier-vulcain/"
