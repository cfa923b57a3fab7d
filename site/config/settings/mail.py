"""Mail: every message goes through the outbox (app/notify); the platform's own sender is an SMTP address."""

import environ

_env = environ.Env()

EMAIL_BACKEND = "app.notify.backend.OutboxBackend"
DEFAULT_FROM_EMAIL = _env("DEFAULT_FROM_EMAIL", default="ThermoGestion <bonjour@thermogestion.fr>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
PLATFORM_EMAIL_URL = _env("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_TIMEOUT = 15

# Gmail and Outlook mailboxes of workshops; without a client id the page says that they are not available here.
GOOGLE_OAUTH_CLIENT_ID = _env("GOOGLE_OAUTH_CLIENT_ID", default="")
GOOGLE_OAUTH_CLIENT_SECRET = _env("GOOGLE_OAUTH_CLIENT_SECRET", default="")
MICROSOFT_OAUTH_CLIENT_ID = _env("MICROSOFT_OAUTH_CLIENT_ID", default="")
MICROSOFT_OAUTH_CLIENT_SECRET = _env("MICROSOFT_OAUTH_CLIENT_SECRET", default="")
# Servers that workshops name: public ones only, and encrypted, but for local tests.
MAIL_ALLOWS_PRIVATE_HOSTS = _env.bool("MAIL_ALLOWS_PRIVATE_HOSTS", default=False)
MAIL_REQUIRES_TLS = _env.bool("MAIL_REQUIRES_TLS", default=True)

# Web push to the people of workshops: the key that signs the messages (32 bytes, base64url), who answers for them, and
# the services of the makers of browsers: no other address is called.
VAPID_PRIVATE_KEY = _env("VAPID_PRIVATE_KEY", default="")
PUSH_CONTACT = _env("PUSH_CONTACT", default="bonjour@thermogestion.fr")
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
#: Hosts that may be called without encryption: a local service of tests.
PUSH_PLAIN_HOSTS: tuple[str, ...] = ()
