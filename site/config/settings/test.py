"""Tests: the production settings' shape on embedded services, as the production database role.

Each process gets its own copy of a migrated template; the migrate that builds the template says so by an
environment variable, and only reads the addresses that it was given.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "THERMO_MIGRATING" not in os.environ:
    from devtools.testing import ensure_template, worker_database

    os.environ.update(worker_database(ensure_template()))

from .base import *  # noqa: F403
from .base import DATABASES, LOGGING, STORAGES

SECRET_KEY = "tests only"
ALLOWED_HOSTS = ["*"]
BASE_URL = "http://testserver"
TEST_ADMIN_URL = os.environ.get("DATABASE_ADMIN_URL", "")
DATABASES["default"]["OPTIONS"].pop("pool")  # one connection, which the test's transaction needs
DATABASES["default"]["TEST"] = {"NAME": DATABASES["default"]["NAME"]}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FIELD_ENCRYPTION_KEYS = ["dGVzdHMgb25seSwgMzIgYnl0ZXMgb2YgYSBrZXkuLi4="]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
_FILES = Path(tempfile.mkdtemp(prefix="thermo-tests-"))
atexit.register(shutil.rmtree, _FILES, ignore_errors=True)
MEDIA_ROOT = _FILES / "media"
PRIVATE_ROOT = _FILES / "private"
STORAGES["private"]["OPTIONS"]["location"] = PRIVATE_ROOT
STORAGES["archive"]["OPTIONS"]["location"] = _FILES / "archive"
STATIC_ROOT = _FILES / "static"  # empty: tests serve static files from their sources
STATIC_ROOT.mkdir()
LOGGING["root"]["handlers"] = []  # pytest keeps what is logged; output and store are tested by themselves
QUESTIONS_ARE_COMPARED = True
PAGE_CACHE_SECONDS = 0  # pages are drawn anew, but in the tests of the cache
STATUS_FOLDER = _FILES / "status"
