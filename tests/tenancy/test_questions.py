"""Questions that are written once are answered as the ORM answers them, for each workshop and key."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from app.crm.models import Customer
from app.projects.models import Project
from app.tenancy.models import Workshop
from app.tenancy.questions import QuestionError, written_once
from app.tenancy.scope import ScopeError, platform_scope, workshop_scope
from tests import factories

pytestmark = pytest.mark.django_db


@written_once
def projects_of(customer_pk: int, status: str = "") -> "QuerySet[Project]":
    rows = Project.objects.filter(customer_id=customer_pk).select_related("customer").order_by("pk")
    return rows.filter(status=status) if status else rows


@pytest.fixture
def atelier() -> Iterator[Workshop]:
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        yield workshop


def test_one_question_answers_for_each_key_and_each_workshop() -> None:
    for workshop in (factories.workshop(), factories.workshop()):
        with workshop_scope(workshop.pk):
            mine, other = factories.project(workshop), factories.project(workshop)
            for project in (mine, other):
                [found] = projects_of(project.customer_id)
                with CaptureQueriesContext(connection) as asked:
                    assert (found, found.customer, found.customer.workshop_id) == (
                        project, project.customer, workshop.pk
                    )  # fmt: skip
                assert not asked.captured_queries


@pytest.mark.spec("TEN-01")
def test_another_workshop_s_key_finds_nothing() -> None:
    here, elsewhere = factories.workshop(), factories.workshop()
    with workshop_scope(here.pk):
        project = factories.project(here)
    with workshop_scope(elsewhere.pk):
        assert projects_of(project.customer_id) == []
    with workshop_scope(here.pk):
        assert projects_of(project.customer_id) == [project]


@pytest.mark.spec("TEN-01")
def test_outside_a_workshop_s_scope_nothing_is_asked() -> None:
    with pytest.raises(ScopeError):
        projects_of(1)
    with platform_scope(), pytest.raises(ScopeError):
        projects_of(1)


def test_another_status_is_another_question(atelier: Workshop) -> None:
    project = factories.project(atelier)
    assert projects_of(project.customer_id, str(project.status)) == [project]
    assert projects_of(project.customer_id, "delivered") == []


def test_a_day_is_asked_with(atelier: Workshop) -> None:
    project = factories.project(atelier, promised_on=date(2026, 11, 23))

    @written_once
    def promised(on: date) -> "QuerySet[Project]":
        return Project.objects.filter(promised_on=on)

    assert promised(date(2026, 11, 22)) == []
    assert promised(date(2026, 11, 23)) == [project]


def test_values_and_what_is_worked_out_come_too(atelier: Workshop) -> None:
    customer = factories.customer(atelier, city="Lyon")

    @written_once
    def cities(pk: int) -> Any:
        return Customer.objects.filter(pk=pk).annotate(place=F("city")).values_list("place", flat=True)

    @written_once
    def named(pk: int) -> Any:
        return Customer.objects.filter(pk=pk).only("city").annotate(place=F("city"))

    assert cities(customer.pk) == ["Lyon"]
    [found] = named(customer.pk)
    assert (found.place, found.get_deferred_fields() > {"last_name"}) == ("Lyon", True)


def test_what_is_no_key_is_refused(atelier: Workshop) -> None:
    customer = factories.customer(atelier)
    titles = iter("abc")

    @written_once
    def by_more(pk: int) -> "QuerySet[Project]":
        return Project.objects.filter(customer_id=pk, title=next(titles))

    @written_once
    def first(size: int) -> "QuerySet[Project]":
        return Project.objects.all()[:size]

    @written_once
    def with_parts(pk: int) -> "QuerySet[Project]":
        return Project.objects.filter(pk=pk).prefetch_related("parts")

    @written_once
    def of_today(pk: int) -> "QuerySet[Project]":
        return Project.objects.filter(customer_id=pk, created_at__gte=timezone.now())

    for ask in (by_more, first, with_parts, of_today):
        with pytest.raises(QuestionError):
            ask(customer.pk)
