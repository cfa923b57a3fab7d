"""Wagtail: no call to other hosts, our own sign-in page, French search."""

WAGTAIL_SITE_NAME = "ThermoGestion"
WAGTAILADMIN_BASE_URL = ""
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = [("fr", "Français"), ("en", "English")]
# A picture that cannot be read whole, or that would take too much memory, is refused with its reason (cms/images.py).
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.images.CheckedImageForm"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "avif", "webp": "webp", "gif": "png", "bmp": "png"}
WAGTAILDOCS_EXTENSIONS = ["pdf", "csv", "xlsx", "docx", "odt", "ods"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "french"}}

# What the Wagtail faces need of the application, by name: neither side imports the other.
SIGNUP_VIEW = "app.accounts.views.signup"
PLAN_CATALOGUE = "app.billing.selectors.list_public_plans"
PUBLISHED_LIMITS = "app.billing.offers.published_limits"
COST_CALCULATOR = "app.billing.offers.estimate_cost"
TRIAL_DAYS = "app.billing.selectors.trial_days"
WORKSHOP_COUNT = "app.tenancy.selectors.count_workshops"
WORKSHOP_OWNERS = "app.tenancy.selectors.list_owner_people"
CAMPAIGN_SIGN_UPS = "app.accounts.selectors.count_campaign_sign_ups"
CUSTOMER_STORIES = "marketing.selectors.shown_stories"
PLATFORM_EMAIL = "app.notify.services.queue_platform_email"
PERSON_WORKSHOPS = "app.tenancy.selectors.list_accesses"
SITE_CONTENT = [
    "marketing.content.load",
    "helpcenter.content.load",
    "contact.content.load",
    "cms.editors.load",
]  # what load_site runs, in order
# What the application needs of the site, by name too.
LEGAL_TEXTS = "marketing.selectors.list_binding_texts"
