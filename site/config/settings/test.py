"""Tests: the same product, with cheap hashing and plain static files."""

from .base import *  # noqa: F403

SECRET_KEY = "tests only"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
FIELD_ENCRYPTION_KEYS = ["dGVzdHMgb25seSwgMzIgYnl0ZXMgb2YgYSBrZXkuLi4="]
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
