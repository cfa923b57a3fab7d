"""The payment service. Without a key everything else works, and the subscription page says what is missing."""

import environ

env = environ.Env()

STRIPE_SECRET_KEY: str = env("STRIPE_SECRET_KEY", default="")
STRIPE_LIVE_MODE = STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))
#: The version that the pinned package speaks; the webhook endpoint is created with the same one.
STRIPE_API_VERSION = "2026-08-26.dahlia"
#: Another address than Stripe's own: the local server of development and tests.
STRIPE_API_BASE: str = env("STRIPE_API_BASE", default="")
if STRIPE_API_BASE:
    STRIPE_API_HOST = STRIPE_API_BASE
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
DJSTRIPE_SUBSCRIBER_MODEL = "tenancy.Workshop"
DJSTRIPE_WEBHOOK_EVENT_CALLBACK = "app.billing.stripe_mirror.keep_event"

#: The European Commission's service that checks VAT numbers, and ours, which makes its answer a proof.
VIES_URL: str = env("VIES_URL", default="https://ec.europa.eu/taxation_customs/vies/rest-api")
PUBLISHER_VAT_NUMBER: str = env("PUBLISHER_VAT_NUMBER", default="")

#: The host that answers for the backoffice; empty, it answers at /editeur/ on every host.
BACKOFFICE_HOST: str = env("BACKOFFICE_HOST", default="")

#: Support signs in as a member (backoffice); the shell shows its own banner.
HIJACK_PERMISSION_CHECK = "app.workshops.support.may_impersonate"
HIJACK_INSERT_BEFORE = None
HIJACK_LOGIN_REDIRECT_URL = "/app/"
HIJACK_LOGOUT_REDIRECT_URL = "/"
