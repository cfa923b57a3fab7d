"""The scope in Python and in PostgreSQL."""

from contextlib import nullcontext
from uuid import uuid4

import pytest
import structlog
from celery import Celery
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import ScopeError, current_scope, platform_scope, read_across, workshop_scope
from app.tenancy.selectors import find_access
from app.tenancy.tasks import WorkshopTask
from tests import factories

pytestmark = pytest.mark.spec("TEN-02", "TEN-03")


def _rows_by_sql() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM tenancy_membership")
        return int(cursor.fetchone()[0])


def test_a_tenant_query_outside_a_scope_raises(owner: Membership) -> None:
    with pytest.raises(ScopeError):
        Membership.objects.count()


def test_raw_sql_outside_a_scope_sees_no_row(owner: Membership) -> None:
    assert _rows_by_sql() == 0


def test_raw_sql_in_a_scope_sees_only_its_workshop(owner: Membership, stranger: Membership, workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        assert _rows_by_sql() == 1
        assert Membership.objects.get() == owner
    with platform_scope():
        assert _rows_by_sql() == 2


def test_a_scope_cannot_enter_another_workshop_nor_the_platform(workshop: Workshop, other_workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        with pytest.raises(ScopeError), workshop_scope(other_workshop.pk):
            pass
        with pytest.raises(ScopeError), platform_scope():
            pass
        assert current_scope() == workshop.pk


def test_a_nested_scope_gives_the_outer_one_back(owner: Membership, stranger: Membership, workshop: Workshop) -> None:
    with platform_scope():
        with workshop_scope(workshop.pk):
            assert _rows_by_sql() == 1
        assert _rows_by_sql() == 2
        with pytest.raises(ZeroDivisionError), workshop_scope(workshop.pk):
            raise ZeroDivisionError
        assert _rows_by_sql() == 2


def test_the_database_refuses_a_row_of_another_workshop(workshop: Workshop, other_workshop: Workshop) -> None:
    user = factories.person()
    with workshop_scope(workshop.pk), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Membership.objects.create(workshop=other_workshop, user=user, roles=[Role.OPERATOR])


@pytest.mark.django_db(transaction=True)
def test_the_setting_does_not_outlive_the_scope() -> None:
    workshop = factories.workshop()
    with workshop_scope(workshop.pk):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('app.workshop_id', true), session_user")
        assert cursor.fetchone() in [("thermo_app", "", "thermo_app"), ("thermo_app", None, "thermo_app")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_transaction", [False, True])
def test_what_is_read_across_workshops_leaves_no_role_behind(in_transaction: bool) -> None:
    for name in ("un", "deux"):
        factories.member(factories.workshop(name=name, slug=name), Role.OWNER)
    with transaction.atomic() if in_transaction else nullcontext():
        assert read_across("SELECT count(*) FROM tenancy_membership WHERE status = %s", ["active"]) == [(2,)]
        assert _rows_by_sql() == 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, COALESCE(current_setting('app.workshop_id', true), '')")
            assert cursor.fetchone() == ("thermo_app", "")


@pytest.mark.django_db(transaction=True)
def test_a_statement_that_fails_leaves_no_role_behind() -> None:
    factories.member(factories.workshop(), Role.OWNER)
    with pytest.raises(ProgrammingError):
        read_across("SELECT nothing FROM tenancy_membership", [])
    assert _rows_by_sql() == 0


def test_nothing_is_read_across_workshops_from_the_scope_of_one(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk), pytest.raises(ScopeError):
        read_across("SELECT 1", [])


@pytest.mark.django_db(transaction=True)
def test_the_access_of_a_request_is_made_of_whole_rows() -> None:
    workshop = factories.workshop(
        phone="+33612345678", capital="1500.50", modules_off=["batches"], logo_file_id=uuid4(),
        onboarded_at=timezone.now(), suspended_at=timezone.now(), insurance="Assureur, n° 7", accent="#aa3300",
    )  # fmt: skip
    member = factories.member(workshop, Role.OWNER, Role.ACCOUNTANT)
    found = find_access(slug=workshop.slug, user_id=member.user_id)
    assert found is not None
    with platform_scope():
        expected = Membership.objects.select_related("workshop").get(pk=member.pk)
    for one, other in ((found.membership, expected), (found.workshop, expected.workshop)):
        fields = [field.attname for field in other._meta.concrete_fields]
        assert [getattr(one, name) for name in fields] == [getattr(other, name) for name in fields]
        assert not one.get_deferred_fields()
        assert not one._state.adding
    assert found.membership.workshop is found.workshop
    assert found.has_second_factor  # factories enrol whoever must have one
    operator = find_access(slug=workshop.slug, user_id=factories.member(workshop, Role.OPERATOR).user_id)
    assert operator is not None
    assert not operator.has_second_factor
    assert find_access(slug=workshop.slug, user_id=0) is None
    assert find_access(slug="ailleurs", user_id=member.user_id) is None


@pytest.mark.spec("OPS-02")
def test_a_task_of_a_workshop_runs_in_its_scope_and_logs_under_its_number(
    owner: Membership, stranger: Membership, workshop: Workshop
) -> None:
    seen: list[tuple[int | None, int, object]] = []

    @Celery("tests", set_as_current=False).task(base=WorkshopTask)
    def counting(*, workshop_id: int) -> None:
        seen.append((current_scope(), _rows_by_sql(), structlog.contextvars.get_contextvars()["workshop_id"]))

    with structlog.contextvars.bound_contextvars(workshop_id=None):
        counting(workshop_id=workshop.pk)
    assert seen == [(workshop.pk, 1, workshop.pk)]
    assert current_scope() is None
    with pytest.raises(TypeError):
        counting()
