"""Every address of the deploy. Order matters: Wagtail's pages answer whatever nothing else has taken."""

from cms.languages import page_patterns
from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from app.home.checklist_views import stop as stop_guidance_view
from app.home.entry import scanned
from app.home.legal import accept_texts
from app.home.own_workshop import own_workshop
from app.notify.views.staff import push_worker
from app.powders.views.sharing import catalogue_told

product = [
    path("", include("app.home.urls")),
    path("reglages/", include("app.workshops.urls")),
    path("reglages/historique/", include("app.audit.urls")),
    path("reglages/e-mails/", include("app.notify.urls")),
    path("reglages/abonnement/", include("app.billing.urls")),
    path("reglages/numeros/", include("app.numbering.urls")),
    path("fichiers/", include("app.files.urls")),
    path("impressions/", include("app.documents.urls")),
    path("clients/", include("app.crm.urls")),
    path("poudres/", include("app.powders.urls")),
    path("alertes/", include("app.notify.alert_urls")),
    path("stock/", include("app.stock.urls")),
    path("devis/", include("app.quotes.urls")),
    path("projets/", include("app.projects.urls")),
    path("series/", include("app.batches.urls")),
    path("imports/", include("app.dataio.urls")),
    path("atelier/", include("app.shopfloor.urls")),
    path("reglages/tablettes/", include("app.shopfloor.settings_urls")),
]

urlpatterns = [
    # First what is asked most: an address is compared with each line until one fits.
    path("app/<slug:workshop_slug>/", include(product)),
    path("app/", include("app.home.entry_urls")),
    path("", include("status.urls")),
    path("status/", include("status.page_urls")),
    path("", include("cms.urls")),
    path("", include("marketing.urls")),
    path("", include("helpcenter.urls")),
    path("", include("changelog.urls")),
    # On printed labels: it never changes. Upper case, as the QR code is smaller that way.
    path("E/<int:workshop_pk>/<str:code>", scanned, name="scanned"),
    path("tablette/", include("app.shopfloor.public_urls")),
    path("invitation/", include("app.workshops.public_urls")),
    path("espace/", include("app.portal.urls")),
    path("f/", include("app.files.public_urls")),
    path("catalogue/avis/", catalogue_told, name="catalogue_told"),
    path("push-sw.js", push_worker, name="push_worker"),
    path("messagerie/", include("app.notify.public_urls")),
    path("editeur/", include("backoffice.urls")),
    path("conseils/arreter/<str:token>/", stop_guidance_view, name="guidance_stop"),
    path("support/", include("backoffice.support_urls")),
    path("erreurs/", include("backoffice.error_urls")),
    path("stripe/", include("djstripe.urls", namespace="djstripe")),
    path("compte/textes/", accept_texts, name="legal_texts"),
    path("compte/mon-atelier/", own_workshop, name="own_workshop"),
    path("compte/", include("app.accounts.urls")),
    path("compte/signup/", RedirectView.as_view(url="/inscription/", query_string=True)),
    path("compte/", include("allauth.urls")),
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("patterns/", include("app.kernel.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("dev/mails/", include("devtools.mail_urls")))
urlpatterns += page_patterns()
