"""The publisher's list of workshops, the page of each, and its acts on one."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from app.audit.models import AuditEntry
from app.billing.constants import GIGABYTE, AccessState, NoticeState
from app.billing.models import CatalogChange, ChangeNotice, Offer, SubscribedItem, Subscription, Trial
from app.billing.services.catalogue import load_plans
from app.billing.services.trial import start_trial
from app.entitlements.constants import Dimension
from app.entitlements.models import Usage
from app.entitlements.quotas import EPOCH
from app.entitlements.selectors import limit_of
from app.entitlements.services import set_allowance
from app.notify.models import WorkshopEmail
from app.tenancy.models import Membership, Workshop
from app.tenancy.scope import platform_scope, workshop_scope
from backoffice.constants import SetUpStep
from backoffice.models import SetUpItem
from tests import factories
from tests.queries import at_most

pytestmark = pytest.mark.django_db
LIST = "/editeur/ateliers/"


@pytest.fixture
def plans(db: None) -> None:
    load_plans()


def _page(workshop: Workshop) -> str:
    return f"{LIST}{workshop.pk}/"


def _names(answer: Any) -> list[str]:
    return [row.name for row in answer.context["page"].rows]


def _fill(workshop: Workshop, percent: int) -> None:
    """Use so much of a storage of 10 GB."""
    with workshop_scope(workshop.pk):
        set_allowance(workshop=workshop, actor=factories.ACTOR, dimension=Dimension.STORAGE, limit=10 * GIGABYTE)
        Usage.objects.create(
            workshop=workshop, dimension=Dimension.STORAGE, period=EPOCH, used=percent * GIGABYTE // 10
        )


def _subscribe(workshop: Workshop, key: str, **fields: Any) -> None:
    with workshop_scope(workshop.pk):
        plan = Offer.objects.get(key=key)
        held = Subscription.objects.create(workshop=workshop, status="active", plan=plan, **fields)
        SubscribedItem.objects.create(
            workshop=workshop, subscription=held, offer=plan, unit_price=Decimal(49), starts_at=timezone.now()
        )


@pytest.mark.spec("BOF-05", "BOF-07", "SCR-14")
def test_each_filter_keeps_those_that_it_names(
    publisher_client: Client, owner: Membership, workshop: Workshop, other_workshop: Workshop, plans: None
) -> None:
    with platform_scope():
        Workshop.objects.filter(pk=workshop.pk).update(access_state=AccessState.SUSPENDED)
        Workshop.objects.filter(pk=other_workshop.pk).update(country="BE", access_state=AccessState.ACTIVE)
    _fill(workshop, 90)
    _fill(other_workshop, 79)
    _subscribe(other_workshop, "pro")
    pro = Offer.objects.get(key="pro").pk
    for query, expected in {
        "q=vulc": ["Atelier Vulcain"],
        "q=laquage-conc": ["Laquage Concurrent"],
        "q=olivia@vulcain": ["Atelier Vulcain"],
        "etat=suspended": ["Atelier Vulcain"],
        "impaye=1": ["Atelier Vulcain"],
        "pays=BE": ["Laquage Concurrent"],
        f"offre={pro}": ["Laquage Concurrent"],
        "stockage=80": ["Atelier Vulcain"],
        "stockage=90": ["Atelier Vulcain"],
        "q=vulc&pays=BE": [],
        "etat=nothing&offre=x&apres=x": ["Laquage Concurrent", "Atelier Vulcain"],
    }.items():
        answer = publisher_client.get(f"{LIST}?{query}")
        assert answer.status_code == 200
        assert _names(answer) == expected, query
    counts = answer.context["counts"]
    assert (counts["all"], counts["suspended"], counts["active"]) == (2, 1, 1)
    assert (counts["near"], counts["urgent"]) == (1, 1)


@pytest.mark.spec("BOF-05")
def test_the_list_costs_the_same_whatever_its_length_and_has_pages(publisher_client: Client, plans: None) -> None:
    with platform_scope():
        Workshop.objects.bulk_create(
            [Workshop(name=f"Atelier {n:03}", slug=f"a-{n}", email="a@b.test") for n in range(120)]
        )
    publisher_client.get(LIST)
    with at_most(9):
        first = publisher_client.get(LIST)
    second = publisher_client.get(LIST, {"apres": first.context["page"].next_cursor})
    assert len(_names(first)) == len(_names(second)) == 50
    assert set(_names(first)).isdisjoint(_names(second))


@pytest.mark.spec("BOF-05")
def test_the_list_goes_to_a_spreadsheet_with_its_filters(
    publisher_client: Client, workshop: Workshop, other_workshop: Workshop
) -> None:
    with platform_scope():
        Workshop.objects.filter(pk=workshop.pk).update(name="=cmd()")
    lines = publisher_client.get(f"{LIST}export/?q=atelier-vulcain").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=cmd();atelier-vulcain;")


@pytest.mark.spec("BOF-05", "BOF-07")
def test_the_page_of_a_workshop_shows_what_it_is_and_costs_a_fixed_number_of_queries(
    publisher_client: Client, owner: Membership, workshop: Workshop, plans: None
) -> None:
    _fill(workshop, 85)
    _subscribe(workshop, "lite")
    publisher_client.get(_page(workshop))
    with at_most(26):
        answer = publisher_client.get(_page(workshop))
    text = answer.content.decode()
    assert "olivia@vulcain.test" in text and "8,5" in text and "Lite" in text
    assert f"/editeur/ateliers/{workshop.pk}/aider/{owner.pk}/" in text
    assert publisher_client.get(f"{LIST}987654/").status_code == 404


@pytest.mark.spec("BOF-05")
def test_a_plan_is_given_until_a_day_and_withdrawn(
    publisher_client: Client, owner: Membership, workshop: Workshop, plans: None
) -> None:
    pro = Offer.objects.get(key="pro").pk
    give = f"{_page(workshop)}offrir/"
    past = timezone.localdate() - timedelta(days=2)
    for wrong in ({"plan": pro}, {"plan": 0, "reason": "x"}, {"plan": pro, "reason": "x", "until": past}):
        assert publisher_client.post(give, wrong).status_code == 422
    with workshop_scope(workshop.pk):
        assert not Subscription.objects.exclude(status="none").exists()
    until = timezone.localdate() + timedelta(days=10)
    assert publisher_client.post(give, {"plan": pro, "reason": "Pilote", "until": until}).status_code == 302
    with workshop_scope(workshop.pk):
        held = Subscription.objects.get()
        assert (held.status, timezone.localdate(held.period_end)) == ("active", until)
        assert AuditEntry.objects.get(action="subscription.given").origin == "publisher"
        assert WorkshopEmail.objects.filter(kind="plan_given").count() == 1
    assert "Pilote" in publisher_client.get(_page(workshop)).content.decode()
    assert publisher_client.post(f"{_page(workshop)}retirer/", {"reason": "Fin"}).status_code == 302
    assert publisher_client.post(f"{_page(workshop)}retirer/", {"reason": "Fin"}).status_code == 422


@pytest.mark.spec("BOF-05")
def test_a_trial_is_extended_from_its_end_or_from_today(
    publisher_client: Client, owner: Membership, workshop: Workshop, plans: None
) -> None:
    extend = f"{_page(workshop)}essai/"
    assert publisher_client.post(extend, {"days": 10, "reason": "x"}).status_code == 422  # never had one
    with workshop_scope(workshop.pk):
        trial = start_trial(workshop=workshop)
    for wrong in ({"days": 0, "reason": "x"}, {"days": 366, "reason": "x"}, {"days": 10, "reason": " "}):
        assert publisher_client.post(extend, wrong).status_code == 422
    assert publisher_client.post(extend, {"days": 10, "reason": "Congés"}).status_code == 302
    with workshop_scope(workshop.pk):
        assert Trial.objects.get().ends_at == trial.ends_at + timedelta(days=10)
        Trial.objects.update(ends_at=timezone.now() - timedelta(days=5))
    assert publisher_client.post(extend, {"days": 3, "reason": "Retour"}).status_code == 302
    with workshop_scope(workshop.pk):
        assert Trial.objects.get().days_left() == 3
        assert AuditEntry.objects.filter(action="trial.extended").count() == 2
    with platform_scope():
        assert Workshop.objects.get(pk=workshop.pk).access_state == AccessState.TRIAL
    _subscribe(workshop, "lite")
    assert publisher_client.post(extend, {"days": 3, "reason": "Retour"}).status_code == 422


@pytest.mark.spec("BOF-07", "BOF-08", "PLN-17", "SUB-08", "ACC-08")
def test_a_quota_of_one_workshop_changes_with_its_history_and_its_mail(
    publisher_client: Client,
    owner: Membership,
    workshop: Workshop,
    plans: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    quota = f"{_page(workshop)}quota/"
    for wrong in (
        {"dimension": "storage", "rule": "own"},
        {"dimension": "storage", "rule": "own", "limit": "-1"},
        {"dimension": "users", "rule": "own", "limit": "1.5"},
        {"dimension": "nothing", "rule": "unlimited"},
    ):
        assert publisher_client.post(quota, wrong).status_code == 422
    assert not CatalogChange.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert publisher_client.post(quota, {"dimension": "storage", "rule": "own", "limit": "35"}).status_code == 302
    [change] = CatalogChange.objects.all()
    assert (change.kind, change.subject, change.concerned) == ("quota", "Atelier Vulcain", 1)
    assert change.changes == {"storage": [None, 35 * GIGABYTE]}
    with workshop_scope(workshop.pk):
        workshop.refresh_from_db()
        assert limit_of(workshop, Dimension.STORAGE) == 35 * GIGABYTE
        assert ChangeNotice.objects.get().state == NoticeState.DONE
        mail = WorkshopEmail.objects.get(kind="rules_changed")
        assert (mail.to, "35\u00a0G" in mail.text.replace(" ", "\u00a0")) == (owner.user.email, True)
    again = publisher_client.post(quota, {"dimension": "storage", "rule": "own", "limit": "35"})
    assert (again.status_code, CatalogChange.objects.count()) == (302, 1)
    assert publisher_client.post(quota, {"dimension": "storage", "rule": "plan"}).status_code == 302
    assert CatalogChange.objects.count() == 2


@pytest.mark.spec("BOF-21", "ONB-07")
def test_the_set_up_checklist_keeps_what_is_done_and_who_noted_it(
    publisher_client: Client, owner: Membership, workshop: Workshop
) -> None:
    path = f"{_page(workshop)}mise-en-route/"
    assert publisher_client.post(path, {"data_on": "hier"}).status_code == 422
    assert publisher_client.post(path, {"data_on": "2026-11-02", "call_note": "jeudi 10 h"}).status_code == 302
    assert publisher_client.post(path, {"data_on": "2026-11-02", "call_note": "jeudi 10 h"}).status_code == 302
    with workshop_scope(workshop.pk):
        assert {(row.step, str(row.done_on), row.note) for row in SetUpItem.objects.all()} == {
            (SetUpStep.DATA, "2026-11-02", ""),
            (SetUpStep.CALL, "None", "jeudi 10 h"),
        }
        assert AuditEntry.objects.filter(action="set_up.noted").count() == 1
    assert publisher_client.get(path).status_code == 405


def test_reading_again_needs_a_payment_service(publisher_client: Client, workshop: Workshop) -> None:
    answer = publisher_client.post(f"{_page(workshop)}relire/", follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    with workshop_scope(workshop.pk):
        assert not AuditEntry.objects.exists()
