"""Settings that every environment shares; what differs is read from the environment (see .env.example)."""

import gc
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from .storage import archive_storage, media_storage, private_storage

# What a start loads stays: looking for garbage in it takes a third of the start. config.apps begins to look again.
gc.disable()

ROOT = Path(__file__).resolve().parents[3]
env = environ.Env()

SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
BASE_URL = env("THERMO_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
DATA_DIR = Path(env("THERMO_DATA", default=str(ROOT / ".thermo")))

PRODUCT_APPS = [
    "app.kernel",
    "app.accounts",
    "app.tenancy",
    "app.audit",
    "app.search",
    "app.entitlements",
    "app.files",
    "app.numbering",
    "app.notify",
    "app.workshops",
    "app.billing",
    "app.documents",
    "app.crm",
    "app.powders",
    "app.estimating",
    "app.stock",
    "app.quotes",
    "app.projects",
    "app.batches",
    "app.shopfloor",
    "app.portal",
    "app.dataio",
    "app.home",
]
SITE_APPS = ["cms", "marketing", "blog", "changelog", "contact", "helpcenter", "status", "backoffice"]
INSTALLED_APPS = [
    *PRODUCT_APPS,
    *SITE_APPS,
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "djstripe",
    "hijack",
    "sequences",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_filters",
    "csp",
    "heroicons",
    "phonenumber_field",
    "django_structlog",
    "config",  # last: it knows that everything is loaded
]

MIDDLEWARE = [
    "config.proxy.VisitorAddressMiddleware",  # first: limits, lockouts and the trail read the visitor's address
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.editor_policy.EditorPolicyMiddleware",  # wider policy for the CMS editor only
    "cms.tools.ConsentPolicyMiddleware",  # and for the tools that a visitor has accepted
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "cms.page_cache.PageCacheMiddleware",  # a page that is kept is given here; what its visitor accepted is around it
    "status.middleware.StatusPageMiddleware",  # before the session: that page knows nobody and needs no database
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "app.accounts.middleware.PreferencesMiddleware",  # language and time zone of the person, after authentication
    "cms.middleware.EditorSecondFactorMiddleware",
    "hijack.middleware.HijackUserMiddleware",
    "config.logs.RequestLogMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
    "app.tenancy.support.SupportMiddleware",
    "app.shopfloor.middleware.FloorMiddleware",  # shared tablets, in the workshop mode only
    "app.entitlements.middleware.RefusalMiddleware",  # answers a quota that is reached, after the scope has seen it
    "app.kernel.middleware.UnstorableTextMiddleware",  # a zero character is told as what it is, not as a failure
    "app.tenancy.middleware.WorkshopScopeMiddleware",  # last: owns the transaction
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "app.kernel.renderers.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
                "app.tenancy.context_processors.workshop",
                "app.home.navigation.navigation",
                "backoffice.navigation.backoffice_navigation",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django_cotton.templatetags.cotton",
                "app.kernel.templatetags.components",  # after cotton: its tag is the one that pages use
                "django.templatetags.i18n",
                "heroicons.templatetags.heroicons",
                "app.kernel.templatetags.display",
                "app.kernel.templatetags.interface",
                "app.kernel.templatetags.quick",  # after i18n: its translate is the one that pages use
                "app.tenancy.templatetags.tenancy",
            ],
        },
    }
]
COTTON_DIR = "components"
QUESTIONS_ARE_COMPARED = False  # app.tenancy.questions: each is written anew beside, to see that it stays the same

# The role that the web and the workers connect with owns nothing and is under row security (app/tenancy).
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgres://thermo_app@127.0.0.1:5432/thermo"),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # PgBouncer in transaction mode
        "OPTIONS": {"prepare_threshold": None, "pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    }
}
# The role that `migrate` connects with; it owns the schema.
OWNER_DATABASE = env.db_url("DATABASE_OWNER_URL", default="postgres://thermo_owner@127.0.0.1:5432/thermo")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "config.cache.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "app.accounts.backends.PersonBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
#: What furnishes the demonstration workshop besides the life of its quotes: called in its scope.
DEMO_FURNISHERS = [
    "app.dataio.demo.stock.furnish",
    "app.shopfloor.demo.furnish",
    "app.batches.oven_demo.furnish",
    "app.batches.demo.furnish",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home_entry"
LOGOUT_REDIRECT_URL = "account_login"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "FR"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [ROOT / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
PRIVATE_ROOT = Path(env("PRIVATE_ROOT", default=str(DATA_DIR / "private")))
ARCHIVE_ROOT = Path(env("ARCHIVE_ROOT", default=str(DATA_DIR / "archive")))
STORAGES = {
    "default": media_storage(),
    "private": private_storage(PRIVATE_ROOT),
    "archive": archive_storage(ARCHIVE_ROOT),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": ["self"],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
}
TRUSTED_PROXY_COUNT = 0  # in front of this process; see production.py
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "app.kernel.views.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A workflow has up to 200 steps of six fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Keys of encrypted fields, base64 of 32 bytes; the first encrypts, all decrypt (rotation).
FIELD_ENCRYPTION_KEYS: list[str] = env.list("FIELD_ENCRYPTION_KEYS", default=[])

from .accounts import *  # noqa: E402,F403
from .billing import *  # noqa: E402,F403
from .catalogue import *  # noqa: E402,F403
from .cms import *  # noqa: E402,F403
from .errors import *  # noqa: E402,F403
from .jobs import *  # noqa: E402,F403
from .logs import *  # noqa: E402,F403
from .mail import *  # noqa: E402,F403
from .photos import *  # noqa: E402,F403
from .status import *  # noqa: E402,F403
from .stock import *  # noqa: E402,F403

if S3_UPLOAD_ORIGIN:  # noqa: F405
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["connect-src"] = [SELF, S3_UPLOAD_ORIGIN]  # noqa: F405
