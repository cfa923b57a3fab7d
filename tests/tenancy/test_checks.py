"""The deployment check: no role that row security does not hold may serve, however it came by that."""

from collections.abc import Iterator
from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from app.tenancy import checks
from app.tenancy.scope import APP_ROLE, PLATFORM_ROLE

pytestmark = [pytest.mark.django_db, pytest.mark.spec("TEN-02")]


@pytest.fixture
def admin() -> Iterator[psycopg.Connection]:
    """The owner of the cluster, in this test's database; what it does is rolled back."""
    url = settings.TEST_ADMIN_URL.rsplit("/", 1)[0] + f"/{connection.settings_dict['NAME']}"
    with psycopg.connect(url) as opened:
        yield opened
        opened.rollback()


def test_the_role_that_serves_is_accepted() -> None:
    assert checks.serving_role_is_under_row_security(databases=["default"]) == []
    assert checks.serving_role_is_under_row_security(databases=None) == []


@pytest.mark.parametrize(
    ("made", "is_refused"),
    [
        ("CREATE ROLE {role}", False),
        ("CREATE ROLE {role} BYPASSRLS", True),
        ("CREATE ROLE {role} SUPERUSER", True),
        (f"CREATE ROLE {{role}}; GRANT {PLATFORM_ROLE} TO {{role}} WITH INHERIT FALSE, SET TRUE", False),
        (f"CREATE ROLE {{role}}; GRANT {PLATFORM_ROLE} TO {{role}} WITH INHERIT TRUE", True),
        ("CREATE ROLE {role}; GRANT thermo_owner TO {role}", True),
        (f"CREATE ROLE {{role}}; GRANT {APP_ROLE} TO {{role}}", False),
    ],
)
def test_a_role_that_escapes_row_security_is_refused(
    admin: psycopg.Connection, monkeypatch: pytest.MonkeyPatch, made: str, is_refused: bool
) -> None:
    role = f"t_{uuid4().hex}"
    admin.execute(made.format(role=role).encode())
    admin.execute(f"SET LOCAL ROLE {role}".encode())
    monkeypatch.setattr(checks, "connections", {"default": SimpleNamespace(cursor=admin.cursor)})
    found = checks.serving_role_is_under_row_security(databases=["default"])
    assert [error.id for error in found] == (["tenancy.E001"] if is_refused else [])
