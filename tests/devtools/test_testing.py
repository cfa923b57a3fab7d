"""The template of the test database is built anew when what the database would be has changed, and only then."""

from pathlib import Path

import pytest

from devtools import testing
from devtools.paths import REPOSITORY

FILES = {
    "app/tenancy/base.py": "",
    "app/tenancy/rls.py": "",
    "app/tenancy/management/commands/migrate.py": "",
    "site/config/settings/base.py": "",
    "site/config/settings/test.py": "",
    "devtools/testing.py": "",
    "uv.lock": "",
    "app/quotes/migrations/0001_initial.py": "operations = []",
    "app/audit/models.py": 'class Entry(Model):\n    app_rights: ClassVar[str] = "SELECT, INSERT"\n\nclass Note(Model):\n'
    "    at = 1\n",
    "status/models.py": 'ADD = "SELECT, INSERT"\n\nclass Probe(Model):\n    platform_rights = ADD\n',
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.setattr(testing, "REPOSITORY", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("app/audit/models.py", "SELECT, INSERT", "SELECT"),
        ("app/audit/models.py", "app_rights", "platform_rights"),
        ("app/audit/models.py", "at = 1", 'app_rights = "SELECT"'),
        ("app/audit/models.py", 'app_rights: ClassVar[str] = "SELECT, INSERT"', "at = 1"),
        ("status/models.py", "SELECT, INSERT", "SELECT"),
        ("app/quotes/migrations/0001_initial.py", "[]", "[1]"),
        ("app/tenancy/rls.py", "", "# other policies"),
        ("uv.lock", "", "django 6"),
    ],
)
def test_rights_and_migrations_change_the_template(tree: Path, name: str, old: str, new: str) -> None:
    before = testing.migrations_fingerprint()
    path = tree / name
    path.write_text(path.read_text().replace(old, new, 1))
    assert testing.migrations_fingerprint() != before


def test_the_rest_of_a_model_does_not(tree: Path) -> None:
    before = testing.migrations_fingerprint()
    path = tree / "app/audit/models.py"
    path.write_text(path.read_text().replace("at = 1", "at = 2  # app_rights"))
    assert testing.migrations_fingerprint() == before


def test_the_rights_of_the_product_are_found() -> None:
    """As they are written in each of the ways in use: annotated, plain, by a constant."""
    found = {
        name: testing._rights((REPOSITORY / name).read_bytes())
        for name in ("app/audit/models.py", "app/projects/models/changes.py", "status/models.py")
    }
    assert found["app/audit/models.py"] == ["AuditEntry.app_rights = 'SELECT, INSERT'"]
    assert found["app/projects/models/changes.py"] == ["WorkChange.app_rights = 'SELECT, INSERT'"]
    assert "Reading.app_rights = 'SELECT, INSERT'" in found["status/models.py"]
