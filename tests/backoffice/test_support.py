"""The publisher helps a workshop from inside: with a reason, for a time, reading only, in full view of the Owner."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from app.accounts.models import User
from app.audit.models import AuditEntry
from app.crm.models import Customer
from app.entitlements.constants import Feature, Source
from app.entitlements.services import grant
from app.notify.models import WorkshopEmail
from app.tenancy.models import Membership, SupportAccess, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import workshop_scope
from app.workshops.support import may_impersonate
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BOF-10")]
HOME = "/app/atelier-vulcain/"


def _authenticate(browser: Client) -> None:
    """Give the password again, as the page asks."""
    assert browser.post("/compte/reauthenticate/", {"password": factories.PASSWORD}).status_code == 302


@pytest.fixture
def recent(publisher_client: Client) -> Client:
    """The publisher has just given its password again."""
    _authenticate(publisher_client)
    return publisher_client


def _start(browser: Client, member: Membership, **data: Any) -> Any:
    path = f"/editeur/ateliers/{member.workshop_id}/aider/{member.pk}/"
    return browser.post(path, {"reason": "Devis bloqué", "minutes": 30, **data})


@pytest.fixture
def helping(recent: Client, owner: Membership) -> Client:
    """The publisher, inside the workshop as its Owner."""
    assert _start(recent, owner).headers["Location"] == HOME
    return recent


def _mails(workshop: Workshop) -> list[tuple[str, str]]:
    with workshop_scope(workshop.pk):
        return list(WorkshopEmail.objects.order_by("pk").values_list("kind", "to"))


def test_it_takes_a_fresh_password_and_a_reason(
    publisher_client: Client, owner: Membership, workshop: Workshop
) -> None:
    assert "/compte/" in _start(publisher_client, owner).headers["Location"]
    _authenticate(publisher_client)
    for wrong in ({"reason": " "}, {"minutes": 0}, {"minutes": 121}):
        assert _start(publisher_client, owner, **wrong).status_code == 422
    with workshop_scope(workshop.pk):
        assert not SupportAccess.objects.exists()
    assert _mails(workshop) == []


def test_the_owner_is_told_and_the_banner_stands_on_each_page(
    helping: Client, owner: Membership, workshop: Workshop, publisher: User
) -> None:
    page = helping.get(HOME)
    assert page.status_code == 200
    assert 'action="/support/fin/"' in page.content.decode()
    assert str(publisher) in page.content.decode()
    assert ("support_opened", owner.user.email) in _mails(workshop)
    with workshop_scope(workshop.pk):
        [entry] = AuditEntry.objects.filter(action="support.opened")
        assert (entry.actor, entry.changes["reason"]) == (str(publisher), "Devis bloqué")


def test_it_reads_and_writes_nothing(helping: Client, workshop: Workshop) -> None:
    assert helping.get(f"{HOME}clients/").status_code == 200
    answer = helping.post(f"{HOME}clients/nouveau/", {"kind": "private", "last_name": "Dupont"})
    assert answer.status_code == 403
    with workshop_scope(workshop.pk):
        assert not Customer.objects.exists()


def test_writing_is_asked_for_told_short_and_bears_both_names(
    helping: Client, workshop: Workshop, owner: Membership, publisher: User
) -> None:
    assert helping.post("/support/ecrire/", {"reason": ""}).status_code == 422
    assert helping.post("/support/ecrire/", {"reason": "Corriger un numéro"}).status_code == 302
    assert ("support_writes", owner.user.email) in _mails(workshop)
    numbers = {"quote": "D{year}-{number}", "project": "P{year}-{number}"}
    assert helping.post(f"{HOME}reglages/numeros/", numbers).status_code in (200, 302, 422)
    with workshop_scope(workshop.pk):
        changed = AuditEntry.objects.filter(action="numbering.format_changed").first()
        assert changed is None or (str(publisher) in changed.actor and str(owner.user) in changed.actor)
    for own_business in ("reglages/abonnement/resilier/", "reglages/adresse/"):
        assert helping.post(HOME + own_business, {}).status_code in (403, 404)
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert helping.post(f"{HOME}reglages/numeros/", numbers).status_code == 403


def test_nothing_of_the_person_nor_of_another_workshop_opens(
    helping: Client, owner: Membership, other_workshop: Workshop
) -> None:
    factories.member(other_workshop, Role.OWNER, user=owner.user, second_factor=False)
    elsewhere = (f"/E/{other_workshop.pk}/ABC", "/invitation/x/")
    for path in ("/compte/profil/", "/compte/2fa/", "/app/laquage-concurrent/", "/editeur/", "/cms/", *elsewhere):
        assert helping.get(path).status_code == 404, path
    assert helping.get("/app/")["Location"] == HOME  # not the list of the member's workshops
    assert helping.get(f"{HOME}imports/clients/export/").status_code == 403
    assert helping.get(f"{HOME}reglages/historique/export/").status_code == 403


@pytest.mark.parametrize(
    "file", ["poudres/export.csv", "stock/export.csv", "stock/commandes.csv", "projets/qualite/export/",
             "imports/clients/export/", "reglages/historique/export/"],
)  # fmt: skip
def test_no_file_leaves_with_the_publisher(
    helping: Client, owner_client: Client, workshop: Workshop, file: str
) -> None:
    with workshop_scope(workshop.pk):
        grant(workshop=workshop, features=list(Feature), source=Source.PUBLISHER, ends_at=None)
    answer = helping.get(HOME + file)
    assert answer.status_code == 403
    assert "Content-Disposition" not in answer
    assert owner_client.get(HOME + file).status_code == 200


def test_leaving_gives_the_publisher_back(helping: Client, workshop: Workshop, publisher: User) -> None:
    assert helping.post("/support/fin/").headers["Location"] == "/editeur/"
    assert helping.get("/editeur/").status_code == 200
    assert helping.get(HOME).status_code == 404
    with workshop_scope(workshop.pk):
        assert SupportAccess.objects.get().ended_at is not None
        assert AuditEntry.objects.filter(action="support.ended", user=publisher).count() == 1
    assert helping.post("/support/fin/").status_code == 404


def test_its_time_ends_by_itself_and_from_elsewhere(helping: Client, workshop: Workshop) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert helping.get(HOME).headers["Location"] == "/support/terminee/"
        assert helping.get("/support/terminee/").status_code == 200
    with workshop_scope(workshop.pk):
        SupportAccess.objects.update(ended_at=timezone.now())
    assert helping.get(f"{HOME}clients/").headers["Location"] == "/support/terminee/"
    assert helping.post("/support/ecrire/", {"reason": "encore"}).status_code == 404
    assert helping.post("/support/terminee/").headers["Location"] == "/editeur/"


def test_the_publishers_own_people_and_the_inactive_cannot_be_impersonated(
    recent: Client, publisher: User, workshop: Workshop, owner: Membership
) -> None:
    staff = factories.member(workshop, Role.VIEWER, email="staff@thermogestion.test", is_staff=True)
    gone = factories.member(workshop, Role.VIEWER, email="parti@vulcain.test", is_active=False)
    with workshop_scope(workshop.pk):
        left = factories.member(workshop, Role.VIEWER, email="quitte@vulcain.test")
        Membership.objects.filter(pk=left.pk).update(status="inactive")
    for member in (staff, gone):
        assert _start(recent, member).status_code == 404
    assert _start(recent, left).status_code == 422
    assert not may_impersonate(hijacker=owner.user, hijacked=staff.user)
    assert not may_impersonate(hijacker=publisher, hijacked=publisher)


def test_nobody_else_finds_the_door(owner_client: Client, owner: Membership, client: Client) -> None:
    for browser in (owner_client, client):
        assert _start(browser, owner).status_code == 404
        for path in ("/support/fin/", "/support/terminee/", "/support/ecrire/"):
            assert browser.post(path, {"reason": "x"}).status_code == 404
        assert browser.post("/hijack/acquire/", {"user_pk": owner.user_id}).status_code == 404
