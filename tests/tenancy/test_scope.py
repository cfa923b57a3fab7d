"""The scope in Python and in PostgreSQL."""

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from app.tenancy.models import Membership, Workshop
from app.tenancy.permissions import Role
from app.tenancy.scope import ScopeError, current_scope, platform_scope, workshop_scope
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
