"""The publisher reads the messages of the site and what readers make of the help."""

import uuid

import pytest
from contact.constants import State
from contact.models import Message
from django.test import Client
from django.utils import timezone

from helpcenter.services import judge, keep_missed_search
from tests import factories

pytestmark = pytest.mark.django_db


def message(**fields: object) -> Message:
    values = {
        "token": uuid.uuid4(),
        "subject": "question",
        "name": "Nadia Roux",
        "email": "nadia@exemple.fr",
        "text": "<i>a</i>",
    }
    return Message.objects.create(**{**values, **fields})


@pytest.mark.spec("SIT-11")
def test_a_message_is_listed_read_and_closed(publisher_client: Client) -> None:
    row = message()
    assert "Nadia Roux" in publisher_client.get("/editeur/messages/").content.decode()
    page = publisher_client.get(f"/editeur/messages/{row.pk}/").content.decode()
    assert "&lt;i&gt;a" in page
    answer = publisher_client.post(f"/editeur/messages/{row.pk}/", {"state": "handled", "note": "Rappelée"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.note) == (State.HANDLED, "Rappelée")
    assert row.handled_at
    assert row.handled_by
    assert "Nadia Roux" not in publisher_client.get("/editeur/messages/?etat=new").content.decode()
    assert "Nadia Roux" in publisher_client.get("/editeur/messages/?etat=handled&q=exemple").content.decode()


@pytest.mark.parametrize("sent", [{"state": "gone"}, {"state": "new", "note": "x" * 501}])
def test_a_handling_that_makes_no_sense_changes_nothing(publisher_client: Client, sent: dict[str, str]) -> None:
    row = message()
    assert publisher_client.post(f"/editeur/messages/{row.pk}/", sent).status_code == 422
    row.refresh_from_db()
    assert row.state == State.NEW


def test_a_message_that_is_gone_is_not_found(publisher_client: Client) -> None:
    assert publisher_client.get("/editeur/messages/4040/").status_code == 404


@pytest.mark.spec("BOF-21", "ONB-07")
def test_a_call_asked_for_stands_on_the_page_of_its_workshop(publisher_client: Client) -> None:
    workshop = factories.workshop()
    row = message(subject="mise-en-route", workshop_slug=workshop.slug, call_on=timezone.localdate(), call_at="matin")
    assert f"/editeur/messages/{row.pk}/" in publisher_client.get(f"/editeur/ateliers/{workshop.pk}/").content.decode()


@pytest.mark.spec("HLP-11")
def test_the_figures_of_the_help_are_shown(publisher_client: Client) -> None:
    keep_missed_search(text="retouche au pistolet")
    judge(path="/aide/poudres/", is_useful=True, visitor="192.0.2.9", remark="Plus d’images")
    body = publisher_client.get("/editeur/aide/").content.decode()
    for shown in ("retouche au pistolet", "/aide/poudres/", "Plus d’images"):
        assert shown in body
