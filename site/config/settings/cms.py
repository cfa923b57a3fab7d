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
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "french"}}

# What the Wagtail faces need of the application, by name: neither side imports the other.
SIGNUP_VIEW = "app.accounts.views.signup"
PLAN_CATALOGUE = "app.billing.selectors.list_public_plans"
PUBLISHED_LIMITS = "app.billing.offers.published_limits"
COST_CALCULATOR = "app.billing.offers.estimate_cost"
TRIAL_DAYS = "app.billing.selectors.trial_days"
WORKSHOP_LIST = "app.tenancy.selectors.list_workshop_ids"
PLATFORM_EMAIL = "app.notify.services.queue_platform_email"
# What load_site runs, in order.
SITE_CONTENT = ["marketing.content.load", "helpcenter.content.load", "blog.content.load", "changelog.content.load"]

# Who takes reports of security faults (security.txt); empty: the publisher's contact address.
SECURITY_CONTACT = _env("SECURITY_CONTACT", default="")

# Public pages given from memory (cms/page_cache.py): for how long at most, 0 for never.
PAGE_CACHE_SECONDS = _env.int("PAGE_CACHE_SECONDS", default=300)
#: Never looked for: nobody's public pages.
PAGE_CACHE_SKIPS = ("/static/", "/media/", "/app/", "/cms/", "/editeur/", "/compte/", "/espace/", "/f/", "/support/",
                    "/stripe/", "/documents/", "/patterns/", "/dev/", "/sante/", "/healthz", "/readyz")  # fmt: skip
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
    "blog.Author",
    "blog.Category",
    "changelog.RoadmapItem",
    "billing.Offer",
    "billing.PriceVersion",
    "billing.OveragePrice",
    "billing.SaasSettings",
}
RATELIMIT_FAIL_OPEN = True  # Redis down: forms go on
