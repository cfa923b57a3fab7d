"""No row of a workshop is read or written from another one, whatever the model: models are discovered, not listed."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.db.utils import IntegrityError, ProgrammingError

from app.crm.models import Customer
from app.quotes.models import Quote
from app.tenancy.base import TenantModel
from app.tenancy.models import Workshop
from app.tenancy.rls import tenant_foreign_keys, tenant_models
from app.tenancy.scope import platform_scope, workshop_scope
from tests import factories
from tests.tenancy.rows import make_row

pytestmark = [pytest.mark.django_db, pytest.mark.spec("TEN-01", "TEN-02", "TEN-04", "TEN-05", "TST-04")]
MODELS = sorted(tenant_models(), key=lambda model: model._meta.db_table)
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
#: Tables of the product without a workshop: people, the publisher's own data, what is read before any scope.
PLATFORM_MODELS = {
    "accounts.Consent", "accounts.User", "accounts.WorkshopRequest", "billing.CatalogChange", "billing.FeatureFlag", "billing.Offer",
    "billing.OveragePrice", "billing.PriceVersion", "billing.SaasSettings",
    "notify.PlatformEmail", "powders.CatalogueProduct", "powders.CatalogueReading", "powders.ReferenceColour", "tenancy.FormerSlug", "tenancy.Workshop",
}  # fmt: skip


def _sql(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def test_every_product_table_belongs_to_a_workshop_or_is_named_here() -> None:
    product = {model for model in apps.get_models() if model.__module__.startswith("app.")}
    assert {model._meta.label for model in product - set(MODELS)} == PLATFORM_MODELS


@every_model
def test_the_workshop_is_never_missing(model: type[TenantModel]) -> None:
    assert not model._meta.get_field("workshop").null
    found = _sql(
        "SELECT attnotnull FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'workshop_id'",
        model._meta.db_table,
    )
    assert found == [(True,)]


@every_model
def test_row_security_is_forced_by_two_policies(model: type[TenantModel]) -> None:
    table = model._meta.db_table
    assert _sql("SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", table) == [
        (True, True)
    ]
    policies = _sql("SELECT policyname, roles::text, cmd FROM pg_policies WHERE tablename = %s ORDER BY 1", table)
    assert policies == [("platform_rows", "{thermo_platform}", "ALL"), ("workshop_rows", "{thermo_app}", "ALL")]


@every_model
def test_keys_to_tenant_rows_include_the_workshop(model: type[TenantModel]) -> None:
    table = model._meta.db_table
    unique = _sql("SELECT indisunique FROM pg_index WHERE indexrelid = %s::regclass", f"{table}_workshop_row")
    assert unique == [(True,)]
    for field in tenant_foreign_keys(model):
        columns = _sql(
            "SELECT array_agg(a.attname::text ORDER BY k.ord) "
            "FROM pg_constraint c, unnest(c.conkey) WITH ORDINALITY k(num, ord) "
            "JOIN pg_attribute a ON a.attnum = k.num WHERE c.conrelid = %s::regclass AND a.attrelid = c.conrelid "
            "AND c.contype = 'f' AND c.confrelid = %s::regclass GROUP BY c.oid",
            table, field.related_model._meta.db_table,
        )  # fmt: skip
        assert (["workshop_id", field.column],) in columns, field


def _serves_the_platform(index: models.Index) -> bool:
    """A partial index is the short list of what a sweep over every workshop still has to do; the other one gives the
    workshops of one person."""
    return index.condition is not None or index.name == "memberships_of_a_person"


@every_model
def test_unique_keys_and_indexes_start_with_the_workshop(model: type[TenantModel]) -> None:
    """So that an index serves one workshop, and that a refusal tells nothing about another one."""
    options = model._meta
    led = [
        constraint.fields[0]
        for constraint in options.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    ]
    led += [str(index.fields[0]) for index in options.indexes if index.fields and not _serves_the_platform(index)]
    assert set(led) <= {"workshop"}
    assert not [
        field.name for field in options.concrete_fields if field.unique and not (field.primary_key or field.is_relation)
    ]


@every_model
def test_another_workshop_can_neither_read_nor_write_by_sql(
    model: type[TenantModel], workshop: Workshop, other_workshop: Workshop
) -> None:
    table = model._meta.db_table
    with workshop_scope(other_workshop.pk):
        row = make_row(model, other_workshop)
        assert _sql(f'SELECT count(*) FROM "{table}" WHERE id = %s', row.pk) == [(1,)]
    with workshop_scope(workshop.pk):
        assert _sql(f'SELECT count(*) FROM "{table}" WHERE id = %s OR workshop_id = %s', row.pk, other_workshop.pk) == [
            (0,)
        ]
        assert not model.objects.filter(pk=row.pk).exists()
        for statement in (f'UPDATE "{table}" SET workshop_id = {workshop.pk}', f'DELETE FROM "{table}"'):
            try:
                with transaction.atomic():
                    assert _sql(f"{statement} WHERE id = %s", row.pk) == 0
            except ProgrammingError as error:
                assert "permission denied" in str(error)  # noqa: PT017  an append-only table refuses it to everybody
                assert model.app_rights == "SELECT, INSERT"
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            _sql(f'INSERT INTO "{table}" (workshop_id) VALUES (%s)', other_workshop.pk)
    with platform_scope():
        assert model.objects.get(pk=row.pk).workshop_id == other_workshop.pk


def test_a_workshop_does_not_see_the_row_of_another(workshop: Workshop, other_workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        assert list(Workshop.objects.all()) == [workshop]
        assert Workshop.objects.filter(pk=other_workshop.pk).update(name="pris") == 0


def test_without_a_scope_nothing_is_read_nor_written(workshop: Workshop) -> None:
    with workshop_scope(workshop.pk):
        make_row(Customer, workshop)
    assert _sql("SELECT count(*) FROM crm_customer") == [(0,)]
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        _sql("INSERT INTO crm_customer (workshop_id) VALUES (%s)", workshop.pk)


def test_a_row_cannot_point_into_another_workshop(workshop: Workshop, other_workshop: Workshop) -> None:
    with workshop_scope(other_workshop.pk):
        theirs = factories.customer(other_workshop)
    with workshop_scope(workshop.pk):
        quote = factories.quote(workshop)
        with pytest.raises(IntegrityError, match="in_workshop"), transaction.atomic():  # noqa: PT012
            Quote.objects.filter(pk=quote.pk).update(customer_id=theirs.pk)
            _sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_without_the_managers_filter_the_database_still_hides_the_rows(
    workshop: Workshop, other_workshop: Workshop
) -> None:
    with workshop_scope(other_workshop.pk):
        theirs = factories.customer(other_workshop)
    with workshop_scope(workshop.pk):
        unfiltered: models.QuerySet[Customer] = models.QuerySet(Customer)
        assert not unfiltered.filter(pk=theirs.pk).exists()
        assert unfiltered.filter(pk=theirs.pk).update(company="prise") == 0


@pytest.fixture
def no_row_security() -> Iterator[None]:
    """The database without its row security, as if somebody had forgotten it."""
    table = Customer._meta.db_table
    with psycopg.connect(_admin_url(), autocommit=True) as admin:
        admin.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
        try:
            yield
        finally:
            admin.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')


def _admin_url() -> str:
    """The tests' own database, as the owner of everything."""
    base = str(settings.TEST_ADMIN_URL).rsplit("/", 1)  # type: ignore[misc]
    query = f"?{base[1].partition('?')[2]}" if "?" in base[1] else ""
    return f"{base[0]}/{connection.settings_dict['NAME']}{query}"


@pytest.mark.django_db(transaction=True)
def test_without_row_security_the_manager_and_the_keys_still_hold(no_row_security: None) -> None:
    ours, theirs = factories.workshop(), factories.workshop()
    with workshop_scope(theirs.pk):
        foreign = factories.customer(theirs)
    with workshop_scope(ours.pk):
        quote = factories.quote(ours)
        assert _sql("SELECT count(*) FROM crm_customer WHERE id = %s", foreign.pk) == [(1,)]  # the net is really gone
        assert not Customer.objects.filter(pk=foreign.pk).exists()
        with pytest.raises(IntegrityError, match="in_workshop"), transaction.atomic():  # noqa: PT012
            Quote.objects.filter(pk=quote.pk).update(customer_id=foreign.pk)
            _sql("SET CONSTRAINTS ALL IMMEDIATE")
