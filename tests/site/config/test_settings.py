"""The settings of each environment, read from variables in a process of their own."""

import gc
import json
import os
import subprocess
import sys

import pytest
from config import celery
from django.apps import apps
from django.conf import settings

from devtools.paths import REPOSITORY

pytestmark = pytest.mark.spec("OPS-10")

PRODUCTION = {
    "SECRET_KEY": "x" * 60,
    "FIELD_ENCRYPTION_KEYS": "dGVzdHMgb25seSwgMzIgYnl0ZXMgb2YgYSBrZXkuLi4=",
    "ALLOWED_HOSTS": "app.thermogestion.fr",
    "THERMO_BASE_URL": "https://app.thermogestion.fr/",
    "DATABASE_URL": "postgres://thermo_app:p@db.internal/thermo",
    "DATABASE_OWNER_URL": "postgres://thermo_owner:p@db.internal/thermo",
    "REDIS_URL": "redis://cache.internal/0",
}
PROGRAM = """
import importlib, json, sys
settings = importlib.import_module(sys.argv[1])
print(json.dumps({name: getattr(settings, name, None) for name in sys.argv[2:]}, default=str))
"""
#: A web process with every address known; prints what it has loaded.
WEB = """
import json, sys
import config.wsgi
from django.urls import get_resolver
assert get_resolver().url_patterns
print(json.dumps(sorted(sys.modules)))
"""


def read(module: str, *names: str, **variables: str) -> dict[str, object]:
    """The settings of a module under these variables only."""
    done = load(module, *names, **variables)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def load(module: str, *names: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return execute(PROGRAM, module, *names, **variables)


def execute(program: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "site")])
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_closed_by_default() -> None:
    found = read(
        "config.settings.production", "DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS", "STORAGES", "BASE_URL", **PRODUCTION,
    )  # fmt: skip
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["app.thermogestion.fr"]
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31536000
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://app.thermogestion.fr"]
    assert found["BASE_URL"] == "https://app.thermogestion.fr"


@pytest.mark.spec("PRF-05")
def test_production_fingerprints_and_compresses_static_files() -> None:
    storages = read("config.settings.production", "STORAGES", **PRODUCTION)["STORAGES"]
    assert isinstance(storages, dict)
    assert storages["staticfiles"]["BACKEND"] == "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without(missing: str) -> None:
    done = load("config.settings.production", **{key: value for key, value in PRODUCTION.items() if key != missing})
    assert done.returncode != 0
    assert missing in done.stderr


def test_files_go_to_s3_only_when_a_bucket_is_named() -> None:
    local = read("config.settings.production", "STORAGES", **PRODUCTION)["STORAGES"]
    remote = read(
        "config.settings.production", "STORAGES", **PRODUCTION, S3_BUCKET="thermo", S3_ENDPOINT_URL="https://s3.test"
    )["STORAGES"]
    assert isinstance(local, dict)
    assert isinstance(remote, dict)
    assert local["private"]["BACKEND"].endswith("FileSystemStorage")
    assert local["private"]["OPTIONS"]["base_url"] is None
    options = remote["private"]["OPTIONS"]
    assert (options["default_acl"], options["file_overwrite"], options["querystring_auth"]) == (None, False, True)


def test_development_reads_the_addresses_of_the_running_services(tmp_path: object) -> None:
    folder = str(tmp_path)
    with open(f"{folder}/env", "w") as handle:
        handle.write("REDIS_URL=redis://127.0.0.1:7777/0\nSECRET_KEY=from-the-run\n")
    found = read("config.settings.dev", "REDIS_URL", "SECRET_KEY", "DEBUG", THERMO_DATA=folder)
    assert found == {"REDIS_URL": "redis://127.0.0.1:7777/0", "SECRET_KEY": "from-the-run", "DEBUG": True}


def test_a_variable_of_the_shell_wins_over_the_running_services(tmp_path: object) -> None:
    folder = str(tmp_path)
    with open(f"{folder}/env", "w") as handle:
        handle.write("REDIS_URL=redis://127.0.0.1:7777/0\n")
    found = read("config.settings.dev", "REDIS_URL", THERMO_DATA=folder, REDIS_URL="redis://elsewhere/1")
    assert found["REDIS_URL"] == "redis://elsewhere/1"


def test_every_variable_that_settings_read_is_documented() -> None:
    example = (REPOSITORY / ".env.example").read_text()
    for name in PRODUCTION:
        assert f"{name}=" in example


def test_the_end_of_a_start_looks_for_garbage_again() -> None:
    assert settings.INSTALLED_APPS[-1] == "config"
    gc.disable()  # as the settings do
    apps.get_app_config("config").ready()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000


def test_a_web_process_loads_no_library_that_only_tasks_use() -> None:
    done = execute(WEB, DJANGO_SETTINGS_MODULE="config.settings.production", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert {"app.documents.pdf", "app.batches.services.searching"} <= loaded
    assert not loaded & {"weasyprint", "numba", *celery.HEAVY}
    celery.load_what_is_heavy()
    assert set(celery.HEAVY) <= set(sys.modules)
