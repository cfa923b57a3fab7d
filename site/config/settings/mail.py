"""Mail: every message goes through the outbox (app/notify); the platform's own sender is an SMTP address."""

import environ

_env = environ.Env()

EMAIL_BACKEND = "app.notify.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = _env("DEFAULT_FROM_EMAIL", default="ThermoGestion <bonjour@thermogestion.fr>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
PLATFORM_EMAIL_URL = _env("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_TIMEOUT = 15
