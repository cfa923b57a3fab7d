"""Wagtail: no call to other hosts, our own sign-in page, French search."""

import environ

_env = environ.Env()

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
    "blog.content.load",
    "changelog.content.load",
    "contact.content.load",
    "cms.editors.load",
]  # what load_site runs, in order
# What the application needs of the site, by name too.
LEGAL_TEXTS = "marketing.selectors.list_binding_texts"
NEWS_STATE = "changelog.selectors.receives_news"
NEWS_SWITCH = "changelog.services.subscribing.switch_account"

# Who takes reports of security faults (security.txt); empty: the publisher's contact address.
SECURITY_CONTACT = _env("SECURITY_CONTACT", default="")

# Public pages given from memory (cms/page_cache.py): for how long at most, 0 for never.
PAGE_CACHE_SECONDS = _env.int("PAGE_CACHE_SECONDS", default=300)
#: Never looked for: nobody's public pages.
PAGE_CACHE_SKIPS = ("/static/", "/media/", "/app/", "/cms/", "/editeur/", "/compte/", "/espace/", "/f/", "/support/",
                    "/stripe/", "/documents/", "/patterns/", "/dev/", "/sante/", "/healthz", "/readyz",
                    "/status/")  # fmt: skip
#: Whoever bears one of these is drawn a page of their own.
PAGE_CACHE_BYPASS_COOKIES = ["sessionid", "messages", "roadmap"]
#: Cookies that pages are drawn by, with the values that count: one copy of the page for each.
PAGE_CACHE_COOKIES = {"theme": ("light", "dark")}
#: Rows that pages show beside the pages themselves: a change of one makes every page be drawn again.
PAGE_CACHE_MODELS = {
    "wagtailcore.Site",
    "wagtailcore.Locale",
    "wagtailcore.PageViewRestriction",
    "wagtailredirects.Redirect",
    "wagtailimages.Image",
    "cms.PublisherSettings",
    "cms.FaqSet",
    "cms.Call",
    "marketing.Experiment",
    "marketing.Story",
    "marketing.LegalVersion",
    "helpcenter.Topic",
    "helpcenter.Question",
    "blog.Author",
    "blog.Category",
    "changelog.RoadmapItem",
    "billing.Offer",
    "billing.PriceVersion",
    "billing.OveragePrice",
    "billing.SaasSettings",
}
RATELIMIT_FAIL_OPEN = True  # Redis down: forms go on
